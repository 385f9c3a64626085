"""What 1,000 articles cost a dataset of many: `python -m benchmarks.scale.ingest DATASET [ROUNDS]`.

DATASET is one of `benchmarks.scale.dataset`; each run adds to a copy of it whose files are links. The articles are new
ones of the last day, new ones of days all over the dataset, or ones that it has already. One core; the best of the
rounds, each of a process from start to end.
"""

import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.scale.measured import Cost, run_dateline
from benchmarks.scale.records import PER_DAY, write_records

COUNT = 1_000


def main(dataset: Path, rounds: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    size, days = ds.dataset(dataset / "articles").count_rows(), len(list((dataset / "articles").iterdir()))
    print(f"{COUNT:,} articles more for {size:,} of {days:,} days")
    for name, numbers in _choices(size, days).items():
        cost = min((add(dataset, numbers, days) for _ in range(rounds)), key=lambda cost: cost.seconds)
        print(f"  {name:<18} {cost.seconds:5.1f} s  {cost.cpu:5.1f} s of processor  peak {cost.peak:5.0f} MB")


def _choices(size: int, days: int) -> dict[str, range]:
    rounds = math.ceil((math.ceil(size / PER_DAY) + 1) / days)  # over all days, until the last is filled again
    last = (rounds * days - 1) * PER_DAY
    return {
        "new, of one day": range(last, last + COUNT),
        "new, of all days": range(size, size + COUNT * days, days),
        "read before": range(size - COUNT, size),
    }


def add(dataset: Path, numbers: range, days: int) -> Cost:
    """What it costs to ingest these articles into a copy of the dataset."""
    with tempfile.TemporaryDirectory(dir=dataset.parent) as folder:
        shutil.copytree(dataset, f"{folder}/out", copy_function=os.link)
        lines = Path(folder, "more.jsonl")
        write_records(lines, numbers, days)
        return run_dateline("ingest", "--input", str(lines), "--output", f"{folder}/out")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
