"""Files of a partition joined: all rows, in order, by the conventions, in memory that does not grow with them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import DatasetError
from schemas.keys import DATASET_TABLES
from schemas.tables import ARTICLES, SCHEMA_VERSION, Table
from tests.dataset import DAYS, NOON, add_articles, article, rows
from transforms.compact.join import join_all, join_files, write_in_order
from transforms.compact.plan import EVERYTHING, Join, plan_joins
from transforms.compact.runs import read_in_order
from transforms.compact.swap import swap
from transforms.write.commit import commit
from transforms.write.parquet import encode
from transforms.write.row_groups import cut
from transforms.write.run import Run
from transforms.write.staged import Staged, find_staged
from transforms.write.staging import begin
from transforms.write.stored import list_files, read_stored
from transforms.write.write_table import write_file

DAY = DAYS[-1]


def store(output: str, run_id: str, given: list[pa.Table], table: Table = ARTICLES) -> None:
    """Commit files of one day."""
    with begin(output, run_id, NOON) as run:
        for number, part in enumerate(given):
            write_file(table, (DAY, 0, number), part, run)
        commit(run, [table], {"run_id": run_id})


def several(count: int, size: int) -> list[pa.Table]:
    """Files that overlap in what they are sorted by."""
    numbers = [range(i, count * size, count) for i in range(count)]
    return [rows(ARTICLES, [article(n) | {"published_at": n % 50} for n in part]) for part in numbers]


def joined(run: Run) -> pq.ParquetFile:
    """The file that a partition has become."""
    ((part,), _) = find_staged(run, DATASET_TABLES)
    return pq.ParquetFile(part.path)


def first_join(output: str) -> Join:
    """The first of what there is to join."""
    return plan_joins(output, DATASET_TABLES, EVERYTHING)[0]


@pytest.mark.parametrize("portion_bytes", [1, 20_000, 10**9], ids=["a-file-each", "some-files", "all-files"])
def test_rows_are_read_in_order_however_many(tmp_path: Path, portion_bytes: int) -> None:
    store(str(tmp_path), "r1", several(12, 20))
    paths = list_files(str(tmp_path), "articles")
    pieces = read_in_order(paths, ARTICLES, f"{tmp_path}/_sorted-", portion_bytes)
    read = pa.concat_tables(pieces).select(["published_at", "article_id"]).to_pylist()
    assert read == sorted(read, key=lambda row: tuple(row.values()))
    assert len({row["article_id"] for row in read}) == len(read) == 240
    assert not list(tmp_path.glob("_sorted-*"))


def test_a_joined_file_is_as_any_other(tmp_path: Path) -> None:
    output = str(tmp_path)
    store(output, "r1", several(3, 200))
    with begin(output, "c1", NOON) as run:
        assert join_files(first_join(output), run) == 0
        file = joined(run)
        whole = encode(ARTICLES, pa.concat_tables(map(read_stored, list_files(output, "articles"))), run)
    expected = pq.ParquetFile(pa.BufferReader(whole))
    assert file.schema_arrow.equals(expected.schema_arrow, check_metadata=True)
    assert file.metadata.metadata[b"run_id"] == b"c1"
    assert file.metadata.metadata[b"schema_version"] == str(SCHEMA_VERSION).encode()
    group, other = file.metadata.row_group(0), expected.metadata.row_group(0)
    assert group.sorting_columns == other.sorting_columns
    for i in range(group.num_columns):
        column, like = group.column(i), other.column(i)
        assert (column.compression, column.encodings, column.has_column_index, column.has_offset_index) == (
            like.compression, like.encodings, like.has_column_index, like.has_offset_index,
        )  # fmt: skip
        assert column.is_stats_set == like.is_stats_set
    assert file.read().equals(expected.read())


def test_rows_keep_the_run_that_stored_them(tmp_path: Path) -> None:
    output = str(tmp_path)
    for i in range(3):
        add_articles(output, f"r{i}", range(i * 3, i * 3 + 3), NOON + i)
    with begin(output, "c1", NOON) as run:
        commit_others = ("r9", range(90, 93), NOON + 50)
        done = join_all(plan_joins(output, [ARTICLES], EVERYTHING), run)
        add_articles(output, *commit_others)  # so that the commit of the compaction is stamped anew
        commit(run, [ARTICLES], {"run_id": "c1"}, [lambda staged: swap(staged, done)], own_rows=False)
    stored = pa.concat_tables(map(read_stored, list_files(output, "articles")))
    stamps = {(row["run_id"], row["ingested_at"].microsecond) for row in stored.to_pylist()}
    assert stamps == {("r0", 0), ("r1", 1), ("r2", 2), ("r9", 50)}


def test_a_stamp_that_the_compaction_has_too_is_kept(tmp_path: Path) -> None:
    output = str(tmp_path)
    add_articles(output, "r0", range(3), NOON + 10)
    with begin(output, "c1", NOON) as run:
        assert run.ingested_at == NOON + 11
        add_articles(output, "r1", range(3, 6), NOON)
        done = join_all(plan_joins(output, [ARTICLES], EVERYTHING), run)
        commit(run, [ARTICLES], {"run_id": "c1"}, [lambda staged: swap(staged, done)], own_rows=False)
    stored = pa.concat_tables(map(read_stored, list_files(output, "articles")))
    assert {(row["run_id"], row["ingested_at"].microsecond) for row in stored.to_pylist()} == {("r0", 10), ("r1", 11)}


def test_repeats_are_dropped_and_the_first_kept(tmp_path: Path) -> None:
    output = str(tmp_path)
    for i, run_id in enumerate(("r2", "r1")):
        with begin(output, run_id, NOON + i) as run:
            write_file(ARTICLES, (DAY, 0, 0), rows(ARTICLES, [article(n) for n in range(5)]), run)
            commit(run, [ARTICLES], {"run_id": run_id})
    with begin(output, "c1", NOON) as run:
        assert join_files(first_join(output), run) == 5
        assert joined(run).read(["run_id"])["run_id"].to_pylist() == ["r2"] * 5


def as_version_1(path: str) -> None:
    """Writes a file anew as an earlier version of Dateline would have."""
    stored = pq.read_table(path, partitioning=None)
    old = [name for name in stored.column_names if name not in ("keys", "fingerprint", "from_page")]
    metadata = stored.schema.metadata | {b"schema_version": b"1"}
    pq.write_table(stored.select(old).replace_schema_metadata(metadata), path)


def test_files_of_version_1_come_out_as_of_the_present_one(tmp_path: Path) -> None:
    output = str(tmp_path)
    store(output, "r1", several(3, 4))
    for path in list_files(output, "articles")[:2]:
        as_version_1(path)
    before = pa.concat_tables(map(read_stored, list_files(output, "articles")))
    with begin(output, "c1", NOON) as run:
        join_files(first_join(output), run)
        file = joined(run)
    assert file.schema_arrow.equals(ARTICLES.schema)
    assert file.metadata.metadata[b"schema_version"] == str(SCHEMA_VERSION).encode()
    assert sorted(file.read().to_pylist(), key=repr) == sorted(before.to_pylist(), key=repr)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:500])


def null_column(path: Path) -> None:
    stored = pq.read_table(path, partitioning=None)
    nulls = pa.nulls(stored.num_rows, pa.string())
    pq.write_table(stored.set_column(stored.column_names.index("source"), "source", nulls), path)


@pytest.mark.parametrize("change", [damage, null_column], ids=lambda change: change.__name__)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, change: Any) -> None:
    store(str(tmp_path), "r1", several(3, 4))
    bad = list_files(str(tmp_path), "articles")[1]
    change(Path(bad))
    with begin(str(tmp_path), "c1", NOON) as run, pytest.raises(DatasetError, match=bad):
        join_all([first_join(str(tmp_path))], run)


@pytest.mark.parametrize(
    ("sizes", "file_rows", "cuts"),
    [
        pytest.param([5], 5, [(0, 5)], id="one-file"),
        pytest.param([5], 3, [(0, 3), (1, 2)], id="two-files"),
        pytest.param([2, 2, 2], 3, [(0, 3), (1, 3)], id="pieces-do-not-matter"),
        pytest.param([40_000], 50_000, [(0, 32_768), (0, 7_232)], id="row-groups"),
        pytest.param([], 5, [], id="no-rows"),
    ],
)
def test_cut(sizes: list[int], file_rows: int, cuts: list[tuple[int, int]]) -> None:
    pieces = [pa.table({"a": range(size)}) for size in sizes]
    assert [(number, group.num_rows) for number, group in cut(pieces, file_rows)] == cuts


def test_large_texts_make_smaller_row_groups() -> None:
    texts = pa.table({"a": ["x" * 2**20] * 10})
    assert [group.num_rows for _, group in cut([texts] * 30, 300)] == [130, 130, 40]


def test_a_large_partition_becomes_several_files_in_order(tmp_path: Path) -> None:
    store(str(tmp_path), "r1", several(2, 50))
    with begin(str(tmp_path), "c1", NOON) as run:
        join = first_join(str(tmp_path))
        pieces = read_in_order([file.path for file in join.files], ARTICLES, f"{run.staging}/sorted-")
        assert write_in_order(pieces, join, run, 40) == 100
        parts, _ = find_staged(run, DATASET_TABLES)
        assert [part.target.rpartition("/")[2] for part in parts] == [f"part-c1-0-{i}.parquet" for i in range(3)]
        found = [read_stored(part.path, ["published_at"])["published_at"].to_pylist() for part in parts]
    assert [len(of_file) for of_file in found] == [40, 40, 20]
    times = [time for of_file in found for time in of_file]
    assert times == sorted(times)


def change_nothing(path: Path) -> None:
    del path


def grow(path: Path) -> None:
    path.write_bytes(bytes(encode(ARTICLES, rows(ARTICLES, [article(9), article(10)]), Run("", "x", "", 0, 0, 0, "1"))))


@pytest.mark.parametrize(
    ("change", "swapped"),
    [(change_nothing, 3), (Path.unlink, 2), (grow, 2)],
    ids=["unchanged", "gone", "changed"],
)
def test_inputs_are_checked_again_before_the_commit(tmp_path: Path, change: Any, swapped: int) -> None:
    output = str(tmp_path)
    for i in range(2):
        add_articles(output, f"r{i}", range(i * 3, i * 3 + 3), NOON + i)
    found: list[Staged] = []
    with begin(output, "c1", NOON) as run:
        done = join_all(plan_joins(output, [ARTICLES], EVERYTHING), run)
        change(Path(list_files(output, "articles")[0]))
        manifest = commit(run, [ARTICLES], {}, [lambda staged: swap(staged, done), found.append], own_rows=False)
    assert manifest["compacted"]["articles"]["partitions"] == swapped
    assert len(manifest["removed"]) == 2 * swapped
    assert len(found[0].parts) == swapped


def test_what_others_join_first_is_left_to_them(tmp_path: Path) -> None:
    output = str(tmp_path)
    for i in range(2):
        add_articles(output, f"r{i}", range(i * 3, i * 3 + 3), NOON + i)
    joins = plan_joins(output, [ARTICLES], EVERYTHING)
    Path(joins[1].files[0].path).unlink()
    with begin(output, "c1", NOON) as run:
        assert [done.join for done in join_all(joins, run)] == [joins[0], joins[2]]
        parts, _ = find_staged(run, DATASET_TABLES)
    assert [part.target.rpartition("/")[0] for part in parts] == [joins[0].folder, joins[2].folder]
