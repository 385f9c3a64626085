"""Feeds polled without end, each at its own pace."""

import time
import weakref
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import Any, Literal

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.shared import Shared

from schemas.records import Document
from transforms.fetch.feed_states import read_feed_states
from transforms.fetch.feeds import Feed
from transforms.fetch.settings import FetchSettings
from transforms.fetch.urls import host_of
from transforms.stream.keep_trying import keep_trying
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.feed_bucket import FeedBucket, States
from transforms.stream.sources.feed_requests import FeedRequests
from transforms.stream.sources.sourced import Sourced
from transforms.stream.stopping import is_stopping

BUCKETS = 64
_FORGET_S = 600  # since a bucket was last seen here: another process has it

Buckets = dict[int, list[Feed]]


class PollFeeds(beam.PTransform[PCollection[int], Sourced]):
    """Poll feeds at every tick: `ticks | PollFeeds(...)`.

    All feeds of a host are in one bucket, whose state is what is known of its feeds; it starts from the dataset's
    feeds table. A fetch begins at one tick and is delivered at a later one; a feed that failed has a document too,
    with its `failure`. Secrets that the environment holds are read by the worker, never part of the pipeline.
    """

    def __init__(self, feeds: list[Feed], settings: FetchSettings, stream: StreamSettings) -> None:
        super().__init__()
        buckets = bucket_feeds(feeds)
        settings = replace(settings, failed_s=min(settings.failed_s, settings.poll_every_s))
        self._numbers = list(buckets)
        self._poll_bucket = _PollBucket(buckets, settings, stream)

    def expand(self, ticks: PCollection[int]) -> Any:  # Beam warns of any type here but a PCollection
        """One element for each bucket at each tick, then what that brings."""
        polled = (
            ticks
            | "ToBuckets" >> beam.FlatMap(_to_buckets, self._numbers)
            | "Poll" >> beam.ParDo(self._poll_bucket).with_outputs("parcels", main="documents")
        )
        return Sourced(polled.documents, polled.parcels)


def bucket_feeds(feeds: list[Feed]) -> Buckets:
    """The feeds that are polled, by bucket; a bucket has all the feeds of its hosts."""
    buckets: defaultdict[int, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if not feed.off:
            buckets[zlib.crc32(host_of(feed.url).encode()) % BUCKETS].append(feed)
    return dict(buckets)


def _to_buckets(tick: int, buckets: list[int]) -> Iterator[tuple[int, int]]:
    for bucket in buckets:
        yield bucket, tick


class Poller:
    """The buckets that a process has polled, and what their requests share."""

    def __init__(
        self, buckets: Buckets, settings: FetchSettings, stream: StreamSettings, forget_s: float = _FORGET_S
    ) -> None:
        self._feeds = buckets
        self._settings = settings
        self._stream = stream
        self._forget_s = forget_s
        self._lock = Lock()  # ticks come to several threads
        self._seen: dict[int, float] = {}
        self._buckets: dict[int, FeedBucket] = {}
        self.requests = FeedRequests(settings)
        weakref.finalize(self, self.requests.close)

    def is_early(self, bucket: int) -> bool:
        """Whether a bucket was polled a moment ago: ticks come in a burst after a restore."""
        now = time.monotonic()
        if bucket in self._seen and now - self._seen[bucket] < self._stream.tick_s / 2:
            return True
        self._seen[bucket] = now
        return False

    def bucket(self, number: int) -> FeedBucket:
        """A bucket, to be ticked; those that were not seen for long are forgotten."""
        self.requests.is_stopping = is_stopping(self._stream.output)
        with self._lock:
            self._forget_others()
            if number not in self._buckets:
                feeds = self._feeds[number]
                self._buckets[number] = FeedBucket(feeds, self._settings, self.requests, lambda: self._stored)
            return self._buckets[number]

    def _forget_others(self) -> None:
        oldest = time.monotonic() - self._forget_s
        for number in [number for number, seen in list(self._seen.items()) if seen < oldest]:
            self._seen.pop(number, None)
            if bucket := self._buckets.pop(number, None):
                bucket.forget()

    @cached_property
    def _stored(self) -> States:
        return keep_trying(lambda: read_feed_states(self._stream.output))


class _PollBucket(beam.DoFn):
    CURSOR = ReadModifyWriteStateSpec("cursor", BytesCoder())

    def __init__(self, buckets: Buckets, settings: FetchSettings, stream: StreamSettings) -> None:
        self._parts = buckets, settings, stream
        self._shared = Shared()

    def setup(self) -> None:
        self._poller: Poller = self._shared.acquire(lambda: Poller(*self._parts))

    def process(
        self, keyed: tuple[int, int], cursor: Any = beam.DoFn.StateParam(CURSOR)
    ) -> Iterator[Document | TaggedOutput[Literal["parcels"], Parcel]]:
        number = keyed[0]
        if self._poller.is_early(number):
            return
        delivery = self._poller.bucket(number).tick(cursor.read(), time.time_ns() // 1000)
        if delivery.cursor is None:
            return
        cursor.write(delivery.cursor)
        yield from delivery.documents
        yield TaggedOutput("parcels", wrap("states", delivery.states))
        yield TaggedOutput("parcels", wrap("counts", dict(delivery.counts)))
        for name, count in delivery.counts.items():
            Metrics.counter("dateline", name).inc(count)
