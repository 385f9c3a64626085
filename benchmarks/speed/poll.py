"""A poll of thousands of feeds, a tenth hanging and a tenth failing: `python -m benchmarks.speed.poll [COUNT]`.

Two cores; the feeds are served from another process over real sockets. First the poll alone, then the whole of
`dateline ingest`. Figures: seconds, what became of the feeds, peak memory.
"""

import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.scale.measured import run_dateline
from benchmarks.serving import serving
from benchmarks.speed.feed_farm import feed_url
from transforms.fetch.feeds import Feed
from transforms.fetch.poll import poll
from transforms.fetch.settings import EVERYWHERE, FetchSettings

READ_AT = 1_742_644_800_000_000
CORES = 2


def main(count: int) -> None:
    """Measure and print."""
    with serving("benchmarks.speed.feed_farm") as port:
        urls = [feed_url(number, port) for number in range(count)]
        _poll(urls)
        _ingest(urls)


def _poll(urls: list[str]) -> None:
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for polled in poll([(Feed(url), None) for url in urls], READ_AT, FetchSettings(allowed=EVERYWHERE)):
        outcomes[polled.outcome] += 1
        if polled.outcome == "failed" and polled.state:
            reasons[polled.state.last_error.partition(" at http")[0]] += 1
    seconds, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"poll     {seconds:6.1f} s  {dict(outcomes)}, peak {peak} MB")
    for reason, times in reasons.most_common():
        print(f"{times:>9,}  {reason}")


def _ingest(urls: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "feeds.txt")
        listed.write_text("\n".join(urls))
        cost = run_dateline("ingest", "--feeds", str(listed), "--output", f"{folder}/out", "--allow_private")
        rows = {name: ds.dataset(f"{folder}/out/{name}").count_rows() for name in ("feeds", "articles", "rejects")}
    print(f"ingest   {cost.seconds:6.1f} s  rows {rows}, peak {cost.peak:.0f} MB")


if __name__ == "__main__":
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
