"""Kill -9 at every kind of step of a forgetting: run again, it leaves nothing, whatever was done before."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from pipelines.check import check_dataset
from tests.dataset import CLEAN
from tests.every_byte import holds
from tests.make import READ_AT, story
from tests.runs import rows_of
from tests.small_dataset import make_dataset
from transforms.forget.forget import Forgot, forget, forget_in_steps
from transforms.forget.selection import Selection

SELECTION = Selection(urls=("https://a.example/1",))
KINDS = ("begin", "lock", "stamp", "prepare", "intent", "rename", "remove", "cursor", "manifest", "sweep")
# After the first of each kind, and after the second of those of which there are several.
STOPS = [(kind, time) for kind in KINDS for time in (1, 2) if time == 1 or kind in ("rename", "remove")]


@pytest.fixture
def output(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))


def forget_and_die(output: str, last: str, time: int) -> None:
    for step in forget_in_steps(output, "f1", SELECTION, READ_AT, Forgot()):
        time -= step == last
        if not time:
            os.kill(os.getpid(), signal.SIGKILL)


def is_forgotten(output: str) -> bool:
    return not holds(output, "a.example/1") and not holds(output, story(1)) and not os.listdir(f"{output}/_staging")


def test_steps(output: str) -> None:
    steps = list(forget_in_steps(output, "f1", SELECTION, READ_AT, Forgot()))
    assert tuple(dict.fromkeys(steps)) == KINDS
    assert steps.count("prepare") == 1
    assert is_forgotten(output)


@pytest.mark.slow
@pytest.mark.parametrize(("last", "time"), STOPS, ids=[f"{kind}-{time}" for kind, time in STOPS])
def test_killed_after_each_step(output: str, last: str, time: int) -> None:
    ids = {row["article_id"] for row in rows_of(output, "articles")}
    process = CLEAN.Process(target=forget_and_die, args=(output, last, time))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    if KINDS.index(last) < KINDS.index("rename"):
        assert {row["article_id"] for row in rows_of(output, "articles")} == ids
    again = forget(output, SELECTION, READ_AT)
    assert again.is_nothing == (KINDS.index(last) >= KINDS.index("intent"))
    assert is_forgotten(output)
    assert check_dataset(output).damage == []
    assert len({row["article_id"] for row in rows_of(output, "articles")}) == len(ids) - 1
