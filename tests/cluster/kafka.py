"""A Kafka broker for tests, and messages sent to it at a steady pace."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from tests.cluster.processes import two_free_ports

SCRIPT = Path(__file__).parent / "kafka.sh"
PARTITIONS = 2
# So many messages that belong together go to one partition, in their order.
BLOCK = 10


class Kafka:
    """A broker in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = two_free_ports()
        self._environment = os.environ | {"RUN": str(folder), "KAFKA_PORT": str(self.port)}
        self._numbers = count()

    def run(self, command: str) -> None:
        """up, kill or down. Raises CalledProcessError; the script says on stderr why."""
        subprocess.run([SCRIPT, command], env=self._environment, check=True)

    def new_topic(self) -> str:
        """The name of a topic that is empty."""
        name = f"news-{next(self._numbers)}"
        admin = AdminClient({"bootstrap.servers": self.server})
        admin.create_topics([NewTopic(name, PARTITIONS, 1)])[name].result()
        return name

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def sending(self, topic: str, messages: Sequence[bytes], rate: float) -> Iterator[None]:
        """Sends messages, so many a second, for as long as that takes; the context ends when they are all there."""
        sender = threading.Thread(target=self.send, args=(topic, messages, rate))
        sender.start()
        try:
            yield
        finally:
            sender.join()

    def send(self, topic: str, messages: Sequence[bytes], rate: float = float("inf")) -> None:
        """Returns when the broker has them all; it may be away for a while."""
        producer = Producer({"bootstrap.servers": self.server, "enable.idempotence": True})
        start = time.monotonic()
        for number, message in enumerate(messages):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            producer.produce(topic, message, partition=number // BLOCK % PARTITIONS)
            producer.poll(0)
        assert producer.flush(120) == 0
