"""The same commits on a filesystem without folders, locks or fsync."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import AlreadyCommitted, DatasetError
from tests.dataset import NOON, add_articles, contents, run_in_steps
from tests.object_store import OBJECTS
from transforms.write.staging import REMOTE_SWEEP_S, recover
from transforms.write.stored import check_files

OUTPUT = "objects://bucket/out"


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    yield
    OBJECTS.clear()


def names() -> list[str]:
    return sorted(path.removeprefix(f"{OUTPUT}/") for path in OBJECTS)


def test_two_runs_leave_what_they_leave_on_a_local_disk(tmp_path: Path) -> None:
    for output in (f"{OUTPUT}/", str(tmp_path)):
        add_articles(output, "r1", range(5))
        add_articles(output, "r2", range(3, 12), NOON + 60)
    assert contents(OUTPUT) == contents(str(tmp_path))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert names() == sorted(str(path.relative_to(tmp_path)) for path in files)
    with pytest.raises(AlreadyCommitted):
        add_articles(OUTPUT, "r1", range(5))


@pytest.mark.parametrize("last_step", ["intent", "rename", "remove", "cursor", "manifest"])
def test_a_commit_that_stopped_is_carried_out(tmp_path: Path, last_step: str) -> None:
    add_articles(OUTPUT, "r1", range(5))
    steps = run_in_steps(OUTPUT, "r2", range(3, 12), NOON + 60)
    assert last_step in iter(steps)
    steps.close()
    assert any(name.startswith("_staging/") for name in names())
    recover(OUTPUT)
    assert len(contents(OUTPUT)["articles"]) == len(contents(OUTPUT)["_keys/exact"]) == 12
    assert not any(name.startswith("_staging/") for name in names())


@pytest.mark.parametrize(("age_s", "swept"), [(REMOTE_SWEEP_S + 60, True), (REMOTE_SWEEP_S - 60, False)])
def test_staged_files_are_swept_when_no_run_can_be_at_work_on_them(age_s: float, swept: bool) -> None:
    path = f"{OUTPUT}/_staging/r0-1/articles%2Fdate=2025-03-22%2Fpart-r0-0-0.parquet.staged"
    OBJECTS[path] = (b"half", time.time() - age_s)
    add_articles(OUTPUT, "r1", range(3))
    assert (path not in OBJECTS) == swept


def test_a_damaged_file_is_named() -> None:
    add_articles(OUTPUT, "r1", range(3))
    path = f"{OUTPUT}/articles/date=2025-03-20/part-r1-0-0.parquet"
    OBJECTS[path] = (OBJECTS[path][0][:-9], time.time())
    with pytest.raises(DatasetError, match=re.escape(path)):
        check_files(OUTPUT, ["articles"])
