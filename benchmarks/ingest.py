"""Time an article takes from JSON lines to Parquet: `python -m benchmarks.ingest [COUNT]`.

One core, in-process runner, all stages on; beside it the same functions in a plain loop, and a second run over
what is stored. Each is the smallest of three, after a warm-up.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.articles import write_articles
from benchmarks.plain_loop import ingest_plainly
from pipelines.options import IngestOptions
from pipelines.run_ingest import run_ingest

ROUNDS = 3
READ_AT = 1_742_644_800_000_000


def main(count: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "articles.jsonl")
        write_articles(lines, count)
        options = IngestOptions([str(lines)], [], "", "", READ_AT)
        stored = replace(options, output=f"{folder}/stored")
        run_ingest(stored)
        figures = {
            "pipeline": _best(count, lambda n: run_ingest(replace(options, output=f"{folder}/new{n}"))),
            "plain loop": _best(count, lambda n: ingest_plainly(str(lines), f"{folder}/plain{n}", READ_AT)),
            "second run": _best(count, lambda _: run_ingest(stored)),
        }
    for name, micros in figures.items():
        print(f"{name:<12} {micros:7.0f} us an article")
    print(f"Beam adds    {figures['pipeline'] / figures['plain loop'] - 1:7.0%}")


def _best(count: int, run: Callable[[int], object]) -> float:
    times = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        run(number)
        times.append(time.perf_counter() - start)
    return min(times) / count * 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
