"""What a stream starts from: `python -m benchmarks.stream.state DATASET [OPTIONS]`.

DATASET is one of `benchmarks.scale.dataset`. First the bytes that are remembered of each article; then a stream, with
OPTIONS for `dateline ingest`, is started over a copy whose files are links, with 1,000 new articles to read: seconds
until its first window is committed.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.scale.records import days_of, write_records
from benchmarks.stream.processes import Processes, cluster_folder
from benchmarks.stream.readable import stored_bytes
from benchmarks.stream.run_stream import read_commits, streaming, wait_for

NEW = 1_000
FLUSH_S = 5
LIMIT_S = 300.0


def main(dataset: Path, options: list[str]) -> None:
    """Measure and print."""
    size = ds.dataset(dataset / "articles").count_rows()
    print(f"{size:,} articles, {stored_bytes(dataset) / size:.0f} bytes remembered of each")
    with tempfile.TemporaryDirectory(dir=dataset.parent) as folder:
        output = Path(folder, "out")
        shutil.copytree(dataset, output, copy_function=os.link)
        write_records(Path(folder, "new.jsonl"), range(size, size + NEW), days_of(size))
        commits = len(read_commits(output))
        reading = ["--watch", f"{folder}/*.jsonl", "--flush", str(FLUSH_S)]
        with streaming(output, *reading, *options) as process:
            seconds = wait_for(lambda: len(read_commits(output)) > commits, process, LIMIT_S, every=0.1)
            print(f"first window committed after {seconds:.1f} s")
            for part, used in Processes(cluster_folder(options)).memory().items():
                print(f"  {used:6,.0f} MB  {part}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2:])
