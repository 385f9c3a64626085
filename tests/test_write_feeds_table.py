from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import DatasetError
from schemas.tables import FEEDS, TABLES
from tests.dataset import A_RUN, NOON, rows
from transforms.write.commit import commit
from transforms.write.feeds_table import merge_feeds, read_feeds, replace_feeds
from transforms.write.parquet import encode
from transforms.write.staged import only_file
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

FEEDS_FILE = only_file(FEEDS)


def feeds(*given: tuple[str, str, int | None]) -> pa.Table:
    return rows(FEEDS, [{"url": url, "etag": etag, "last_fetched_at": at} for url, etag, at in given])


def etags(table: pa.Table) -> dict[str, Any]:
    assert len(set(table["url"].to_pylist())) == table.num_rows
    return dict(zip(table["url"].to_pylist(), table["etag"].to_pylist(), strict=True))


CASES = {
    "nothing": ([], [], {}),
    "first poll": ([], [("a", "1", 1)], {"a": "1"}),
    "no poll": ([("a", "1", 1)], [], {"a": "1"}),
    "replaced": ([("a", "1", 1), ("b", "1", 1)], [("a", "2", 2)], {"a": "2", "b": "1"}),
    "replaced by an earlier clock": ([("a", "1", 9)], [("a", "2", 2)], {"a": "2"}),
    "later of two polls": ([], [("a", "late", 5), ("a", "early", 2), ("a", "never", None)], {"a": "late"}),
}


@pytest.mark.parametrize(("stored", "polled", "expected"), CASES.values(), ids=CASES)
def test_merge(stored: list[Any], polled: list[Any], expected: dict[str, str]) -> None:
    assert etags(merge_feeds(feeds(*stored), feeds(*polled))) == expected


def commit_feeds(output: str, run_id: str, *parts: pa.Table) -> dict[str, Any]:
    with begin(output, run_id, NOON) as run:
        for shard, part in enumerate(parts):
            write_file(FEEDS, ("", shard, 0), part, run)
        return commit(run, TABLES, {}, [replace_feeds])


def test_a_commit_leaves_one_file(tmp_path: Path) -> None:
    output = str(tmp_path)
    commit_feeds(output, "r1", feeds(("a", "1", 1)), feeds(("b", "1", 1)))
    manifest = commit_feeds(output, "r2", feeds(("b", "2", 2), ("c", "2", 2)))
    assert list_files(output, "feeds") == [f"{output}/{FEEDS_FILE}"]
    assert etags(read_feeds(output)) == {"a": "1", "b": "2", "c": "2"}
    assert manifest["tables"]["feeds"]["rows"] == 3
    assert manifest["removed"] == []


def test_a_run_without_feeds_leaves_the_table(tmp_path: Path) -> None:
    commit_feeds(str(tmp_path), "r1", feeds(("a", "1", 1)))
    assert commit_feeds(str(tmp_path), "r2")["tables"] == {}
    assert etags(read_feeds(str(tmp_path))) == {"a": "1"}


def test_files_of_other_names_are_merged_and_removed(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "part-old.parquet").write_bytes(encode(FEEDS, feeds(("a", "1", 1)), A_RUN))
    manifest = commit_feeds(str(tmp_path), "r1", feeds(("b", "1", 1)))
    assert manifest["removed"] == ["feeds/part-old.parquet"]
    assert list_files(str(tmp_path), "feeds") == [f"{tmp_path}/{FEEDS_FILE}"]
    assert etags(read_feeds(str(tmp_path))) == {"a": "1", "b": "1"}


def test_files_from_before_a_column_are_read(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    stored = pq.read_table(pa.BufferReader(encode(FEEDS, feeds(("a", "1", 1), ("b", "1", 1)), A_RUN)))
    pq.write_table(stored.drop_columns(["full_text"]), tmp_path / FEEDS_FILE)
    commit_feeds(str(tmp_path), "r1", feeds(("b", "2", 2)))
    assert etags(read_feeds(str(tmp_path))) == {"a": "1", "b": "2"}
    assert read_feeds(str(tmp_path)).schema == FEEDS.schema


def test_no_feeds_yet(tmp_path: Path) -> None:
    assert read_feeds(str(tmp_path)).schema == FEEDS.schema
    assert read_feeds(str(tmp_path)).num_rows == 0


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    commit_feeds(str(tmp_path), "r1", feeds(("a", "1", 1)))
    (tmp_path / FEEDS_FILE).write_bytes(b"PAR1junkPAR1")
    with pytest.raises(DatasetError, match=FEEDS_FILE):
        commit_feeds(str(tmp_path), "r2", feeds(("a", "2", 2)))
