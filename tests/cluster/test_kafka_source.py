"""Kafka as a source, on a real broker: each message once, whatever becomes of workers, broker and topic."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from schemas.cursors import Cursor
from schemas.errors import UsageError
from schemas.records import Document
from tests.cluster.kafka import PARTITIONS, Kafka
from transforms.read_files import ReadLimits
from transforms.stream.parcels import Contents, unwrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources import kafka_partitions
from transforms.stream.sources.kafka import FindPartitions, PollKafka, PollPartition
from transforms.stream.sources.kafka_client import check_topics
from transforms.stream.sources.kafka_partition import MOST_MESSAGES
from transforms.stream.sources.kafka_topics import Topic, parse_topic
from transforms.stream.stopping import ask_to_stop

pytestmark = pytest.mark.cluster

PATIENCE_S = 60


class Value:
    """The runner's state of one value."""

    content: int | None = None

    def read(self) -> int | None:
        return self.content

    def write(self, content: int) -> None:
        self.content = content


class Runner:
    """Runs ticks of one partition, as a runner does; `state` outlives a worker."""

    def __init__(self, topic: Topic, output: Path, state: Value | None = None) -> None:
        self.place = (*topic, 0)
        self.state = state or Value()
        self.poll = PollPartition({}, StreamSettings(str(output), "run", 5, tick_s=0), ReadLimits().document)
        self.poll.setup()
        self.parcels: list[Any] = []

    def tick(self) -> list[Document]:
        documents = []
        for out in self.poll.process((self.place, 0), self.state):
            if isinstance(out, Document):
                documents.append(out)
            else:
                self.parcels.append(out.value)
        return documents

    def until(self, is_enough: Callable[[list[Document]], bool], end_s: float = PATIENCE_S) -> list[Document]:
        """The documents of as many ticks as it takes."""
        documents: list[Document] = []
        end = time.monotonic() + end_s
        while not is_enough(documents) and time.monotonic() < end:
            documents += self.tick()
            time.sleep(0.002)
        return documents

    def read(self, count: int) -> list[bytes]:
        """The lines of so many messages, and of what follows at once."""
        documents = self.until(lambda documents: len(lines(documents)) >= count)
        return lines(documents + self.until(lambda _: False, 0.1))

    def contents(self) -> Contents:
        return unwrap(self.parcels)


def lines(documents: list[Document]) -> list[bytes]:
    return [line for document in documents for line in document.data.split(b"\n")]


def articles(first: int, end: int) -> list[bytes]:
    return [
        b'{"url": "https://example.org/%d", "title": "Number %d"}' % (number, number) for number in range(first, end)
    ]


@pytest.fixture
def admin(kafka: Kafka) -> AdminClient:
    return AdminClient({"bootstrap.servers": kafka.server})


@pytest.fixture
def topic(kafka: Kafka) -> Topic:
    return parse_topic(f"{kafka.server}/{kafka.new_topic()}")


@pytest.fixture
def runner(topic: Topic, tmp_path: Path) -> Runner:
    return Runner(topic, tmp_path)


def send(topic: Topic, values: list[bytes | None], **settings: str) -> None:
    """To partition 0; in a transaction where the settings name one."""
    producer = Producer({"bootstrap.servers": topic.brokers, "enable.idempotence": True, **settings})
    if settings:
        producer.init_transactions()
        producer.begin_transaction()
    for value in values:
        producer.produce(topic.name, value, key=b"k", partition=0)
        producer.poll(0)
    if settings:
        producer.commit_transaction()
    assert producer.flush(PATIENCE_S) == 0


def test_a_topic_is_checked(kafka: Kafka, topic: Topic) -> None:
    check_topics([f"{kafka.server}/{topic.name}"], {})
    with pytest.raises(UsageError, match="there is no topic nowhere"):
        check_topics([f"{kafka.server}/nowhere"], {})


def test_each_message_is_read_once_in_order(topic: Topic, runner: Runner) -> None:
    sent = articles(0, 30_000)
    send(topic, list(sent))
    assert runner.read(len(sent)) == sent
    contents = runner.contents()
    assert sum(counts["messages"] for counts in contents.counts) == len(sent)
    assert max(counts["messages"] for counts in contents.counts) < MOST_MESSAGES + 100
    assert contents.cursors[-1] == Cursor(topic.address, "0", len(sent))
    assert contents.levels[0][f"kafka_behind {topic.address}/0"] > 0
    assert contents.levels[-1] == {f"kafka_behind {topic.address}/0": 0}


def test_an_idle_partition_says_nothing(topic: Topic, runner: Runner) -> None:
    send(topic, list(articles(0, 1)))
    runner.read(1)
    told = len(runner.parcels)
    runner.until(lambda _: False, 0.2)
    assert len(runner.parcels) == told


def test_a_tick_that_is_taken_back_is_read_again(topic: Topic, runner: Runner) -> None:
    sent = articles(0, 10)
    send(topic, list(sent))
    assert runner.read(10) == sent
    runner.state.write(4)
    assert runner.read(6) == sent[4:]


def test_another_worker_goes_on_from_the_state(topic: Topic, runner: Runner, tmp_path: Path) -> None:
    sent = articles(0, 10)
    send(topic, list(sent[:6]))
    assert runner.read(6) == sent[:6]
    send(topic, list(sent[6:]))
    assert Runner(topic, tmp_path, runner.state).read(4) == sent[6:]
    assert runner.until(lambda _: False, 0.2) == []


def test_without_state_it_goes_on_from_the_dataset(
    topic: Topic, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = [Cursor(topic.address, "1", 2), Cursor(topic.address, "0", 7)]
    monkeypatch.setattr("transforms.stream.sources.kafka.read_cursors", lambda output, source: stored)
    send(topic, list(articles(0, 10)))
    assert runner.read(3) == articles(7, 10)


def test_messages_that_expired_are_told_of(topic: Topic, runner: Runner, admin: AdminClient) -> None:
    send(topic, list(articles(0, 10)))
    assert len(runner.read(10)) == 10
    send(topic, list(articles(10, 30)))
    delete_before(admin, topic, 25)
    runner.state.write(12)
    expired, *rest = runner.until(lambda documents: len(lines(documents)) > 5)
    assert (expired.failure, expired.detail) == (
        "MessagesExpired",
        f"{topic.name}, partition 0: offsets 12 to 24 were deleted before they were read",
    )
    assert lines(rest) == articles(25, 30)


def test_where_all_messages_expired_it_goes_on_at_the_end(topic: Topic, runner: Runner, admin: AdminClient) -> None:
    send(topic, list(articles(0, 10)))
    delete_before(admin, topic, 10)
    runner.state.write(4)
    (expired,) = runner.until(bool)
    assert "offsets 4 to 9 " in expired.detail
    send(topic, list(articles(10, 12)))
    assert runner.read(2) == articles(10, 12)


def delete_before(admin: AdminClient, topic: Topic, offset: int) -> None:
    for deleted in admin.delete_records([TopicPartition(topic.name, 0, offset)]).values():
        deleted.result()


def test_a_topic_that_was_made_anew_is_read_from_its_start(topic: Topic, runner: Runner, admin: AdminClient) -> None:
    send(topic, list(articles(0, 10)))
    assert len(runner.read(10)) == 10
    admin.delete_topics([topic.name])[topic.name].result()
    time.sleep(1)
    admin.create_topics([NewTopic(topic.name, 1, 1)])[topic.name].result()
    send(topic, list(articles(50, 53)))
    assert runner.read(3) == articles(50, 53)


def test_tombstones_and_marks_of_transactions_are_passed_over(topic: Topic, runner: Runner) -> None:
    send(topic, [*articles(0, 1), None, *articles(1, 2)])
    send(topic, list(articles(2, 3)), **{"transactional.id": topic.name})
    assert runner.read(3) == articles(0, 3)
    runner.until(lambda _: runner.state.read() == 5)  # the mark is at 4
    contents = runner.contents()
    assert sum(counts["tombstones"] for counts in contents.counts) == 1
    assert contents.cursors[-1].position == 5
    assert contents.levels[-1] == {f"kafka_behind {topic.address}/0": 0}


def test_a_new_partition_is_found(topic: Topic, tmp_path: Path, admin: AdminClient, monkeypatch: Any) -> None:
    monkeypatch.setattr(kafka_partitions, "LOOK_S", 0.1)
    find = FindPartitions([topic], {}, str(tmp_path))
    find.setup()
    assert wait_for(lambda: list(find.process(7)), PARTITIONS) == [((*topic, 0), 7), ((*topic, 1), 7)]
    admin.create_partitions([NewPartitions(topic.name, 5)])[topic.name].result()
    assert len(wait_for(lambda: list(find.process(8)), 5)) == 5


def wait_for(look: Callable[[], list[Any]], count: int) -> list[Any]:
    end = time.monotonic() + PATIENCE_S
    while len(found := look()) < count and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_nothing_is_polled_once_it_is_to_stop(topic: Topic, runner: Runner, tmp_path: Path) -> None:
    send(topic, list(articles(0, 1)))
    ask_to_stop(str(tmp_path))
    assert runner.until(bool, 1.5) == []


def test_a_broker_that_is_killed_costs_no_message(kafka: Kafka, topic: Topic, runner: Runner) -> None:
    sent = articles(0, 4_000)
    send(topic, list(sent[:2_000]))
    got = lines(runner.until(lambda documents: len(lines(documents)) >= 1_000))
    kafka.run("kill")
    got += lines(runner.until(lambda _: False, 2))
    kafka.run("up")
    send(topic, list(sent[2_000:]))
    assert got + runner.read(len(sent) - len(got)) == sent
    assert sum(counts["kafka_errors"] for counts in runner.contents().counts) > 0


def test_in_a_pipeline(kafka: Kafka, topic: Topic, tmp_path: Path, monkeypatch: Any) -> None:
    sent = articles(0, 40)
    kafka.send(topic.name, sent)
    find = FindPartitions.process

    def find_slowly(self: FindPartitions, tick: int) -> Iterator[Any]:
        time.sleep(0.05)
        yield from find(self, tick)

    poll = PollPartition.process

    def poll_slowly(self: PollPartition, keyed: Any, next_offset: Any = PollPartition.process.__defaults__[0]) -> Any:
        time.sleep(0.05)
        yield from poll(self, keyed, next_offset)

    monkeypatch.setattr(FindPartitions, "process", find_slowly)
    monkeypatch.setattr(PollPartition, "process", poll_slowly)
    stream = StreamSettings(str(tmp_path), "run", 5, tick_s=0)
    with beam.Pipeline(runner="FnApiRunner") as root:
        ticks = root | beam.Create(range(20)) | beam.Map(stamp).with_output_types(int)
        sourced = ticks | PollKafka([f"{kafka.server}/{topic.name}"], stream)
        texts = sourced.documents | beam.FlatMap(lambda document: lines([document]))
        assert_that(texts, equal_to(sent), "documents")
        cursors = sourced.parcels | beam.FlatMap(lambda parcel: unwrap([parcel]).cursors)
        assert_that(cursors | beam.Map(lambda cursor: cursor.item), equal_to(["0", "1"]), "cursors")


def stamp(tick: int) -> Any:
    return TimestampedValue(tick, tick)
