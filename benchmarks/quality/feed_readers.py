"""Whether the two readers of feeds make the same entries: `python -m benchmarks.quality.feed_readers [folder]`.

Every XML document below the folder that the plain reader takes is read by feedparser's handlers too. Prints how many
are read by which, why not by the plain one, and every difference; a difference fails.
"""

import sys
from collections import Counter
from pathlib import Path

from schemas.errors import BadRecord
from schemas.records import Document
from transforms.parse.decode import decode
from transforms.parse.feed.by_feedparser import read_with_feedparser
from transforms.parse.feed.entries import feed_entries
from transforms.parse.feed.reader import choose_reader
from transforms.parse.feed.well_formed import cut_to_root, prepare_feed
from transforms.parse.sniff import Format, tell_format

FOLDER = Path(__file__).parents[3] / "shared" / "data"
SAME, SLOW, REFUSED, NO_FEED, DIFFERENT = "the same", "feedparser alone", "refused", "no feed", "DIFFERENT"


def main(folder: Path) -> int:
    """Compare and print; 1 where the readers differ."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.xml")):
        outcome, detail = compare_readers(Document(path.name, path.read_bytes(), 0, url="https://port.example/a/rss"))
        counts[outcome] += 1
        reasons.update([detail] if outcome == SLOW else [])
        if outcome == DIFFERENT:
            print(path.relative_to(folder), detail)
    print(", ".join(f"{outcome} {count:,}" for outcome, count in counts.most_common()))
    for reason, count in reasons.most_common(20):
        print(f"{count:6} {reason[:80]}")
    return int(counts[DIFFERENT] > 0)


def compare_readers(document: Document) -> tuple[str, str]:
    """What becomes of a document, and why or where its entries differ."""
    try:
        text = decode(document.data)
        if tell_format(text) is not Format.FEED:
            return NO_FEED, ""
        feed, lost, reason = choose_reader(text)
        if reason:
            return SLOW, reason
        xml, lost_by_both = prepare_feed(cut_to_root(text))
        other = read_with_feedparser(xml)
    except BadRecord as error:
        return REFUSED, str(error)
    if (bool(feed.version), lost) != (bool(other.version), lost_by_both):
        return DIFFERENT, f"{feed.version} {other.version} {len(lost)} {len(lost_by_both)}"
    plain, slow = list(feed_entries(document, feed)), list(feed_entries(document, other))
    pairs = [f"{one!r}\n{two!r}" for one, two in zip(plain, slow, strict=False) if one != two]
    return (DIFFERENT, "\n".join(pairs[:1])) if plain != slow else (SAME, "")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
