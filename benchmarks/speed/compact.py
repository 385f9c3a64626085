"""What compaction costs: `python -m benchmarks.speed.compact [MB] [FILES]`.

Two days of articles, each of so many MB in so many files, all of which span the day. Then the same command once more,
which finds nothing to do.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.scale.measured import run_dateline
from benchmarks.scale.records import record
from schemas.columns import TEXT, TIME
from schemas.keys import PERMUTATIONS
from schemas.tables import ARTICLES
from transforms.deduplicate.keys import DAY
from transforms.write.commit import commit
from transforms.write.staging import begin
from transforms.write.write_table import write_file

DAYS = ("2025-03-21", "2025-03-22")
DIFFERENT = 5_000  # texts, each written many times: far enough apart not to be compressed together
_NOTHING = {TEXT: "", pa.bool_(): False}


def main(megabytes: int, files: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        rows = sample_rows()
        sizes = [write_day(f"{folder}/out", day, rows, megabytes * 2**20, files) for day in DAYS]
        print(f"{len(DAYS)} days of {sizes[0] / 1e6:.0f} MB in {files} files each")
        for _ in range(2):
            cost = run_dateline("compact", f"{folder}/out")
            print(cost.said, end="")
            print(f"{cost.seconds:.1f} s, {sum(sizes) / 1e6 / cost.seconds:.0f} MB/s, peak {cost.peak:.0f} MB")


def sample_rows() -> pa.Table:
    """Different articles with texts, addresses and signatures; what else they have is null, or empty."""
    records = [record(number, 1) for number in range(DIFFERENT)]
    given = {name: pa.array([row[name] for row in records]) for name in ("url", "guid", "title", "body", "source")}
    values = np.random.default_rng(0).integers(2**16, size=DIFFERENT * PERMUTATIONS).astype(np.uint16)
    given["signature"] = pa.ListArray.from_arrays(np.arange(DIFFERENT + 1, dtype=np.int32) * PERMUTATIONS, values)
    return pa.table({field.name: given.get(field.name, _empty(field)) for field in ARTICLES.schema})


def _empty(field: pa.Field) -> pa.Array:
    value = None if field.nullable else _NOTHING.get(field.type, [] if pa.types.is_list(field.type) else 0)
    return pa.array([value] * DIFFERENT, field.type)


def write_day(output: str, day: str, rows: pa.Table, size: int, files: int) -> int:
    """Commits articles of a day in `files` files; their bytes."""
    chooser = np.random.default_rng(1)
    start = np.datetime64(day, "us").astype(np.int64)
    with begin(output, f"r-{day}", int(start)) as run:
        count = DIFFERENT // 10
        for number in range(files):
            chosen = rows.take(chooser.integers(len(rows), size=count))
            ids = [f"{value:016x}" for value in chooser.integers(2**63, size=count).tolist()]
            times = pa.array(start + chooser.integers(DAY, size=count)).cast(TIME)
            chosen = _with_column(_with_column(chosen, "article_id", pa.array(ids)), "published_at", times)
            path = write_file(ARTICLES, (day, 0, number), chosen, run)
            if not number:
                count = count * (size // files) // Path(path).stat().st_size
        manifest = commit(run, [ARTICLES], {"run_id": run.run_id})
    return int(manifest["tables"][ARTICLES.name]["bytes"])


def _with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 200)
