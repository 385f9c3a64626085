"""A dataset with all that readers trip over: undated rows, three schemas, joined files, a commit that is half done."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.command import main
from schemas.records import Article
from tests.readers.page import ROOT
from tests.test_deduplicate_stories import BETWEEN, OTHER
from tests.test_deduplicate_stories import ROOT as FIRST

SAME_TIME = replace(FIRST, url="https://same-time.example/a", source="same time")
UNDATED = replace(FIRST, url="https://undated.example/a", source="undated", published_at=None)

# Of each run the examples that it reads, and articles besides: two stories, copies, and what makes the stories one.
RUNS: dict[str, tuple[list[str], list[Article]]] = {
    "2025-03-21": (["feeds/2025-03-21/*"], []),
    "2025-03-24": (["feeds/2025-03-22/*", "texts/*", "*.jsonl"], [FIRST, OTHER, SAME_TIME, UNDATED]),
    "2025-03-25": (["feeds/2025-03-21/world.xml", "pages/*"], [BETWEEN]),
}
SINCE_VERSION_1 = ["from_page", "keys", "fingerprint"]
COUNTRIES = {"FR": "France", "IT": "Italy", "KE": "Kenya", "PL": "Poland", "SM": "San Marino"}


def make_dataset(folder: Path) -> None:
    """`out` of three runs, the first two compacted and as version 1 wrote, the last without its manifest; a map."""
    output = folder / "out"
    *earlier, last = RUNS
    for day in earlier:
        ingest(folder, day)
    assert main(["compact", str(output)]) == 0
    for path in output.glob("[as]*/**/*.parquet"):
        rewrite(path, lambda rows: rows.drop_columns([name for name in SINCE_VERSION_1 if name in rows.column_names]))
    ingest(folder, last)
    rewrite(
        output / f"articles/date=2025-03-23/part-{last}-0-0.parquet",
        lambda rows: rows.append_column("of_tomorrow", pa.array(["new"] * rows.num_rows)),
    )
    (output / f"_manifests/{last}.json").unlink()
    (folder / "docs").symlink_to(ROOT / "docs")
    write_map(folder)


def ingest(folder: Path, day: str) -> None:
    """One run, named after its day."""
    examples, others = RUNS[day]
    own = folder / f"{day}.jsonl"
    own.write_text("".join(json.dumps(line(article)) + "\n" for article in others))
    inputs = [*(str(ROOT / "examples" / pattern) for pattern in examples), *([str(own)] if others else [])]
    given = [part for pattern in inputs for part in ("--input", pattern)]
    clock = ["--as_of", f"{day}T18:00:00Z", "--run_id", day, "--compact", "never"]
    assert main(["ingest", *given, "--output", str(folder / "out"), *clock]) == 0


def line(article: Article) -> dict[str, str | None]:
    """As JSON lines have an article."""
    at = article.published_at
    published = None if at is None else datetime.fromtimestamp(at / 1_000_000, UTC).isoformat()
    return {name: getattr(article, name) for name in ("url", "title", "body", "source")} | {"published_at": published}


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Give a file other columns."""
    pq.write_table(change(pq.read_table(path, partitioning=None)), path)


def write_map(folder: Path) -> None:
    """A map as Natural Earth has it: a country is of one polygon, or of several."""
    square = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]
    shapes = [{"type": "Polygon", "coordinates": square}, {"type": "MultiPolygon", "coordinates": [square, square]}]
    features = [
        {
            "type": "Feature",
            "properties": {"ISO_A2": "-99", "ISO_A2_EH": code, "NAME": name},
            "geometry": shapes[number % 2],
        }
        for number, (code, name) in enumerate(COUNTRIES.items())
    ]
    (folder / "countries.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}, indent=1))
