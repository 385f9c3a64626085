"""Kill -9 at every step of a retag and at moments between: no row is lost, and the same command completes it."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import pipelines.retag
from pipelines.command import main
from pipelines.options import RetagOptions
from schemas.tables import ARTICLES
from tests.dataset import CLEAN, DAYS, NOON, add_articles, contents
from tests.runs import rows_of, untagged
from tests.small_dataset import make_dataset
from transforms.retag import find_stale, swap
from transforms.retag.retag import cut, read_rows
from transforms.write.commit import commit_steps
from transforms.write.staging import begin
from transforms.write.stored import list_files, read_stored
from transforms.write.write_table import write_file

pytestmark = pytest.mark.slow

# Two files for each of three days.
STEPS = (
    "begin", "stage", "lock", "stamp", "prepare", "intent", *["rename"] * 6, *["remove"] * 6,
    "cursor", "manifest", "sweep",
)  # fmt: skip


def retag_in_steps(output: str, run_id: str) -> Iterator[str]:
    with begin(output, run_id, NOON + 60) as run:
        run = replace(run, pipeline_version="9.9")
        yield "begin"
        stale = find_stale(output, "9.9")
        for key, rows in (group for piece in cut(stale) for group in read_rows(piece, run.staging)):
            write_file(ARTICLES, key, untagged((key, rows))[1], run)
        yield "stage"
        yield from commit_steps(run, [ARTICLES], {"run_id": run_id}, [partial(swap, stale=stale)], own_rows=False)


def retag_and_die(output: str, last_step: int) -> None:
    for step, _ in enumerate(retag_in_steps(output, "t1")):
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def output(tmp_path: Path) -> str:
    for i in range(2):
        add_articles(str(tmp_path), f"r{i}", range(i * 6, i * 6 + 6), NOON + i)
    return str(tmp_path)


def versions(output: str) -> set[str]:
    paths = list_files(output, ARTICLES.name)
    return {version for path in paths for version in read_stored(path)["pipeline_version"].to_pylist()}


def check_after_another_retag(output: str, before: dict[str, list[dict[str, Any]]]) -> None:
    list(retag_in_steps(output, "t2"))
    assert contents(output) == before
    assert versions(output) == {"9.9"}
    assert len(list_files(output, ARTICLES.name)) == 2 * len(DAYS)
    assert os.listdir(f"{output}/_staging") == []


def test_steps(output: str) -> None:
    before = contents(output)
    assert tuple(retag_in_steps(output, "t1")) == STEPS
    check_after_another_retag(output, before)


@pytest.mark.parametrize("last_step", range(len(STEPS)), ids=[f"{i}-{step}" for i, step in enumerate(STEPS)])
def test_killed_after_each_step(output: str, last_step: int) -> None:
    before = contents(output)
    process = CLEAN.Process(target=retag_and_die, args=(output, last_step))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert {row["article_id"] for row in contents(output)["articles"]} == {
        row["article_id"] for row in before["articles"]
    }
    if last_step < STEPS.index("rename"):
        assert contents(output) == before
    check_after_another_retag(output, before)


def retag_until_killed(output: str, ready: str) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr("pipelines.retag.LOCAL_COMMIT_BYTES", 1)
    Path(ready).touch()
    pipelines.retag.retag_dataset(RetagOptions(output, NOON, again=True))


@pytest.mark.parametrize("moment", range(4))
def test_killed_at_any_moment(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, moment: int, capsys: pytest.CaptureFixture[str]
) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))
    before = rows_of(output, ARTICLES.name, ())
    process = CLEAN.Process(target=retag_until_killed, args=(output, f"{tmp_path}/ready"))
    process.start()
    while not os.path.exists(f"{tmp_path}/ready"):
        time.sleep(0.001)
    time.sleep(moment * 0.5)
    process.kill()
    process.join()
    assert main(["retag", output, "--again"]) == 0
    assert rows_of(output, ARTICLES.name, ()) == before
    assert main(["check", output]) == 0
    assert os.listdir(f"{output}/_staging") == []
