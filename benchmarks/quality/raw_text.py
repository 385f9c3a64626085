"""How well raw texts are read: `python -m benchmarks.quality.raw_text [folder]`.

The folder holds pairs: `x.txt`, and `x.json` with what a person reads there: `title`, `published` (ISO, as exact as
the text has it), `authors`, and `body`, a list of paragraphs. Texts of the default folder were written before the
rules were (`raw_text_heldout`), or after and unseen by them (`second`, `third`).
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import best_seconds
from schemas.records import Article, Document
from transforms.clean import CleanSettings, to_article
from transforms.parse import parse_document

HELD_OUT = Path(__file__).parent / "raw_text_heldout"
FIELDS = ("title", "published", "authors", "body")


def main(folder: Path) -> None:
    """Print a line for each text, and the share that is right of each field."""
    right = dict.fromkeys(FIELDS, 0)
    overlaps = []
    texts = sorted(folder.rglob("*.txt"))
    for path in texts:
        expected = json.loads(path.with_suffix(".json").read_text())
        article = read(path)
        found = {name: is_right(article, expected, name) for name in FIELDS}
        overlaps.append(overlap(article.body, " ".join(expected["body"])))
        right = {name: right[name] + found[name] for name in FIELDS}
        print(
            f"{path.stem:28}",
            *(f"{name} {'yes' if found[name] else 'no ':3}" for name in FIELDS),
            f"{overlaps[-1]:.3f}",
        )
    print(
        f"{len(texts)} texts:",
        *(f"{name} {right[name]}" for name in FIELDS),
        f"overlap {sum(overlaps) / len(texts):.3f}",
    )
    print(f"{microseconds(texts):.0f} us to parse a text")


def read(path: Path) -> Article:
    """The article of a text."""
    (entry,) = parse_document(document(path))
    return to_article(entry, CleanSettings())


def document(path: Path) -> Document:
    """A text as read today."""
    return Document(str(path), path.read_bytes(), time.time_ns() // 1000)


def is_right(article: Article, expected: dict[str, Any], name: str) -> bool:
    """Whether a field is what a person reads."""
    if name == "published":
        return iso(article.published_at).startswith(expected[name]) and bool(article.published_at) == bool(
            expected[name]
        )
    if name == "body":
        return article.body.replace("\n\n", "\n").split("\n") == "\n".join(expected[name]).split("\n")
    if name == "authors":
        return [author.casefold() for author in article.authors] == [author.casefold() for author in expected[name]]
    return bool(getattr(article, name) == expected[name])


def iso(at: int | None) -> str:
    """An instant as text."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at / 1e6)) if at else ""


def overlap(found: str, expected: str) -> float:
    """F1 over the sets of word 4-shingles."""
    ours, theirs = shingles(found), shingles(expected)
    common = len(ours & theirs)
    return 2 * common / max(1, len(ours) + len(theirs))


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of four words, or of characters in a text that has few spaces."""
    words = text.split() if text.count(" ") * 12 > len(text) else list("".join(text.split()))
    return set(zip(*(words[start:] for start in range(4)), strict=False))


def microseconds(texts: list[Path], rounds: int = 20) -> float:
    """Time to parse a text, the best of several rounds."""
    documents = [document(path) for path in texts]
    return best_seconds(lambda one: list(parse_document(one)), documents, rounds) / len(texts) * 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HELD_OUT)
