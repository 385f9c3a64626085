"""The partitions of topics, looked up by a thread time and again: no tick waits for a broker."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from confluent_kafka import KafkaException

from transforms.stream.sources.kafka_client import Config, count_partitions, open_consumer
from transforms.stream.sources.kafka_topics import Topic

LOOK_S = 30.0
_RETRY_S = 1.0
_THREADS = 4
_log = logging.getLogger("kafka")


class PartitionCount:
    """How many partitions a topic has, as far as is known."""

    def __init__(self, topic: Topic, config: Config, threads: ThreadPoolExecutor) -> None:
        self.known = 0
        self.failures = 0  # look-ups that failed, since it was last asked
        self._topic = topic
        self._threads = threads
        self._consumer = open_consumer(topic, config, lambda error: None)
        self._lock = Lock()
        self._looking: Future[int] | None = None
        self._next_look = 0.0

    def look(self) -> int:
        """What is known; a look-up is started or learnt from where it is time. Topics never lose partitions."""
        with self._lock:  # ticks may come to several threads
            if self._looking and self._looking.done():
                self.known = max(self.known, self._result(self._looking))
                self._looking = None
                self._next_look = time.monotonic() + (LOOK_S if self.known else _RETRY_S)
            elif not self._looking and time.monotonic() >= self._next_look:
                self._looking = self._threads.submit(count_partitions, self._topic, self._consumer)
        return self.known

    def _result(self, looking: "Future[int]") -> int:
        try:
            return looking.result()
        except KafkaException as error:
            _log.warning("%s cannot be looked up, and will be tried again: %s", self._topic.address, error)
            self.failures += 1
            return 0


class PartitionCounts(dict[Topic, PartitionCount]):
    """The topics of a process, which share threads."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(_THREADS, "topics")

    def of(self, topic: Topic, config: Config) -> PartitionCount:
        """What is known of a topic."""
        if topic not in self:
            self[topic] = PartitionCount(topic, config, self._threads)
        return self[topic]
