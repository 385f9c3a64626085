"""A stream at a steady rate of news: `python -m benchmarks.stream.steady FOLDER MINUTES FLUSH [OPTIONS]`.

500 feeds that gain five entries a second in all are polled and stored in FOLDER/out, in windows of FLUSH seconds, with
OPTIONS for `dateline ingest`, such as a runner's. A reader looks for new rows twice a second. Every ten seconds a
sample is taken of rows, checkpoint and memory; FOLDER/samples.json has them and the lag of each row, and `plots` draws
them. At the end, what was served is compared with what is stored.
"""

import statistics
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import orjson

from benchmarks.serving import serving
from benchmarks.speed.feed_farm import feed_url
from benchmarks.stream.flink import checkpoint
from benchmarks.stream.processes import Processes, cluster_folder
from benchmarks.stream.readable import Reader, stored_bytes, stored_guids
from benchmarks.stream.run_stream import streaming

FEEDS, RATE = 500, 5.0
SAMPLE_S, LOOK_S = 10.0, 0.5
SLACK_S = 5.0


def main(folder: Path, minutes: float, flush: int, options: list[str]) -> None:
    """Measure, print, and write the samples."""
    folder.mkdir(parents=True)
    with serving("benchmarks.stream.feed_server", FEEDS, RATE) as port:
        Path(folder, "feeds.txt").write_text("".join(f"{feed_url(number, port)}\n" for number in range(FEEDS)))
        reading = ["--feeds", f"{folder}/feeds.txt", "--allow_private", "--flush", str(flush)]
        cluster = next((option.partition("=")[2] for option in options if option.startswith("--flink_master=")), "")
        processes = Processes(cluster_folder(options))
        reader, samples = Reader(folder / "out"), list[dict[str, Any]]()
        with streaming(folder / "out", *reading, *options) as process:
            started = time.time()
            while process.poll() is None and time.time() < started + 60 * minutes:
                samples.append(watch(reader, started, processes, cluster))
                print(orjson.dumps(samples[-1]).decode(), flush=True)
        reader.look()
        served = ask(port)
    Path(folder, "samples.json").write_bytes(
        orjson.dumps({"started": started, "samples": samples, "lags": lags(reader, served)})
    )
    say(reader, served, flush)


def watch(reader: Reader, started: float, processes: Processes, cluster: str) -> dict[str, Any]:
    """A sample, taken when it is time for the next."""
    end = started + SAMPLE_S * (int((time.time() - started) / SAMPLE_S) + 1)
    while time.time() < end:
        reader.look()
        time.sleep(LOOK_S)
    sample: dict[str, Any] = {"seconds": round(time.time() - started), "rows": len(reader.read_at)}
    sample |= {"remembered_bytes": stored_bytes(reader.output), "memory_mb": processes.memory()}
    return sample | (checkpoint(cluster) if cluster else {})


def ask(port: int) -> dict[str, Any]:
    """The server's start, and when each entry was first served."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/served") as answer:
        report = orjson.loads(answer.read())
    return {"start": report["start"], "served": {f"story-{number}": at for number, at in report["served"]}}


def lags(reader: Reader, served: dict[str, Any]) -> list[tuple[float, float, float]]:
    """For each row when it could be read, and how long after it was served and after it appeared; seconds."""
    lines = []
    for guid, at in sorted(reader.read_at.items(), key=lambda item: item[1]):
        appeared = served["start"] + int(guid.removeprefix("story-")) / RATE
        lines.append((at, at - served["served"][guid], at - appeared))
    return lines


def say(reader: Reader, served: dict[str, Any], flush: int) -> None:
    """Print what came of it."""
    after = lags(reader, served)
    guids = stored_guids(reader.output)
    print(f"{len(served['served']):,} entries served, {len(set(guids)):,} stored in {len(guids):,} rows")
    for name, seconds in (("served", [lag for _, lag, _ in after]), ("published", [lag for _, _, lag in after])):
        print(f"{name} to readable: median {statistics.median(seconds):.1f} s, longest {max(seconds):.1f} s")
    late = sum(lag > flush + SLACK_S for _, lag, _ in after)
    print(f"later than {flush} + {SLACK_S:.0f} s after it was served: {late:,} of {len(after):,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
