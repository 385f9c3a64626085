"""A stream on one machine, whose runner keeps nothing: what fails around it costs no row, and doubles none."""

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.kafka import Kafka
from tests.cluster.processes import children, command_of
from tests.cluster.stream import Stream
from tests.cluster.survive import survive

AWAY_S = 10
UNWRITABLE_S = 60


def kill_prism(stream: Stream) -> None:
    """The command ends with an error, and is started again."""
    (prism,) = [child for child in children(stream.process.pid) if "prism" in command_of(child)]
    os.kill(prism, signal.SIGKILL)
    assert stream.process.wait(60) == 1
    assert "start" in stream.tail().splitlines()[-1]
    stream.start()


def kill_all(stream: Stream) -> None:
    """The command and the runner at once."""
    stream.kill()
    stream.start()


@pytest.mark.cluster
def test_the_runner_is_killed(kafka: Kafka, prism: list[str], tmp_path: Path, undisturbed: Path) -> None:
    survive(kafka, tmp_path / "stream", undisturbed, prism, [kill_prism])


@pytest.mark.drill
def test_the_runner_and_the_command_are_killed(
    kafka: Kafka, prism: list[str], tmp_path: Path, undisturbed: Path
) -> None:
    survive(kafka, tmp_path / "stream", undisturbed, prism, [kill_all])


def lose_the_broker(kafka: Kafka, stream: Stream) -> None:
    kafka.run("kill")
    time.sleep(AWAY_S)
    kafka.run("up")


def block_the_output(stream: Stream) -> None:
    """A file stands where the dataset was."""
    away = stream.output.with_suffix(".away")
    stream.output.rename(away)
    stream.output.touch()
    time.sleep(UNWRITABLE_S)
    stream.output.unlink()
    away.rename(stream.output)


@pytest.mark.drill
def test_the_broker_is_killed_and_comes_back(kafka: Kafka, prism: list[str], tmp_path: Path, undisturbed: Path) -> None:
    survive(kafka, tmp_path / "stream", undisturbed, prism, [partial(lose_the_broker, kafka)])


@pytest.mark.drill
def test_the_output_cannot_be_written_for_a_minute(
    kafka: Kafka, prism: list[str], tmp_path: Path, undisturbed: Path
) -> None:
    survive(kafka, tmp_path / "stream", undisturbed, prism, [block_the_output])
