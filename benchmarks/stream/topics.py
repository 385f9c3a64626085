"""A Kafka topic of articles to read: 2 KB each, one in twenty a copy under another link."""

import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import orjson
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from benchmarks.articles import write_articles

PARTITIONS = 4
COPY_EVERY = 20
_COPIED_AFTER = 1_000  # articles


@contextmanager
def filled_topic(server: str, count: int) -> Iterator[str]:
    """The name of a topic with `count` messages, which is there as long as the context is open."""
    admin, topic = AdminClient({"bootstrap.servers": server}), f"articles-{uuid4().hex[:8]}"
    admin.create_topics([NewTopic(topic, PARTITIONS, 1)])[topic].result()
    try:
        _fill(server, topic, count)
        yield topic
    finally:
        admin.delete_topics([topic])[topic].result()


def _fill(server: str, topic: str, count: int) -> None:
    producer = Producer({"bootstrap.servers": server, "linger.ms": 50})
    for number, line in enumerate(messages(count)):
        while len(producer) > 50_000:
            producer.poll(0.1)
        producer.produce(topic, line, partition=number % PARTITIONS)
    if left := producer.flush(60):
        raise KafkaException(f"{left} messages were not delivered")


def messages(count: int) -> Iterator[bytes]:
    """The messages, as JSON lines have them."""
    originals = deque[bytes](maxlen=_COPIED_AFTER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "articles.jsonl")
        write_articles(path, count - count // COPY_EVERY)
        with path.open("rb") as lines:
            for number in range(count):
                if number % COPY_EVERY < COPY_EVERY - 1:
                    originals.append(next(lines))
                    yield originals[-1]
                else:
                    yield copied(originals[number % len(originals)], number)


def copied(line: bytes, number: int) -> bytes:
    """An article as another outlet carries it: the text is the same."""
    article = orjson.loads(line)
    return orjson.dumps(article | {"url": f"https://copies.example.net/{number}", "source": "copies"})
