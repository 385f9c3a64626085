"""Servers for tests of streams; a test that asks for one fails where Java, Maven or Go are missing, and says so."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.flink import Flink
from tests.cluster.kafka import Kafka
from tests.cluster.stream import batch_of
from tests.cluster.survive import all_sent

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flink]:
    cluster = Flink(tmp_path_factory.mktemp("flink"))
    cluster.run("up")
    yield cluster
    cluster.run("down")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    broker = Kafka(tmp_path_factory.mktemp("kafka"))
    broker.run("up")
    yield broker
    broker.run("down")


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a batch makes of the messages that drills send."""
    return batch_of(tmp_path_factory.mktemp("undisturbed"), all_sent())


@pytest.fixture(scope="session")
def prism() -> list[str]:
    """The flags for Beam's local runner of streams."""
    found = subprocess.run([ROOT / "deploy/prism.sh"], check=True, stdout=subprocess.PIPE, text=True)
    return ["--runner=PrismRunner", f"--prism_location={found.stdout.strip()}"]
