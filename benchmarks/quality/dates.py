"""What becomes of the dates in feed fixtures: `python -m benchmarks.quality.dates [folder]`.

The folder holds documents; the dates are the texts of their date elements. Each is read by us and by feedparser;
where the two differ, or we read a day alone, the date is printed.
"""

import re
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from feedparser.datetimes import _parse_date

from transforms.clean.dates import parse_date

FIXTURES = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "feeds_conformance"
_NAMES = "pubDate|lastBuildDate|published|updated|issued|modified|created|date|date_published|date_modified"
_ELEMENT = re.compile(rf"<(?:\w+:)?(?:{_NAMES})\b[^>/]*>([^<]+)<|\"(?:{_NAMES})\":\s*\"([^\"]*)\"", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main(folder: Path) -> None:
    """Print the dates that are read otherwise, and how many there are of each kind."""
    counts: Counter[str] = Counter()
    for raw in find_dates(folder):
        ours, theirs = our_second(raw), their_second(raw)
        kind = "same" if ours == theirs else "ours none" if not ours else "theirs none" if not theirs else "different"
        counts[kind] += 1
        if kind != "same":
            print(f"{kind:12} {raw[:60]!r:64} ours {ours or '-':20} theirs {theirs or '-'}")
    print(sum(counts.values()), "dates:", dict(counts))


def find_dates(folder: Path) -> list[str]:
    """The texts of all date elements below the folder, each once."""
    found: dict[str, None] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace").replace("<![CDATA[", "").replace("]]>", "")
        found |= dict.fromkeys(unescape(a or b).strip() for a, b in _ELEMENT.findall(text))
    return [raw for raw in found if raw]


def our_second(raw: str) -> str:
    """The instant to the second, as text; empty where we read none."""
    at = parse_date(raw).at
    return "" if at is None else (_EPOCH + timedelta(microseconds=at)).isoformat()[:19]


def their_second(raw: str) -> str:
    """feedparser's instant; empty where it reads none."""
    parts = _parse_date(raw)
    return "" if parts is None else "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parts[:6])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES)
