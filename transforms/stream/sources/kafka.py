"""Kafka topics, as a source of a stream. The client is imported where it is used: it need not be installed."""

import time
from collections.abc import Iterator
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.shared import Shared

from schemas.cursors import Cursor
from schemas.records import Document
from transforms.read_documents import DEFAULT_LIMITS
from transforms.read_files import ReadLimits
from transforms.stream.keep_trying import keep_trying
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.kafka_client import Config
from transforms.stream.sources.kafka_documents import to_documents
from transforms.stream.sources.kafka_topics import EARLIEST, Topic, parse_topic
from transforms.stream.sources.sourced import Sourced
from transforms.stream.stopping import is_stopping
from transforms.write.cursors_table import read_cursors

if TYPE_CHECKING:
    from transforms.stream.sources.kafka_partition import Partition, Taken

FORGET_S = 600
Place = tuple[str, str, int]  # brokers, topic, partition


class PollKafka(beam.PTransform[PCollection[int], Sourced]):
    """The messages of topics, each given as `host:port/topic`: `ticks | PollKafka(...)`.

    Each partition is read from where the runner's state says, else the dataset's cursors, else from the earliest
    message that there is. Messages are articles as JSON objects, or documents of any format that is read from files.
    `config` holds settings of the client (see `kafka_client.read_config`).
    """

    def __init__(
        self,
        topics: list[str],
        stream: StreamSettings,
        config: Config | None = None,
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        super().__init__()
        self._topics = list(dict.fromkeys(map(parse_topic, topics)))
        self._stream = stream
        self._config = config or {}
        self._limits = limits

    def expand(self, ticks: PCollection[int]) -> Any:  # Beam warns of any type here but a PCollection
        """Each partition is polled by whoever has its state. The documents are not redistributed."""
        find = beam.ParDo(FindPartitions(self._topics, self._config, self._stream.output))
        poll = beam.ParDo(PollPartition(self._config, self._stream, self._limits.document))
        polled = (
            ticks
            | "FindPartitions" >> find.with_output_types(tuple[Place, int])
            | "Poll" >> poll.with_output_types(Document, parcels=Parcel).with_outputs("parcels", main="documents")
        )
        return Sourced(polled.documents, polled.parcels)


class FindPartitions(beam.DoFn):
    """The partitions of all topics, at each tick."""

    def __init__(self, topics: list[Topic], config: Config, output: str) -> None:
        self._topics = topics
        self._config = config
        self._output = output
        self._shared = Shared()
        self._errors = Metrics.counter("dateline", "kafka_errors")

    def setup(self) -> None:
        """Find what this process knows of topics."""
        from transforms.stream.sources.kafka_partitions import PartitionCounts

        self._counts: PartitionCounts = self._shared.acquire(PartitionCounts)

    def process(self, tick: int) -> Iterator[tuple[Place, int]]:
        """None where the stream is to end."""
        if is_stopping(self._output):
            return
        for topic in self._topics:
            found = self._counts.of(topic, self._config)
            yield from (((*topic, number), tick) for number in range(found.look()))
            self._errors.inc(found.failures)
            found.failures = 0


class _Partitions(dict[Place, "Partition"]):
    """The partitions that a process reads."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = Lock()

    def forget_others(self) -> None:
        """Close those that were not asked for in ten minutes: another process reads them, and each has its threads."""
        for place in [place for place, partition in self.items() if partition.idle_s() > FORGET_S]:
            self.pop(place).close()


class PollPartition(beam.DoFn):
    """What a partition has gained. State: the offset to go on from."""

    NEXT = ReadModifyWriteStateSpec("next", VarIntCoder())

    def __init__(self, config: Config, stream: StreamSettings, limit: int) -> None:
        self._config = config
        self._stream = stream
        self._limit = limit
        self._shared = Shared()

    def setup(self) -> None:
        """Find the consumers of this process."""
        self._partitions: _Partitions = self._shared.acquire(_Partitions)

    def process(self, keyed: tuple[Place, int], next_offset: Any = beam.DoFn.StateParam(NEXT)) -> Iterator[Any]:
        """One tick of a partition; where the last one was a moment ago, the state is not asked for."""
        brokers, name, number = keyed[0]
        topic = Topic(brokers, name)
        partition = self._partition(topic, number)
        if is_stopping(self._stream.output) or not partition.is_due(self._stream.tick_s):
            return
        known = next_offset.read()
        offset = self._stored(topic, number) if known is None else known
        taken = partition.take(offset)
        if taken.next != known:
            next_offset.write(taken.next)
        yield from self._documents(topic, number, taken)
        yield from map(partial(TaggedOutput, "parcels"), _parcels(topic, number, offset, taken))

    def _partition(self, topic: Topic, number: int) -> "Partition":
        from transforms.stream.sources.kafka_partition import Partition

        place = (*topic, number)
        with self._partitions.lock:  # Prism may run two bundles of a key at once
            self._partitions.forget_others()
            if place not in self._partitions:
                self._partitions[place] = Partition(topic, number, self._config)
            return self._partitions[place]

    def _stored(self, topic: Topic, number: int) -> int:
        cursors = keep_trying(partial(read_cursors, self._stream.output, topic.address))
        return {cursor.item: cursor.position for cursor in cursors}.get(str(number), EARLIEST)

    def _documents(self, topic: Topic, number: int, taken: "Taken") -> Iterator[Document]:
        empty = Document(topic.address, b"", time.time_ns() // 1000)
        if taken.expired:
            yield expired_document(empty, topic, number, taken.expired)
        yield from to_documents(taken.values, empty, self._limit)


def expired_document(empty: Document, topic: Topic, number: int, offsets: tuple[int, int]) -> Document:
    """A document that says which messages were deleted before they were read."""
    first, last = offsets
    detail = f"{topic.name}, partition {number}: offsets {first} to {last} were deleted before they were read"
    # The payload makes it another reject than the next one of this topic.
    return Document(empty.source, detail.encode(), empty.read_at, failure="MessagesExpired", detail=detail)


def _parcels(topic: Topic, number: int, offset: int, taken: "Taken") -> Iterator[Parcel]:
    counts = {"messages": len(taken.values), "tombstones": taken.tombstones, "kafka_errors": taken.errors}
    for name, count in counts.items():
        Metrics.counter("dateline", name).inc(count)
    if any(counts.values()):
        yield wrap("counts", counts)
    if taken.behind is not None:
        Metrics.gauge("dateline", f"kafka_behind_{topic.name}_{number}").set(taken.behind)
        if taken.behind or taken.next != offset:
            yield wrap("levels", {f"kafka_behind {topic.address}/{number}": taken.behind})
    if taken.next not in (offset, EARLIEST):
        yield wrap("cursors", [Cursor(topic.address, str(number), taken.next)])
