"""What DuckDB opens to read one day of a dataset: `python -m benchmarks.scale.one_day DATASET`.

The files read are what its EXPLAIN ANALYZE tells. That no others are opened is shown on a copy in which all other files
are empty: to open one would be an error. For a pattern over all days DuckDB takes the columns from the first file,
which is therefore left as it is in that case.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

_ROUNDS = 3


def main(dataset: Path) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=dataset.parent) as folder:
        shutil.copytree(dataset / "articles", f"{folder}/articles", copy_function=os.link)
        files = sorted(Path(folder).glob("articles/*/*.parquet"))
        day = files[len(files) // 2].parent
        of_day = [path for path in files if path.parent == day]
        print(f"{day.name} of {len(files):,} files of articles, DuckDB {duckdb.__version__}")
        _empty(set(files) - {files[0], *of_day})
        _report("by column", f"'{folder}/articles/**/*.parquet' WHERE date = '{day.name.removeprefix('date=')}'")
        _empty({files[0]} - {*of_day})
        _report("by folder", f"'{day}/*.parquet'")


def _empty(files: set[Path]) -> None:
    for path in files:
        path.unlink()  # its bytes are the dataset's, too
        path.touch()


def _report(name: str, source: str) -> None:
    query = f"SELECT count(*), sum(length(body)) FROM {source}"
    seconds = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        rows, size = duckdb.sql(query).fetchall()[0]
        seconds.append(time.perf_counter() - start)
    plan = duckdb.sql(f"EXPLAIN ANALYZE {query}").fetchall()[0][1]
    read = re.search(r"Total Files Read: (\d+)", plan)
    print(
        f"  {name}: {read[1] if read else 'unknown'} files read; "
        f"{rows:,} rows, {size / 1e6:.1f} MB of text in {min(seconds) * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
