"""Runs that overlap: one commit at a time, no row twice, ingested_at increasing from commit to commit."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.errors import AlreadyCommitted
from schemas.keys import EXACT
from schemas.tables import ARTICLES, TABLES
from tests.dataset import CLEAN, NOON, add_articles, articles, contents, drop_stored, rows
from transforms.write.commit import commit
from transforms.write.manifests import from_iso_time, iso_time, read_manifest
from transforms.write.staged import Staged
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

KEY = ("2025-03-22", 0, 0)


def ids(output: str) -> list[str]:
    return [row["article_id"] for row in contents(output)["articles"]]


def stamps(output: str) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for path in list_files(output, "articles"):
        for row in pq.read_table(path, columns=["run_id", "ingested_at"], partitioning=None).to_pylist():
            found.add((row["run_id"], from_iso_time(row["ingested_at"].isoformat())))
    return found


def test_processes_that_run_at_once_add_nothing_twice(tmp_path: Path) -> None:
    output = str(tmp_path)
    runs = [CLEAN.Process(target=add_articles, args=(output, f"r{i}", range(i * 5, i * 5 + 20))) for i in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0] * 4
    assert sorted(ids(output)) == [f"{n:016x}" for n in range(35)]
    assert len(contents(output)["_keys/exact"]) == 35
    commits = [from_iso_time(read_manifest(output, f"r{i}")["ingested_at"]) for i in range(4)]
    assert len(set(commits)) == 4
    assert stamps(output) <= {(f"r{i}", at) for i, at in enumerate(commits)}


def test_the_one_that_commits_later_is_stamped_later(tmp_path: Path) -> None:
    output = str(tmp_path)
    with begin(output, "slow", NOON) as slow:
        write_file(ARTICLES, KEY, articles([1, 2, 3]), slow)
        write_file(EXACT, ("", 0, 0), rows(EXACT, [{"key": 1}]), slow)
        add_articles(output, "quick", range(10, 13), NOON + 60)
        manifest = commit(slow, (*TABLES, EXACT), {})
    assert stamps(output) == {("quick", NOON + 60), ("slow", NOON + 61)}
    assert manifest["ingested_at"] == iso_time(NOON + 61)
    with begin(output, "next", NOON) as run:
        assert run.ingested_at == NOON + 62


def test_a_row_stamped_by_an_earlier_run_keeps_its_stamp(tmp_path: Path) -> None:
    with begin(str(tmp_path), "slow", NOON) as slow:
        merged = rows(ARTICLES, [{"run_id": "old", "ingested_at": 5, "signature": [0] * 128}], ("pipeline_version",))
        write_file(ARTICLES, KEY, merged, slow)
        add_articles(str(tmp_path), "quick", range(10, 13), NOON + 60)
        commit(slow, TABLES, {})
    assert ("old", 5) in stamps(str(tmp_path))


def test_two_attempts_at_one_run_commit_once(tmp_path: Path) -> None:
    output = str(tmp_path)
    with begin(output, "r1", NOON) as first, begin(output, "r1", NOON) as second:
        write_file(ARTICLES, KEY, articles([1]), first)
        write_file(ARTICLES, KEY, articles([2]), second)
        commit(second, TABLES, {})
        with pytest.raises(AlreadyCommitted, match="r1"):
            commit(first, TABLES, {})
    assert ids(output) == [f"{2:016x}"]


def test_preparation_knows_whether_others_have_committed(tmp_path: Path) -> None:
    seen: list[bool] = []

    def look(staged: Staged) -> None:
        seen.append(staged.overlapped)

    with begin(str(tmp_path), "r1", NOON) as run:
        commit(run, TABLES, {}, [look])
    with begin(str(tmp_path), "r2", NOON) as run:
        add_articles(str(tmp_path), "r3", range(3))
        commit(run, TABLES, {}, [look])
    assert seen == [False, True]


def test_a_failed_preparation_adds_nothing(tmp_path: Path) -> None:
    def fail(staged: Staged) -> None:
        drop_stored(staged)
        raise KeyError

    with begin(str(tmp_path), "r1", NOON) as run:
        write_file(ARTICLES, KEY, articles([1]), run)
        with pytest.raises(KeyError):
            commit(run, TABLES, {}, [fail])
    assert ids(str(tmp_path)) == []
    add_articles(str(tmp_path), "r1", range(3))
    assert len(ids(str(tmp_path))) == 3


def test_a_file_of_no_table_stops_the_commit(tmp_path: Path) -> None:
    with begin(str(tmp_path), "r1", NOON) as run:
        write_file(EXACT, ("", 0, 0), rows(EXACT, [{}]), run)
        with pytest.raises(ValueError, match="_keys%2Fexact"):
            commit(run, TABLES, {})


def counted(staged: Staged) -> None:
    staged.manifest["counts"]["repeats"] = 7


def test_the_manifest_says_what_was_written(tmp_path: Path) -> None:
    output = str(tmp_path)
    given: dict[str, Any] = {"run_id": "r1", "counts": {"reads": 9, "repeats": 0}}
    with begin(output, "r1", NOON) as run:
        write_file(ARTICLES, KEY, articles(range(4)), run)
        write_file(ARTICLES, ("2025-03-21", 0, 0), articles([9]), run)
        manifest = commit(run, TABLES, given, [counted])
    assert manifest == read_manifest(output, "r1")
    assert manifest["counts"] == {"reads": 9, "repeats": 7}
    assert (manifest["status"], manifest["ingested_at"]) == ("committed", "2025-03-22T12:00:00.000000Z")
    table = manifest["tables"]["articles"]
    assert {file["path"]: file["rows"] for file in table["files"]} == {
        "articles/date=2025-03-21/part-r1-0-0.parquet": 1,
        "articles/date=2025-03-22/part-r1-0-0.parquet": 4,
    }
    assert table["rows"] == 5
    assert table["bytes"] == sum((tmp_path / file["path"]).stat().st_size for file in table["files"])
