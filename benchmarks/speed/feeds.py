"""What an entry costs to parse and to clean: `python -m benchmarks.speed.feeds [folder]`.

The folder holds feeds as they were served. Each is a document read from bytes to entries, everything included, then
each entry made an article; on one core, the best of several times. A feed takes the fast path where the plain reader
reads it, as it was served or repaired; JSON Feeds have a reader of their own. The slow path is feedparser's handlers
for all of them.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.timing import best_seconds
from schemas.records import Document, Entry
from transforms.clean import CleanSettings, to_article
from transforms.parse import parse_document
from transforms.parse.decode import decode
from transforms.parse.feed.by_feedparser import read_with_feedparser
from transforms.parse.feed.entries import feed_entries
from transforms.parse.feed.plain.elements import NotPlain
from transforms.parse.feed.plain.reader import read_plain_feed
from transforms.parse.feed.reader import choose_reader
from transforms.parse.feed.well_formed import cut_to_root, prepare_feed
from transforms.parse.sniff import Format, tell_format

FOLDER = Path(__file__).parents[3] / "shared/data/feeds_real/captured_2026-02-18"
READ_AT = 1_771_416_000_000_000  # microseconds since the epoch
REPEATS = 5


def main(folder: Path) -> None:
    """Measure and print."""
    documents = [Document(path.name, path.read_bytes(), READ_AT) for path in sorted(folder.glob("*.*"))]
    reasons = [why_slow(document) for document in documents]
    fast = [document for document, reason in zip(documents, reasons, strict=True) if not reason]
    whole = [document for document in fast if not is_feed(document) or is_whole(document)]
    print(f"{len(fast)} of {len(documents)} feeds take the fast path")
    for document, reason in zip(documents, reasons, strict=True):
        if reason:
            print(f"  {document.source}: {reason}")
    print(f"{'microseconds an entry':44} {'feeds':>6} {'entries':>8} {'parse':>7} {'clean':>7} {'both':>7}")
    report("fast path, well-formed feeds", whole, parse_document)
    report("fast path, those that need repair too", fast, parse_document)
    report("slow path, all feeds", [document for document in documents if is_feed(document)], parse_slowly)


def is_feed(document: Document) -> bool:
    """Whether a document is XML; JSON Feeds have no second reader."""
    return tell_format(decode(document.data)) is Format.FEED


def why_slow(document: Document) -> str:
    """Why feedparser's handlers read a feed; empty where they do not."""
    return choose_reader(decode(document.data))[2] if is_feed(document) else ""


def is_whole(document: Document) -> bool:
    """Whether a feed needs no repair."""
    try:
        read_plain_feed(cut_to_root(decode(document.data)).encode())
    except NotPlain:
        return False
    return True


def report(name: str, documents: list[Document], parse: Callable[[Document], Iterable[Entry]]) -> None:
    """Time the parsing and the cleaning of these documents, and print a line."""
    entries = [entry for document in documents for entry in parse(document) if not entry.failure]
    settings, each = CleanSettings(), 1e6 / len(entries)
    parsing = best_seconds(lambda document: list(parse(document)), documents, REPEATS) * each
    cleaning = best_seconds(lambda entry: to_article(entry, settings), entries, REPEATS) * each
    numbers = f"{parsing:7.1f} {cleaning:7.1f} {parsing + cleaning:7.1f}"
    print(f"{name:44} {len(documents):6} {len(entries):8} {numbers}")


def parse_slowly(document: Document) -> Iterable[Entry]:
    """The entries of a feed by feedparser's handlers."""
    xml, _ = prepare_feed(cut_to_root(decode(document.data)))
    return feed_entries(document, read_with_feedparser(xml))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
