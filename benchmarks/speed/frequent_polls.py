"""Small files of feeds polled often: `python -m benchmarks.speed.frequent_polls [FOLDER] [POLLS]`.

The folder holds feeds. Each poll brings a part of the entries of each, and once more those that the poll before
brought; each is a run of its own, a quarter of an hour after the one before. Files of dated tables and seconds of all
runs, with small files joined as they become many and without.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from benchmarks.scale.measured import run_dateline
from schemas.keys import DATASET_TABLES
from schemas.records import Document, Entry
from transforms.parse import parse_document
from transforms.write.stored import list_files

FEEDS = "../shared/data/feeds_real/captured_2026-02-18"
FIRST = datetime(2026, 2, 18, 12, tzinfo=UTC)


def main(folder: str, polls: int) -> None:
    """Measure and print."""
    feeds = [read_feed(path) for path in sorted(Path(folder).iterdir())]
    print(f"{polls} polls of {len(feeds)} feeds with {sum(map(len, feeds)):,} entries")
    with tempfile.TemporaryDirectory() as place:
        for when in ("never", "auto"):
            output = f"{place}/{when}"
            seconds = sum(poll(feeds, number, polls, output, "--compact", when) for number in range(polls))
            found = sum(len(list_files(output, table.name)) for table in DATASET_TABLES if table.dated)
            print(f"  --compact {when:<6} {found:6,} files  {seconds:6.1f} s")
        cost = run_dateline("compact", f"{place}/never")
        print(cost.said + f"{cost.seconds:.1f} s")


def poll(feeds: list[list[Entry]], number: int, polls: int, output: str, *more: str) -> float:
    """Ingest what a poll brings; seconds."""
    lines = Path(f"{output}.jsonl")
    brought = [entry for feed in feeds for at in (number - 1, number) if at >= 0 for entry in feed[at::polls]]
    lines.write_bytes(b"\n".join(orjson.dumps(_record(entry)) for entry in brought))
    as_of = (FIRST + timedelta(minutes=15 * number)).isoformat()
    return run_dateline("ingest", "--input", str(lines), "--output", output, "--as_of", as_of, *more).seconds


def read_feed(path: Path) -> list[Entry]:
    """The entries of a feed that can be used."""
    document = Document(source=path.name, data=path.read_bytes(), read_at=0)
    return [entry for entry in parse_document(document) if not entry.failure]


def _record(entry: Entry) -> dict[str, str]:
    given = {name: getattr(entry, name) for name in ("source", "guid", "title", "description")}
    return given | {"url": entry.link, "body_html": entry.body, "published_at": entry.published_raw}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else FEEDS, int(sys.argv[2]) if len(sys.argv) > 2 else 24)
