"""Feeds polled at ticks, a tenth hanging and a tenth failing: `python -m benchmarks.speed.poll_ticks [COUNT]`.

One process on two cores, without a runner; the feeds are served from another process over real sockets. Figures:
seconds until feeds were polled once, what became of them, bytes of cursor for each, the cost of a tick of all
buckets when nothing is due, peak memory.
"""

import os
import resource
import sys
import tempfile
import time
from collections import Counter

from benchmarks.serving import serving
from benchmarks.speed.feed_farm import feed_url
from benchmarks.speed.poll import CORES
from transforms.fetch.feeds import Feed
from transforms.fetch.settings import EVERYWHERE, FetchSettings
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.feeds import Poller, bucket_feeds

NEVER_AGAIN_S = 86_400.0
IDLE_TICKS = 100


def main(count: int) -> None:
    """Measure and print."""
    with serving("benchmarks.speed.feed_farm") as port, tempfile.TemporaryDirectory() as folder:
        buckets = bucket_feeds([Feed(feed_url(number, port)) for number in range(count)])
        settings = FetchSettings(allowed=EVERYWHERE, poll_every_s=NEVER_AGAIN_S, failed_s=NEVER_AGAIN_S)
        poller = Poller(buckets, settings, StreamSettings(folder, "stream", 300))
        cursors: dict[int, bytes | None] = dict.fromkeys(buckets)
        _poll_once(poller, cursors, count)
        _idle(poller, cursors)
    print(f"{sum(len(cursor or b'') for cursor in cursors.values()) / count:.0f} bytes of cursor a feed")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _poll_once(poller: Poller, cursors: dict[int, bytes | None], count: int) -> None:
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    slowest, spent, well = 0.0, time.process_time(), []
    while outcomes["feeds_polled"] < count:
        began = time.perf_counter()
        before = outcomes["feeds_changed"]
        outcomes += _tick(poller, cursors)
        slowest = max(slowest, time.perf_counter() - began)
        well += [time.perf_counter() - started] * (outcomes["feeds_changed"] - before)
        time.sleep(max(1 - (time.perf_counter() - began), 0))
    shares = ", ".join(f"{share:.0%} {well[int(share * len(well)) - 1]:.1f} s" for share in (0.5, 0.9, 0.99, 1.0))
    print(f"of the feeds that answer were polled: {shares}; all feeds {time.perf_counter() - started:.1f} s")
    print(f"{dict(outcomes)}, slowest tick {slowest * 1000:.0f} ms, CPU {time.process_time() - spent:.1f} s")


def _tick(poller: Poller, cursors: dict[int, bytes | None]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number, cursor in cursors.items():
        if poller.is_early(number):
            continue
        delivery = poller.bucket(number).tick(cursor, time.time_ns() // 1000)
        cursors[number] = delivery.cursor or cursor
        counts += delivery.counts
    return counts


def _idle(poller: Poller, cursors: dict[int, bytes | None]) -> None:
    spent = 0.0
    early = time.process_time()
    for _ in range(IDLE_TICKS):
        _tick(poller, cursors)
    early = (time.process_time() - early) / IDLE_TICKS
    for _ in range(3):
        time.sleep(1)
        began = time.process_time()
        _tick(poller, cursors)
        spent = time.process_time() - began
    print(f"{spent * 1e6:,.0f} us a tick when nothing is due, {early * 1e6:,.0f} us when it comes too early")


if __name__ == "__main__":
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
