"""Kafka as a source, as far as no broker is needed: addresses, settings, messages to documents."""

import json
import socket
import sys
from pathlib import Path

import pytest

from schemas.cursors import Cursor
from schemas.errors import MessagesExpired, UsageError
from schemas.records import Document
from transforms.parse import parse_document
from transforms.stream.parcels import unwrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources import kafka, kafka_client
from transforms.stream.sources.kafka import PollPartition, _parcels, expired_document
from transforms.stream.sources.kafka_client import check_topics, fill, open_consumer, read_config
from transforms.stream.sources.kafka_documents import JOINED_BYTES, to_documents
from transforms.stream.sources.kafka_partition import Taken
from transforms.stream.sources.kafka_topics import EARLIEST, Topic, parse_topic

TOPIC = Topic("h:9092", "news")
EMPTY = Document(TOPIC.address, b"", 7)

ADDRESSES = {
    "one broker": ("h:9092/news", "kafka://h:9092/news"),
    "several, in any order": ("b:9092,a:9092,b:9092/news", "kafka://a:9092,b:9092/news"),
    "as a URL": ("kafka://h:9092/news", "kafka://h:9092/news"),
    "IPv6": ("[::1]:9092/news", "kafka://[::1]:9092/news"),
    "capitals in hosts mean nothing": ("Host:9092/News", "kafka://host:9092/News"),
    "dots and dashes": ("k-1.example.org:9092/a.b-c_d", "kafka://k-1.example.org:9092/a.b-c_d"),
}


@pytest.mark.parametrize(("text", "address"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_topic_is_named_by_brokers_and_name(text: str, address: str) -> None:
    assert parse_topic(text).address == address


NO_TOPICS = {
    "no port": "h/news",
    "no topic": "h:9092/",
    "no broker": "news",
    "port too large": "h:99999/news",
    "port 0": "h:0/news",
    "a path": "h:9092/news/world",
    "a blank": "h:9092/the news",
    "a dot": "h:9092/..",
    "too long": "h:9092/" + "n" * 250,
    "credentials": "me:secret@h:9092/news",
}


@pytest.mark.parametrize("text", NO_TOPICS.values(), ids=NO_TOPICS)
def test_what_names_no_topic_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--kafka"):
        parse_topic(text)


def test_settings_are_read_and_secrets_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c").write_text("# ours\nsecurity.protocol = SASL_SSL\n\nsasl.password=${NEWS_KEY}!\n")
    config = read_config(str(tmp_path / "c"))
    assert config == {"security.protocol": "SASL_SSL", "sasl.password": "${NEWS_KEY}!"}
    monkeypatch.setenv("NEWS_KEY", "a=b")
    assert fill(config)["sasl.password"] == "a=b!"
    monkeypatch.delenv("NEWS_KEY")
    with pytest.raises(UsageError, match="NEWS_KEY is not set"):
        fill(config)


BAD_SETTINGS = {
    "no value": ("acks", "line 2: a setting is written as name=value"),
    "ours": ("auto.offset.reset=latest", "line 2: auto.offset.reset cannot be set"),
    "the address": ("bootstrap.servers=h:1", "it is the address in --kafka"),
    "a secret spelt out": ("sasl.password=hunter2", "line 2: sasl.password names no environment variable"),
    "a key spelt out": ("ssl.key.pem=hunter2", "ssl.key.pem names no environment variable"),
}


@pytest.mark.parametrize(("line", "message"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "c").write_text(f"client.id=x\n{line}\n")
    with pytest.raises(UsageError, match=message) as refused:
        read_config(str(tmp_path / "c"))
    assert "hunter2" not in str(refused.value)


def test_a_file_of_settings_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"--kafka_config {tmp_path}/c"):
        read_config(str(tmp_path / "c"))


def test_a_setting_that_the_client_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--kafka_config: .*no.such"):
        open_consumer(TOPIC, {"no.such": "1"}, print)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(UsageError, match=r"dateline\[kafka\]"):
        check_topics(["h:9092/news"], {})


def test_brokers_that_do_not_answer_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_client, "_METADATA_S", 0.3)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}/news"
        with pytest.raises(UsageError, match=f"--kafka {address}: .*refused"):
            check_topics([address], {})


ALONE = {
    "a feed": b"<rss><channel/></rss>",
    "a page": b"<html><p>One",
    "text": b"One\n\nTwo",
    "text in braces": b"{One",
    "JSON on many lines": b'{\n"title": "One"}',
    "JSON lines": b'{"title": "One"}\n{"title": "Two"}',
    "a JSON Feed": b'{"version": "https://jsonfeed.org/version/1", "items": []}',
    "an array": b'[{"title": "One"}]',
    "nothing": b"",
    "text in UTF-16": "\ufeffOne\n".encode("utf-16-be"),
}


@pytest.mark.parametrize("value", ALONE.values(), ids=ALONE)
def test_a_document_comes_through_as_it_is(value: bytes) -> None:
    assert list(to_documents([value], EMPTY, 1000)) == [Document(TOPIC.address, value, 7)]


def test_articles_are_joined() -> None:
    values = [json.dumps({"title": f"Number {number}"}).encode() for number in range(5)]
    values[2] = b" " + values[2] + b"\r\n"
    (document,) = to_documents(values, EMPTY, 1000)
    assert document.is_lines
    entries = list(parse_document(document))
    assert [entry.title for entry in entries] == [f"Number {number}" for number in range(5)]
    assert {entry.source for entry in entries} == {TOPIC.address}


def test_joined_documents_are_bounded() -> None:
    values = [b'{"body": "%s"}' % (b"x" * 100_000)] * 5
    documents = list(to_documents(values, EMPTY, 1 << 20))
    assert [document.data.count(b"{") for document in documents] == [2, 2, 1]
    assert max(len(document.data) for document in documents) < JOINED_BYTES + 10


def test_one_that_is_no_article_spoils_no_other() -> None:
    values = [b'{"title": "One"}', b'{"a": \xff}', b'{"title": "Two"}']
    (document,) = to_documents(values, EMPTY, 1000)
    assert [(entry.title, entry.failure) for entry in parse_document(document)] == [
        ("One", ""),
        ("", "Malformed"),
        ("Two", ""),
    ]


def test_a_message_over_the_limit_says_so() -> None:
    documents = list(to_documents([b'{"title": "One"}', b"x" * 101, b"y" * 100], EMPTY, 100))
    assert [(document.failure, document.data[:1]) for document in documents] == [
        ("TooLarge", b"x"),
        ("", b"y"),
        ("", b"{"),
    ]


def test_expired_messages_are_told_apart() -> None:
    first, second = (expired_document(EMPTY, TOPIC, number, (10, 59)) for number in (0, 1))
    assert first.detail == "news, partition 0: offsets 10 to 59 were deleted before they were read"
    assert first.data != second.data
    with pytest.raises(MessagesExpired, match="offsets 10 to 59"):
        list(parse_document(first))


def test_parcels_say_how_far_it_is() -> None:
    contents = unwrap(_parcels(TOPIC, 3, 10, Taken([b"x"] * 4, 15, None, 1, 0, 6)))
    assert contents.counts == [{"messages": 4, "tombstones": 1, "kafka_errors": 0}]
    assert contents.cursors == [Cursor("kafka://h:9092/news", "3", 15)]
    assert contents.levels == [{"kafka_behind kafka://h:9092/news/3": 6}]


def test_a_partition_that_another_process_reads_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = PollPartition({}, StreamSettings(str(tmp_path), "s", 300), 1000)
    poll.setup()
    topic = Topic("127.0.0.1:9", "news")
    former = poll._partition(topic, 0)
    assert poll._partition(topic, 0) is former
    monkeypatch.setattr(kafka, "FORGET_S", 0)
    poll._partition(topic, 1)
    assert [place[2] for place in poll._partitions] == [1]
    with pytest.raises(RuntimeError, match="closed"):
        former.take(0)


@pytest.mark.parametrize("offset", [EARLIEST, 15])
def test_where_nothing_came_there_is_nothing_to_say(offset: int) -> None:
    assert not list(_parcels(TOPIC, 3, offset, Taken([], offset, None, 0, 0, 0)))
