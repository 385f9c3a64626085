"""One partition of a topic, read from where it was left."""

import logging
import time
from threading import Lock
from typing import NamedTuple

from confluent_kafka import KafkaError, Message, TopicPartition

from transforms.stream.sources.kafka_client import Config, open_consumer
from transforms.stream.sources.kafka_topics import EARLIEST, Topic

MOST_MESSAGES, MOST_BYTES = 5_000, 16 << 20  # of one tick, and what one call to the library adds to them
_AT_ONCE = 100
_TELL_S = 60.0
_log = logging.getLogger("kafka")


class Taken(NamedTuple):
    """What a tick has taken. `behind`: messages that were there and were not taken; None where that is not known."""

    values: list[bytes]
    next: int  # the offset to go on from
    expired: tuple[int, int] | None  # the first and last offset of messages that were deleted before they were read
    tombstones: int
    errors: int
    behind: int | None


class Partition:
    """A partition as this process reads it: a consumer, whose position only mirrors the runner's state."""

    def __init__(self, topic: Topic, number: int, config: Config) -> None:
        self._topic = topic
        self._number = number
        self._consumer = open_consumer(topic, config, self._hear)
        self._lock = Lock()
        self._next: int | None = None
        self._restarted: int | None = None  # where it should have gone on, were that message still there
        self._expired: tuple[int, int] | None = None
        self._tombstones = self._errors = 0
        self._taken_at = self._told_at = -_TELL_S
        self._asked_at = time.monotonic()

    def is_due(self, tick_s: float) -> bool:
        """Whether enough time has gone by: ticks that come in a burst find nothing new."""
        self._asked_at = time.monotonic()
        return self._asked_at - self._taken_at > tick_s / 2

    def idle_s(self) -> float:
        """Seconds since it was asked for."""
        return time.monotonic() - self._asked_at

    def close(self) -> None:
        """End its consumer, and the threads of that."""
        with self._lock:
            self._consumer.close()

    def take(self, offset: int) -> Taken:
        """The messages from an offset on that have arrived here by now; the library fetches more meanwhile."""
        with self._lock:  # Prism may run two bundles of a key at once
            return self._take(offset)

    def _take(self, offset: int) -> Taken:
        self._taken_at = time.monotonic()
        if offset != self._next:
            self._start(offset)
            self._restarted = None
        self._expired, self._tombstones, self._errors = None, 0, 0
        values: list[bytes] = []
        received = size = 0
        while received < MOST_MESSAGES and size < MOST_BYTES:
            messages = self._consumer.consume(_AT_ONCE, 0)
            if not messages:
                break
            received += len(messages)
            arrived = [value for message in messages if (value := self._receive(message)) is not None]
            size += sum(map(len, arrived))
            values += arrived
        assert self._next is not None
        return Taken(values, self._next, self._expired, self._tombstones, self._errors, self._behind())

    def _receive(self, message: Message) -> bytes | None:
        """A message's value; None for a tombstone and for what is no message."""
        error = message.error()
        if error is None:
            self._arrive(message, 1)
            self._tombstones += message.value() is None
            return message.value()
        if error.code() == KafkaError._PARTITION_EOF:  # past the marks that transactions leave
            self._arrive(message, 0)
        elif error.code() == KafkaError._AUTO_OFFSET_RESET:  # there is no such offset any more, or not yet again
            self._restarted = self._next
            self._start(EARLIEST)
            self._next = self._restarted
        else:
            self._hear(error)
        return None

    def _start(self, offset: int) -> None:
        self._consumer.assign([TopicPartition(self._topic.name, self._number, offset)])
        self._next = offset

    def _arrive(self, message: Message, step: int) -> None:
        offset = message.offset()
        assert offset is not None  # only what is told of a broker has none
        if self._restarted is not None and offset > self._restarted:
            self._expired = self._restarted, offset - 1
        self._restarted, self._next = None, offset + step

    def _behind(self) -> int | None:
        marks = self._consumer.get_watermark_offsets(TopicPartition(self._topic.name, self._number), cached=True)
        if marks is None or marks[1] < 0 or self._next is None or self._next < 0:
            return None
        return max(marks[1] - self._next, 0)

    def _hear(self, error: KafkaError) -> None:
        """Trouble with a broker: the library goes on trying, and so does the next tick."""
        self._errors += 1
        if time.monotonic() - self._told_at > _TELL_S:
            self._told_at = time.monotonic()
            _log.warning("%s, partition %d: %s", self._topic.address, self._number, error.str())
