"""Reads tagged sentences: the data sets that the models are trained on and scored with."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path

HELD_OUT = ("uner_pud",)  # for scores; never trained on
OWN = "own"

Span = tuple[int, int, str]
Row = tuple[str, str]  # a token and its tag

_LEFT_OUT = "wnut"  # posts of social networks, tagged after rules of their own
_NO_SPACE_BEFORE = frozenset(".,;:!?%)]}'’”") | {"n't", "n’t", "..."}
_NO_SPACE_AFTER = frozenset("([{$#£€“‘")
_ENDING = re.compile(r"['’](s|t|re|ll|ve|d|m)", re.IGNORECASE)
_OWN_SPAN = re.compile(r"\[(PERSON|ORG|LOC|MISC) ([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence and the names in it."""

    set: str  # the file it is from
    text: str
    spans: tuple[Span, ...]  # start, end (code points, end-exclusive) and type, in text order
    has_misc: bool = True  # false where the set does not mark MISC: a name outside every span may be one


def read_gold(folder: Path) -> list[Gold]:
    """The sentences of all files of a folder that are training data, and of its `crossner` folder.

    Kinds: `*.iob2` (Universal NER), `*.conll` and `crossner/*.txt` (token, tab, tag), `*.jsonl` (documents as lists
    of sentences as lists of token and tag).

    Raises:
        FileNotFoundError: the folder holds no such file.
    """
    chosen = [path for path in find_files(folder) if path.stem not in HELD_OUT]
    if not chosen:
        raise FileNotFoundError(f"no tagged sentences (*.iob2, *.conll, *.jsonl, crossner/*.txt) in {folder}")
    return [gold for path in chosen for gold in read_file(path)]


def read_for_training(folder: Path) -> list[Gold]:
    """The sentences of `read_gold` but posts of social networks, then the project's own, twice."""
    own = read_own()
    return [*(sentence for sentence in read_gold(folder) if not sentence.set.startswith(_LEFT_OUT)), *own, *own]


def find_files(folder: Path) -> list[Path]:
    """All files of tagged sentences in a folder, but `gum_wikinews`, whose spans are whole noun phrases."""
    kinds = ("*.iob2", "*.conll", "*.jsonl", "crossner/*.txt")
    paths = [path for kind in kinds for path in sorted(folder.glob(kind))]
    return [path for path in paths if path.stem not in ("LICENSE", "gum_wikinews")]


def read_file(path: Path) -> list[Gold]:
    """The sentences of one file; its name says which kind it is."""
    types = _read_types()
    if path.suffix == ".iob2":
        return [_from_iob2(path.stem, lines, types) for lines in _blocks(path)]
    if path.suffix == ".jsonl":
        documents = map(json.loads, path.read_text("utf-8").splitlines())
        sentences: Iterable[list[Row]] = (sentence for document in documents for sentence in document["sents"])
    else:
        sentences = ([_to_row(line) for line in lines] for lines in _blocks(path))
    name = f"crossner_{path.stem}" if path.suffix == ".txt" else path.stem
    return [_from_rows(name, rows, types) for rows in sentences]


def read_own() -> list[Gold]:
    """The project's own sentences, one a line, marked `[PERSON Ada Obi] spoke in [LOC Lagos].`"""
    folder = files("transforms.tag.training") / "data"
    names = sorted(path.name for path in folder.iterdir() if path.name.startswith(f"{OWN}_"))
    lines = [line for name in names for line in (folder / name).read_text("utf-8").splitlines()]
    return [parse_marked(line) for line in lines if line.strip()]


def parse_marked(line: str) -> Gold:
    """A sentence whose names stand in brackets after their type."""
    text, spans, at = "", [], 0
    for found in _OWN_SPAN.finditer(line):
        text += line[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), found[1]))
        text, at = text + found[2], found.end()
    return Gold(OWN, text + line[at:], tuple(spans))


def _read_types() -> dict[str, str]:
    """The data sets' own types, in small letters, and ours; a type that is no proper name has none."""
    lines = (files("transforms.tag.training") / "data" / "types.tsv").read_text("utf-8").splitlines()
    return {theirs: ours for theirs, _, ours in (line.partition("\t") for line in lines if not line.startswith("#"))}


def _blocks(path: Path) -> Iterator[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return (list(group) for filled, group in groupby(lines, key=lambda line: bool(line.strip())) if filled)


def _to_row(line: str) -> Row:
    word, tag = line.split("\t")[:2]
    return word, tag


def _from_iob2(name: str, lines: list[str], types: dict[str, str]) -> Gold:
    """A sentence whose text is given: each word is found in it."""
    text = next(line for line in lines if line.startswith("# text = ")).removeprefix("# text = ")
    columns = [line.split("\t") for line in lines if not line.startswith("#")]
    bounds, at = [], 0
    for _, word, *_ in columns:
        start = text.index(word, at)
        at = start + len(word)
        bounds.append((start, at))
    tags = [column[2] for column in columns]
    return Gold(name, text, _merge(bounds, tags, types), has_misc=False)


def _from_rows(name: str, rows: list[Row], types: dict[str, str]) -> Gold:
    text, bounds = detokenize([word for word, _ in rows])
    spans = _merge(bounds, [tag for _, tag in rows], types)
    return Gold(name, text, tuple(span for span in spans if span[2] != "MISC" or _has_capital(text, span)))


def _has_capital(text: str, span: Span) -> bool:
    return any(char.isupper() or char.isdigit() for char in text[span[0] : span[1]])


def _merge(bounds: list[tuple[int, int]], tags: list[str], types: dict[str, str]) -> tuple[Span, ...]:
    """BIO tags as spans of our types. An I after another type begins a span.

    Raises:
        KeyError: a type that the table of types does not know.
    """
    spans: list[Span] = []
    before = "O"
    for (start, end), tag in zip(bounds, tags, strict=True):
        theirs = tag[2:].lower()
        if tag != "O" and types[theirs]:
            if tag[0] == "I" and before[2:].lower() == theirs:
                spans[-1] = (spans[-1][0], end, types[theirs])
            else:
                spans.append((start, end, types[theirs]))
        before = tag
    return tuple(spans)


def detokenize(words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Words joined as they would be written, and where each stands. Quotes open and close in turn."""
    text, bounds, glue, quoted = "", [], True, False
    for word in words:
        closes = word == '"' and quoted
        if not (glue or closes or word in _NO_SPACE_BEFORE or _ENDING.fullmatch(word)):
            text += " "
        bounds.append((len(text), len(text) + len(word)))
        text += word
        quoted ^= word == '"'
        glue = word in _NO_SPACE_AFTER or (word == '"' and quoted)
    return text, bounds
