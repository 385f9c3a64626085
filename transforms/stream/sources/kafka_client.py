"""Connections to Kafka, by confluent-kafka, which is in the extra `kafka`."""

import logging
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from apache_beam.io.filesystems import FileSystems

from schemas.errors import UsageError
from transforms.stream.sources.kafka_topics import Topic, parse_topic

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError

Config = dict[str, str]  # settings of librdkafka by name, with ${VARIABLE} for what the worker's environment holds

_DEFAULTS: dict[str, str | int] = {
    "group.id": "dateline",
    "queued.max.messages.kbytes": 16 << 10,  # read ahead for a partition
    "reconnect.backoff.max.ms": 2_000,
}
_METADATA_S = 10.0
_OURS = {
    "bootstrap.servers": "it is the address in --kafka",
    "enable.auto.commit": "offsets are kept with the dataset",
    "auto.offset.reset": "offsets are kept with the dataset",
    "enable.partition.eof": "the reading rests on it",
}
_SECRET = ("password", "secret", ".pem")
_SETTING = re.compile(r"([a-z][a-z0-9._]*)\s*=\s*(.*)")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def read_config(path: str) -> Config:
    """The settings in a file, such as `security.protocol=SASL_SSL`, one a line; `#` starts a line of comment.

    Raises UsageError, which holds no value, for a line that is none, a setting that is Dateline's own, a secret that
    is spelt out in place of ${VARIABLE}, and a file that cannot be read.
    """
    try:
        with FileSystems.open(path) as file:
            lines = file.read().decode().splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"--kafka_config {path}: {error}") from error
    config: Config = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line and not line.startswith("#"):
            found = _SETTING.fullmatch(line)
            if not found:
                raise UsageError(f"--kafka_config {path}, line {number}: a setting is written as name=value")
            config[found[1]] = found[2]
            _refuse(found[1], found[2], f"--kafka_config {path}, line {number}")
    return config


def _refuse(name: str, value: str, place: str) -> None:
    if name in _OURS:
        raise UsageError(f"{place}: {name} cannot be set: {_OURS[name]}")
    if name.endswith(_SECRET) and not _VARIABLE.search(value):
        raise UsageError(f"{place}: {name} names no environment variable, as in ${{NAME}}")


def open_consumer(topic: Topic, config: Config, hear: "Callable[[KafkaError], None]") -> "Consumer":
    """A consumer that is assigned nothing yet; `hear` is told of trouble with brokers.

    Raises UsageError where the extra is not installed, a variable is not set or a setting is refused.
    """
    try:
        from confluent_kafka import Consumer, KafkaException
    except ImportError as error:
        raise UsageError(f"--kafka needs confluent-kafka: pip install 'dateline[kafka]' ({error})") from error
    ours = {"bootstrap.servers": topic.brokers, "enable.auto.commit": False, "error_cb": hear}
    ours |= {"auto.offset.reset": "error", "enable.partition.eof": True}
    try:
        return Consumer(_DEFAULTS | fill(config) | ours, logger=_quiet())
    except KafkaException as error:
        raise UsageError(f"--kafka_config: {error.args[0].str()}") from error


def fill(config: Config) -> Config:
    """The settings with the values of environment variables. Raises UsageError for one that is not set."""
    return {name: _VARIABLE.sub(lambda match: _variable(match[1]), value) for name, value in config.items()}


def count_partitions(topic: Topic, consumer: "Consumer") -> int:
    """How many partitions a topic has; 0 where there is no such topic. KafkaException where no broker says."""
    from confluent_kafka import KafkaError, KafkaException

    consumer.poll(0)  # or what it has to tell of brokers would be kept for ever
    found = consumer.list_topics(topic.name, _METADATA_S).topics[topic.name]
    if found.error and found.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        return 0
    if found.error:
        raise KafkaException(found.error)
    return len(found.partitions)


def check_topics(texts: list[str], config: Config) -> None:
    """Raises UsageError, naming the value, for a topic whose brokers do not answer or do not have it."""
    for text in texts:
        topic = parse_topic(text)
        heard: list[KafkaError] = []
        consumer = open_consumer(topic, config, heard.append)
        try:
            _check(text, topic, consumer, heard)
        finally:
            consumer.close()


def _check(text: str, topic: Topic, consumer: "Consumer", heard: "list[KafkaError]") -> None:
    from confluent_kafka import KafkaException

    try:
        count = count_partitions(topic, consumer)
    except KafkaException as error:
        consumer.poll(0)
        raise UsageError(f"--kafka {text}: {'; '.join(each.str() for each in (error.args[0], *heard[:1]))}") from error
    if not count:
        raise UsageError(f"--kafka {text}: there is no topic {topic.name}")


def _variable(name: str) -> str:
    if name not in os.environ:
        raise UsageError(f"--kafka_config: the environment variable {name} is not set")
    return os.environ[name]


def _quiet() -> logging.Logger:
    """What the library says of each attempt to connect; trouble is heard of besides."""
    logger = logging.getLogger("kafka.client")
    logger.setLevel(logging.CRITICAL)
    return logger
