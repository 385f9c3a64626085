"""What the report of a dataset costs: `python -m benchmarks.speed.report DATASET`, one of benchmarks.scale.dataset.

Seconds and memory are of the whole command in a process of its own, the best of three.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.scale.measured import run_dateline


def main(dataset: str) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        costs = [run_dateline("report", dataset, "--to", str(page)) for _ in range(3)]
        size = page.stat().st_size
    best = min(costs, key=lambda cost: cost.seconds)
    print(
        f"{best.seconds:.1f} s ({best.cpu:.1f} s of processor time), {best.peak:.0f} MB at most; page of {size:,} bytes"
    )


if __name__ == "__main__":
    main(sys.argv[1])
