"""What near-duplicates cost in the pipeline: `python -m benchmarks.speed.near_duplicates [COUNT]`.

The pipeline over articles of 300 words on one core, as it is and with texts that are too short to compare, in turn; the
smallest of each.
"""

import os
import sys
import tempfile
import time
from contextlib import ExitStack, nullcontext
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.articles import write_articles
from benchmarks.ingest import READ_AT
from pipelines.options import IngestOptions
from pipelines.run_ingest import run_ingest
from schemas.keys import FACTS
from schemas.records import Article
from transforms.deduplicate.texts.signatures import Signed

ROUNDS = 4
WORDS = 300


def main(count: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    times: dict[str, list[float]] = {"as it is": [], "nothing to compare": []}
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "articles.jsonl")
        write_articles(lines, count, 5 * WORDS)
        for number in range(ROUNDS):
            for name, context in (("as it is", nullcontext), ("nothing to compare", nothing_to_compare)):
                with context():
                    options = IngestOptions([str(lines)], [], f"{folder}/{name}{number}", "", READ_AT)
                    times[name].append(_seconds(options) / count * 1e6)
    for name, micros in times.items():
        print(f"{name:<20} {min(micros):5.0f} us an article")
    print(f"{'net':<20} {min(times['as it is']) - min(times['nothing to compare']):5.0f} us an article")


def nothing_to_compare() -> ExitStack:
    """As long as it is open, no text is signed or has an opening."""
    stack = ExitStack()
    stack.enter_context(patch("transforms.deduplicate.sketch.sign_and_shingle", _sign_nothing))
    stack.enter_context(patch("transforms.deduplicate.sketch.gather_openings", _open_nothing))
    return stack


def _sign_nothing(texts: list[str]) -> tuple[Signed, list[NDArray[np.uint32]]]:
    none = np.zeros(len(texts), FACTS)
    return Signed(none["signature"], none["comparable"], none["fingerprint"]), []


def _open_nothing(articles: list[Article]) -> tuple[int, int]:
    return 0, 0


def _seconds(options: IngestOptions) -> float:
    start = time.perf_counter()
    run_ingest(options)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
