"""How time and memory grow with what is ingested: `python -m benchmarks.scale.growth [FOLDER [ARTICLES ...]]`.

JSON lines of 10,000, 100,000 and 1,000,000 articles, a thousand a day, each into a dataset of its own, by the command
on one core. The files are made in FOLDER (a temporary one by default; 4 GB for a million) and removed. The exponent is
that of the time: 1 where a dataset ten times as large takes ten times as long.
"""

import math
import os
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.scale.measured import Cost, run_dateline
from benchmarks.scale.records import days_of, write_records

SIZES = (10_000, 100_000, 1_000_000)


def main(place: str | None, sizes: list[int]) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    costs: dict[int, Cost] = {}
    for size in sizes:
        costs[size] = cost = _ingest(place, size)
        each = cost.seconds / size * 1e6
        print(f"{size:>9,} articles  {cost.seconds:6.1f} s  {each:4.0f} us each  peak {cost.peak:5.0f} MB", flush=True)
    for small, large in pairwise(sizes):
        exponent = math.log(costs[large].seconds / costs[small].seconds, large / small)
        ratio = costs[large].peak / costs[small].peak
        print(f"{small:,} to {large:,}: exponent {exponent:.2f}, peak memory {ratio:.2f} times")


def _ingest(place: str | None, size: int) -> Cost:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        lines = Path(folder, "articles.jsonl")
        write_records(lines, range(size), days_of(size))
        return run_dateline("ingest", "--input", str(lines), "--output", f"{folder}/out")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None, [int(size) for size in sys.argv[2:]] or list(SIZES))
