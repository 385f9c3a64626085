"""Articles a second from Kafka to Parquet: `python -m benchmarks.stream.throughput SERVER FOLDER COUNT [OPTIONS]`.

COUNT articles of 2 KB, one in twenty a copy, wait in a topic of four partitions; the stream reads them in windows of
ten seconds into FOLDER/out, with OPTIONS for `dateline ingest`, such as a runner's. The rate is that of the windows
after the first and before the last. Meanwhile py-spy, which has to be on the path, samples the Python workers where
they hold the interpreter: their processor time is shared among the stages as the samples are, and Java's is its own.
"""

import subprocess
import sys
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.stream.processes import PYTHON, Processes, cluster_folder
from benchmarks.stream.run_stream import read_commits, streaming, wait_for
from benchmarks.stream.stages import count_stages
from benchmarks.stream.topics import COPY_EVERY, filled_topic

FLUSH_S = 10
PROFILE_S, PROFILES_A_SECOND = 40, 50
LIMIT_S = 900.0


def main(server: str, folder: Path, count: int, options: list[str]) -> None:
    """Measure and print."""
    output = folder / "out"
    with filled_topic(server, count) as topic:
        reading = ["--kafka", f"{server}/{topic}", "--flush", str(FLUSH_S)]
        with streaming(output, *reading, *options) as process:
            print(f"first window after {wait_for(lambda: _read(output) > 0, process, LIMIT_S):.0f} s", flush=True)
            say_shares(folder, Processes(cluster_folder(options)))
            wait_for(lambda: _read(output) >= count, process, LIMIT_S)
    say_rate(output)
    rows = ds.dataset(output / "articles").count_rows()
    print(f"{count:,} messages, {count - count // COPY_EVERY:,} articles that differ, {rows:,} rows")


def _read(output: Path) -> int:
    return sum(manifest["counts"].get("reads", 0) for _, manifest in read_commits(output))


def say_rate(output: Path) -> None:
    """Print what each window held, and the rate over those that were full."""
    commits = read_commits(output)
    for (before, _), (at, manifest) in pairwise(commits):
        reads = manifest["counts"]["reads"]
        print(f"{reads:>7,} in {at - before:5.1f} s  {reads / (at - before):6,.0f} a second")
    full = commits[1:-1]
    seconds = full[-1][0] - commits[0][0]
    print(f"{sum(manifest['counts']['reads'] for _, manifest in full) / seconds:,.0f} articles a second")


def say_shares(folder: Path, processes: Processes) -> None:
    """Print the share of each stage in the processor time of some seconds."""
    before, started = processes.seconds(), time.monotonic()
    stacks = [folder / f"{process}.stacks" for process in processes.python()]
    profilers = [_profile(int(path.stem), path) for path in stacks]
    for profiler in profilers:
        profiler.wait()
    used: defaultdict[str, float] = defaultdict(float)
    for process, seconds in processes.seconds().items():
        used[process[0]] += seconds - before.get(process, 0.0)
    python = sum(used.pop(part, 0.0) for part in PYTHON)
    counted = count_stages(line for path in stacks for line in path.read_text().split("\n") if line)
    shares = {stage: python * times / counted.total() for stage, times in counted.items()} | used
    print(f"{sum(shares.values()):.0f} s of processor in {time.monotonic() - started:.0f} s", flush=True)
    for stage, seconds in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"  {seconds / sum(shares.values()):4.0%}  {stage}", flush=True)


def _profile(worker: int, path: Path) -> subprocess.Popen[bytes]:
    options = [
        "--rate",
        str(PROFILES_A_SECOND),
        "--duration",
        str(PROFILE_S),
        "--format",
        "raw",
        "--gil",
        "--output",
        str(path),
    ]
    command = ["py-spy", "record", "--pid", str(worker), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    where = Path(sys.argv[2]).absolute()
    where.mkdir(parents=True)
    main(sys.argv[1], where, int(sys.argv[3]), sys.argv[4:])
