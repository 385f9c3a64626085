"""Kill -9 at every step of a compaction and at moments between: no row is lost, and the next run joins the files."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.compact import compact_dataset
from schemas.keys import DATASET_TABLES
from tests.dataset import CLEAN, DAYS, NOON, add_articles, contents
from transforms.compact import EVERYTHING
from transforms.compact.join import join_all
from transforms.compact.plan import Join, plan_joins
from transforms.compact.swap import swap
from transforms.write.commit import commit_steps
from transforms.write.staging import begin
from transforms.write.stored import list_files

FILES = 4
# One file is made of four for each of three days.
STEPS = (
    "begin", "stage", "lock", "stamp", "prepare", "intent", *["rename"] * 3, *["remove"] * 12,
    "cursor", "manifest", "sweep",
)  # fmt: skip


def compact_in_steps(output: str, run_id: str) -> Iterator[str]:
    with begin(output, run_id, NOON + 60) as run:
        yield "begin"
        joined = join_all(plan_joins(output, DATASET_TABLES, EVERYTHING), run)
        yield "stage"
        prepare = [partial(swap, joined=joined)]
        yield from commit_steps(run, DATASET_TABLES, {"run_id": run_id}, prepare, own_rows=False)


def compact_and_die(output: str, last_step: int) -> None:
    for step, _ in enumerate(compact_in_steps(output, "c1")):
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)


def compact_until_killed(output: str, ready: str) -> None:
    Path(ready).touch()
    assert list(compact_in_steps(output, "c1"))


@pytest.fixture
def output(tmp_path: Path) -> str:
    for i in range(FILES):
        add_articles(str(tmp_path), f"r{i}", range(i * 6, i * 6 + 6), NOON + i)
    return str(tmp_path)


def ids_at_least(output: str) -> set[str]:
    return {row["article_id"] for row in contents(output)["articles"]}


def check_after_another_compaction(output: str, before: dict[str, list[dict[str, Any]]]) -> None:
    list(compact_in_steps(output, "c2"))
    assert contents(output) == before
    assert len(list_files(output, "articles")) == len(DAYS)
    assert os.listdir(f"{output}/_staging") == []


def test_steps(output: str) -> None:
    before = contents(output)
    assert tuple(compact_in_steps(output, "c1")) == STEPS
    check_after_another_compaction(output, before)


@pytest.mark.parametrize("last_step", range(len(STEPS)), ids=[f"{i}-{step}" for i, step in enumerate(STEPS)])
def test_killed_after_each_step(output: str, last_step: int) -> None:
    before, ids = contents(output), ids_at_least(output)
    process = CLEAN.Process(target=compact_and_die, args=(output, last_step))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert ids_at_least(output) == ids
    if last_step < STEPS.index("rename"):
        assert contents(output) == before
    check_after_another_compaction(output, before)


@pytest.mark.parametrize("moment", range(6))
def test_killed_at_any_moment(output: str, tmp_path: Path, moment: int) -> None:
    before, ready = contents(output), f"{tmp_path}.ready"
    process = CLEAN.Process(target=compact_until_killed, args=(output, ready))
    process.start()
    while not os.path.exists(ready):
        time.sleep(0.001)
    time.sleep(moment * 0.01)
    process.kill()
    process.join()
    check_after_another_compaction(output, before)


def compact_one_and_die(output: str) -> None:
    def die_after_one(joins: list[Join], most: int) -> Iterator[list[Join]]:
        yield joins[:1]
        os.kill(os.getpid(), signal.SIGKILL)

    pytest.MonkeyPatch().setattr("transforms.compact.compact_dataset.group_by_size", die_after_one)
    compact_dataset(output, EVERYTHING, NOON + 60)


def test_killed_between_two_commits(output: str) -> None:
    before = contents(output)
    process = CLEAN.Process(target=compact_one_and_die, args=(output,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert contents(output) == before
    assert len(list_files(output, "articles")) == (len(DAYS) - 1) * FILES + 1
    check_after_another_compaction(output, before)


@pytest.mark.parametrize(("large", "pauses"), [(FILES, [len(DAYS) * (FILES + 1)]), (FILES + 1, [])])
def test_the_old_files_of_large_folders_stay_a_moment_beside_the_new(
    output: str, large: int, pauses: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr("transforms.write.intent.LARGE_FOLDER", large)
    monkeypatch.setattr(
        "transforms.write.intent.time.sleep", lambda _: seen.append(len(list_files(output, "articles")))
    )
    assert "remove" in list(compact_in_steps(output, "c1"))
    assert seen == pauses


def test_an_ingest_finishes_a_compaction_that_was_killed(output: str) -> None:
    process = CLEAN.Process(target=compact_and_die, args=(output, STEPS.index("remove")))
    process.start()
    process.join()
    add_articles(output, "r9", range(3), NOON + 120)
    assert len(list_files(output, "articles")) == len(DAYS)
    assert len(contents(output)["articles"]) == FILES * 6
