"""How right the identifiers of entities are: `python -m benchmarks.quality.links [file] [profile] [--show]`.

The file is `gum_wikinews.jsonl`: news with every mention, its page in Wikipedia and the group of mentions that are of
one thing. A mention that is found is held against the shortest one there that ends with it (`President Barack Obama`).
An identifier is right where the page is called by a name of its entry in the gazetteer or GeoNames, wrong where it is
not; with `--show` the wrong ones are printed, for a person to judge. Names are held against the groups pair by pair:
pairs made one entity that are one (precision), pairs that are one made so (recall).
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from schemas.profiles import DEFAULT
from transforms.tag.gazetteer import load_names
from transforms.tag.places.gather import gather_places
from transforms.tag.spans import TYPES
from transforms.tag.tagger import load_tagger

# What a page's title says in brackets that a name does without, or says after it.
_QUALIFIERS = ("", "state", "australia", "united states", "uk")


@dataclass(frozen=True, slots=True)
class Found:
    """A mention that was found, and the one of the file that ends with it."""

    entity: tuple[str, int]
    type: str
    uri: str | None
    text: str
    group: tuple[str, int]
    page: str


def main(file: Path, profile: str, show: bool) -> None:
    """Measure and print."""
    found = [mention for document in map(json.loads, file.open()) for mention in find(document, profile)]
    links(found, show)
    coreference(found, show)


def links(found: list[Found], show: bool) -> None:
    """A line for each type: mentions, those with a page, how many of these have an identifier, and how many rightly."""
    called: dict[str | None, set[str]] = defaultdict(set)
    for name in load_names():
        called[name.uri] |= {_plain(alias) for alias in (name.name, *name.strong, *name.weak)}
    for place in gather_places(load_names()):
        called[place.uri].add(_plain(place.name))
    print(f"{'':8} {'mentions':>8} {'with a page':>12} {'linked':>8} {'right':>8}")
    for kind in TYPES:
        of_kind = [mention for mention in found if mention.type == kind]
        paged = [mention for mention in of_kind if mention.page]
        linked = [mention for mention in paged if mention.uri]
        wrong = [mention for mention in linked if not titles(mention.page) & called[mention.uri]]
        shares = f"{_share(len(linked), len(paged)):8.1%} {_share(len(linked) - len(wrong), len(linked)):8.1%}"
        print(f"{kind:8} {len(of_kind):8} {len(paged):12} {shares}")
        for case, times in Counter((m.text, m.uri, m.page) for m in wrong).items() if show else ():
            print(f"    {times:4}", *case)


def coreference(found: list[Found], show: bool) -> None:
    """Whether names are made one entity that are of one thing, and no others."""
    ours, theirs = (set(pairs(found, key)) for key in ("entity", "group"))
    both = len(ours & theirs)
    print(f"names of one thing: precision {_share(both, len(ours)):.1%}, recall {_share(both, len(theirs)):.1%}")
    differ = Counter((found[a].text, found[b].text, "wrong" if (a, b) in ours else "missed") for a, b in ours ^ theirs)
    for names, times in differ.most_common() if show else ():
        print(f"    {times:4}", *names)


def find(document: dict[str, Any], profile: str) -> Iterator[Found]:
    """The mentions in a document that end one of the file."""
    row = {"title": None, "description": None, "body": document["text"], "language": "en"}
    batch = pa.RecordBatch.from_pylist([row], pa.schema([(name, pa.string()) for name in row]))
    tagger = load_tagger(profile)
    entities, _ = tagger.places.resolve(tagger.entities.tag(batch), batch)
    for number, entity in enumerate(entities[0].as_py()):
        for mention in entity["mentions"]:
            start, end = mention["start"], mention["end"]
            whole = [e for e in document["entities"] if e["start"] <= start and e["end"] - end in after_name(e)]
            if whole:
                gold = min(whole, key=lambda e: e["end"] - e["start"])
                text, key = document["text"][start:end], (document["id"], gold["group"])
                yield Found((document["id"], number), entity["type"], entity["uri"], text, key, gold["wiki"] or "")


def after_name(mention: dict[str, Any]) -> tuple[int, ...]:
    """How many characters may follow the name that ends a mention."""
    return (0, 1, 2) if mention["text"].endswith(("'s", "’s")) else (0, 1) if mention["text"].endswith(".") else (0,)


def titles(page: str) -> set[str]:
    """What a page may be called: `Victoria (Australia)` or `Victoria, Australia` is `Victoria`, too."""
    title, _, of = _plain(page).rstrip(")").partition(" (")
    short = title.partition(", ")[0]
    return {title, short, f"{title}, {of}", f"{title} {of}"} if of in _QUALIFIERS else {page}


def pairs(found: list[Found], key: str) -> Iterator[tuple[int, int]]:
    """Numbers of mentions that are equal in a field."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for number, mention in enumerate(found):
        groups[getattr(mention, key)].append(number)
    for group in groups.values():
        yield from combinations(group, 2)


def _plain(name: str) -> str:
    return unquote(name).replace("_", " ").casefold()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--show"]
    main(
        Path(given[0] if given else "../shared/data/ner/gum_wikinews.jsonl"),
        given[1] if given[1:] else DEFAULT,
        "--show" in sys.argv,
    )
