"""Kill -9 of each process of a Flink cluster, and new code: no row is lost, none is there twice."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.flink import Flink
from tests.cluster.kafka import Kafka
from tests.cluster.stream import ROOT, Stream
from tests.cluster.survive import survive
from tests.runs import rows_of
from transforms.write.run import pipeline_version

NEW_VERSION = "99.0"


@pytest.fixture
def flags(flink: Flink) -> list[str]:
    return [*flink.run("flags").split(), "--checkpointing_interval=1000"]


def kill_a_worker(flink: Flink) -> None:
    flink.kill_worker("taskmanager-1")


def kill_a_task_manager(flink: Flink) -> None:
    flink.restart("taskmanager-2")


def restored(flink: Flink, kill: Callable[[Flink], None], stream: Stream) -> None:
    """Returns when the job has gone back to its last checkpoint after a kill."""
    stream.wait_for(lambda: flink.checkpoints("completed") > 0)
    before = flink.checkpoints("restored")
    kill(flink)
    stream.wait_for(lambda: flink.checkpoints("restored") > before)


def kill_the_job_manager(flink: Flink, stream: Stream) -> None:
    """The new one counts anew."""
    stream.wait_for(lambda: flink.checkpoints("completed") > 0)
    flink.restart("jobmanager")
    stream.wait_for(lambda: flink.checkpoints("restored") == 1)


def lose_the_cluster(flink: Flink, stream: Stream) -> None:
    """All processes are killed, and a cluster that knows nothing of the job takes their place."""
    for process in ("taskmanager-1", "taskmanager-2", "jobmanager", "zookeeper"):
        flink.run("kill", process)
    stream.kill()
    flink.run("up")
    stream.start()


@pytest.mark.cluster
def test_a_killed_worker_then_a_killed_task_manager(
    flink: Flink, kafka: Kafka, flags: list[str], tmp_path: Path, undisturbed: Path
) -> None:
    kills = [partial(restored, flink, kill) for kill in (kill_a_worker, kill_a_task_manager)]
    survive(kafka, tmp_path / "stream", undisturbed, flags, kills)


@pytest.mark.drill
@pytest.mark.parametrize("disturb", [kill_the_job_manager, lose_the_cluster])
def test_a_lost_job_manager_or_cluster(
    disturb: Callable[[Flink, Stream], None],
    flink: Flink,
    kafka: Kafka,
    flags: list[str],
    tmp_path: Path,
    undisturbed: Path,
) -> None:
    survive(kafka, tmp_path / "stream", undisturbed, flags, [partial(disturb, flink)])


@pytest.mark.drill
def test_new_code_goes_on_from_a_savepoint(
    flink: Flink, kafka: Kafka, flags: list[str], tmp_path: Path, undisturbed: Path
) -> None:
    code = copy_code(tmp_path / "code")

    def upgrade(stream: Stream) -> None:
        stream.wait_for_rows(1)
        savepoint = flink.run("savepoint")
        stream.process.wait(60)
        stream.start(*flink.run("flags", PYTHONPATH=str(code)).split(), f"--savepoint_path={savepoint}", code=code)
        stream.wait_for(lambda: flink.checkpoints("restored") == 1)

    survive(kafka, tmp_path / "stream", undisturbed, flags, [upgrade])
    written = {row["pipeline_version"] for row in rows_of(str(tmp_path / "stream"), "articles")}
    assert written == {pipeline_version(), NEW_VERSION}


def copy_code(folder: Path) -> Path:
    """The project's modules as another version, found before the installed ones on PYTHONPATH."""
    for package in ("pipelines", "transforms", "schemas"):
        shutil.copytree(ROOT / package, folder / package)
    metadata = folder / f"dateline-{NEW_VERSION}.dist-info/METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: dateline\nVersion: {NEW_VERSION}\n")
    return folder
