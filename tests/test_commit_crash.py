"""Kill -9 at every step of a run and at moments between: another run leaves the dataset that it should be."""

import os
import signal
import time
from pathlib import Path

import pytest

from schemas.errors import AlreadyCommitted
from tests.dataset import CLEAN, NOON, add_articles, contents, run_in_steps
from transforms.write.manifests import already_committed

# Of the second run: three renames of articles, one of the feeds, one of the keys, one of a raw file; the former
# keys' removal.
STEPS = (
    "begin", "stage", "lock", "stamp", "prepare", "prepare", "prepare", "intent",
    "rename", "rename", "rename", "rename", "rename", "rename", "remove", "cursor", "manifest", "sweep",
)  # fmt: skip


def run_and_die(output: str, last_step: int) -> None:
    for step, _ in enumerate(run_in_steps(output, "r2", range(3, 12), NOON + 60)):
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)


def run_until_killed(output: str, ready: str) -> None:
    Path(ready).touch()
    add_articles(output, "r2", range(3, 12), NOON + 60)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    output = str(tmp_path_factory.mktemp("undisturbed"))
    add_articles(output, "r1", range(5))
    assert tuple(add_articles(output, "r2", range(3, 12), NOON + 60)) == STEPS
    return output


@pytest.fixture
def output(tmp_path: Path) -> str:
    add_articles(str(tmp_path), "r1", range(5))
    return str(tmp_path)


def check_after_another_run(output: str, undisturbed: str) -> None:
    try:
        add_articles(output, "r2", range(3, 12), NOON + 120)
    except AlreadyCommitted:
        assert already_committed(output, "r2")
    assert contents(output) == contents(undisturbed)
    assert file_names(output) == file_names(undisturbed)


def file_names(output: str) -> list[str]:
    return sorted(str(path.relative_to(output)) for path in Path(output).rglob("*"))


@pytest.mark.parametrize("last_step", range(len(STEPS)), ids=[f"{i}-{step}" for i, step in enumerate(STEPS)])
def test_killed_after_each_step(output: str, undisturbed: str, last_step: int) -> None:
    before = contents(output)
    process = CLEAN.Process(target=run_and_die, args=(output, last_step))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    if last_step < STEPS.index("rename"):
        assert contents(output) == before
    check_after_another_run(output, undisturbed)


@pytest.mark.parametrize("moment", range(10))
def test_killed_at_any_moment(output: str, undisturbed: str, tmp_path: Path, moment: int) -> None:
    ready = f"{tmp_path}.ready"
    process = CLEAN.Process(target=run_until_killed, args=(output, ready))
    process.start()
    while not os.path.exists(ready):
        time.sleep(0.001)
    time.sleep(moment * 0.005)
    process.kill()
    process.join()
    check_after_another_run(output, undisturbed)


def test_a_run_that_began_before_the_crash_finishes_it_first(output: str, undisturbed: str) -> None:
    other = run_in_steps(output, "r3", range(12), NOON + 120)
    assert "stage" in other
    process = CLEAN.Process(target=run_and_die, args=(output, STEPS.index("rename")))
    process.start()
    process.join()
    assert "sweep" in other
    assert already_committed(output, "r2")
    found = contents(output)
    assert found["raw"].pop()["data"] == b"raw r3"
    assert found == contents(undisturbed)


def test_killed_twice_in_the_same_commit(output: str, undisturbed: str) -> None:
    for last_step in (STEPS.index("rename") + 1, 1):
        process = CLEAN.Process(target=run_and_die, args=(output, last_step))
        process.start()
        process.join()
    check_after_another_run(output, undisturbed)
