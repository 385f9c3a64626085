import os
import re
import shutil
from pathlib import Path

import pytest

from schemas.errors import AlreadyCommitted, DatasetError, UsageError
from schemas.tables import ARTICLES, TABLES
from tests.dataset import NOON, add_articles, articles, contents, run_in_steps
from transforms.write.commit import commit
from transforms.write.cursor import last_ingested_at
from transforms.write.manifests import read_manifest
from transforms.write.staging import begin, recover
from transforms.write.write_table import write_file


def staging_names(output: Path) -> list[str]:
    return sorted(path.name for path in (output / "_staging").iterdir())


def test_a_dataset_is_made_where_there_is_none(tmp_path: Path) -> None:
    output = tmp_path / "new" / "deep"
    with begin(f"{output}/", "r1", NOON) as run:
        assert run.output == str(output)
        assert (run.ingested_at, run.follows) == (NOON, 0)
        assert Path(run.staging).parent == output / "_staging"
    assert staging_names(output) == []


def test_a_relative_output_is_meant_from_where_the_run_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with begin("out", "r1", NOON) as run:
        assert run.output == str(tmp_path / "out")


@pytest.mark.parametrize("name", ["file", "file/below", "out[1]", "out*", "", "nosuchscheme://bucket/out"])
def test_an_output_that_cannot_be_used_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    output = name if "://" in name or not name else f"{tmp_path}/{name}"
    with pytest.raises(UsageError, match=re.escape(repr(output))), begin(output, "r1", NOON):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(UsageError, match=re.escape(str(tmp_path))), begin(str(tmp_path), "r1", NOON):
        pass


def test_a_bad_run_id_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="up"), begin(str(tmp_path / "out"), "../up", NOON):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_id_commits_once(tmp_path: Path) -> None:
    add_articles(str(tmp_path), "r1", range(5))
    before = contents(str(tmp_path))
    with pytest.raises(AlreadyCommitted, match="r1"):
        add_articles(str(tmp_path), "r1", range(5, 9))
    assert contents(str(tmp_path)) == before
    assert staging_names(tmp_path) == []


def test_a_failed_run_takes_its_files_away(tmp_path: Path) -> None:
    steps = run_in_steps(str(tmp_path), "r1", range(3))
    assert next(step for step in steps if step == "stage")
    assert staging_names(tmp_path) != []
    with pytest.raises(KeyError):
        steps.throw(KeyError())
    assert staging_names(tmp_path) == []


def test_a_living_run_is_not_swept(tmp_path: Path) -> None:
    with begin(str(tmp_path), "r1", NOON) as run:
        write_file(ARTICLES, ("2025-03-22", 0, 0), articles([1]), run)
        add_articles(str(tmp_path), "r2", range(5))
        recover(str(tmp_path))
        manifest = commit(run, TABLES, {})
    assert manifest["tables"]["articles"]["rows"] == 1


LEFTOVERS = {
    "staged file of a dead run": "r0-1/articles%2Fdate=2025-03-22%2Fpart-r0-0-0.parquet.staged",
    "half a file": "r0-1/articles%2Fdate=2025-03-22%2Fpart-r0-0-0.parquet.staged-1234",
    "half an intent": "r0-1/intent.json-unfinished",
    "lock of a dead run": "r0-1/_alive",
    "folders of another version": "r0-1/articles/date=2025-03-22/part.parquet",
    "a stray file": "junk",
}


@pytest.mark.parametrize("name", LEFTOVERS.values(), ids=LEFTOVERS)
def test_what_the_dead_left_is_swept(tmp_path: Path, name: str) -> None:
    path = tmp_path / "_staging" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    add_articles(str(tmp_path), "r1", range(3))
    assert staging_names(tmp_path) == []
    assert len(contents(str(tmp_path))["articles"]) == 3


INTENTS = {
    "of a later version": b'{"format": 2, "run_id": "r0"}',
    "cut short": b'{"format": 1, "run',
    "no object": b"[]",
    "of files that are gone": b'{"format": 1, "run_id": "r0", "files": ["articles/x"], "removed": []}',
}


@pytest.mark.parametrize("intent", INTENTS.values(), ids=INTENTS)
def test_an_intent_that_cannot_be_carried_out_is_named(tmp_path: Path, intent: bytes) -> None:
    folder = tmp_path / "_staging" / "r0-1"
    folder.mkdir(parents=True)
    (folder / "intent.json").write_bytes(intent)
    with pytest.raises(DatasetError, match=r"_staging/r0-1/(intent\.json|articles)"):
        add_articles(str(tmp_path), "r1", range(3))
    assert (folder / "intent.json").read_bytes() == intent


@pytest.mark.parametrize(("read_at", "expected"), [(NOON + 60, NOON + 60), (NOON, NOON + 1), (5, NOON + 1)])
def test_ingested_at_is_the_runs_clock_or_follows_the_last_commit(tmp_path: Path, read_at: int, expected: int) -> None:
    add_articles(str(tmp_path), "r1", range(3), NOON)
    with begin(str(tmp_path), "r2", read_at) as run:
        assert (run.ingested_at, run.follows, run.read_at) == (expected, NOON, read_at)


def test_the_cursor_is_found_from_the_manifests_where_its_file_is_gone(tmp_path: Path) -> None:
    for i in range(3):
        add_articles(str(tmp_path), f"r{i}", range(i, i + 1), NOON + i * 10)
    (tmp_path / "_manifests" / "_last").unlink()
    assert last_ingested_at(str(tmp_path)) == NOON + 20


def test_a_damaged_cursor_is_named(tmp_path: Path) -> None:
    add_articles(str(tmp_path), "r1", range(3))
    (tmp_path / "_manifests" / "_last").write_bytes(b"")
    with pytest.raises(DatasetError, match="_manifests/_last"):
        add_articles(str(tmp_path), "r2", range(3))


def test_a_dataset_can_be_moved_with_an_intent_in_it(tmp_path: Path) -> None:
    for step in run_in_steps(str(tmp_path / "old"), "r1", range(6)):
        if step == "intent":
            shutil.copytree(tmp_path / "old", tmp_path / "new")
    recover(str(tmp_path / "new"))
    assert contents(str(tmp_path / "new")) == contents(str(tmp_path / "old"))
    assert read_manifest(str(tmp_path / "new"), "r1") == read_manifest(str(tmp_path / "old"), "r1")
