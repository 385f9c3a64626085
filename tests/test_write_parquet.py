import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.keys import KEY_TABLES
from schemas.tables import ARTICLES, REJECTS, SCHEMA_VERSION, SIGHTINGS, TABLES, Table
from tests.dataset import A_RUN, NOON, articles, rows
from transforms.write.parquet import SMALL_TABLE_BYTES, encode


def parquet(table: Table, given: pa.Table) -> pq.ParquetFile:
    return pq.ParquetFile(io.BytesIO(encode(table, given, A_RUN)))


def chunk(file: pq.ParquetFile, name: str) -> Any:
    group = file.metadata.row_group(0)
    return next(c for c in map(group.column, range(group.num_columns)) if c.path_in_schema == name)


@pytest.mark.parametrize("table", [*TABLES, *KEY_TABLES], ids=lambda table: table.name)
def test_every_table_keeps_its_schema_and_descriptions(table: Table) -> None:
    schema = parquet(table, rows(table, [{}])).schema_arrow
    assert schema.equals(table.schema)
    assert all(field.metadata[b"description"] for field in schema)


@pytest.mark.parametrize("table", [*TABLES, *KEY_TABLES], ids=lambda table: table.name)
def test_rows_with_every_null_allowed_read_back(table: Table) -> None:
    given = rows(table, [{}, {}])
    assert parquet(table, given).read().select(given.column_names).to_pylist() == given.to_pylist()


def test_file_says_what_wrote_it() -> None:
    metadata = parquet(ARTICLES, articles([1])).schema_arrow.metadata
    assert metadata == {b"schema_version": str(SCHEMA_VERSION).encode(), b"run_id": b"r1", b"pipeline_version": b"9.9"}


def test_constants_fill_columns_that_rows_lack() -> None:
    row = parquet(SIGHTINGS, rows(SIGHTINGS, [{"article_id": "a"}])).read().to_pylist()[0]
    assert (row["run_id"], row["pipeline_version"]) == ("r1", "9.9")
    assert row["ingested_at"].timestamp() == NOON / 1e6


def test_constants_that_rows_have_are_kept() -> None:
    given = rows(ARTICLES, [{"run_id": "earlier", "ingested_at": 5}], leave_out=("pipeline_version",))
    written = parquet(ARTICLES, given).read(["run_id", "ingested_at", "pipeline_version"])
    assert written["run_id"].to_pylist() == ["earlier"]
    assert written["ingested_at"].cast(pa.int64()).to_pylist() == [5]
    assert written["pipeline_version"].to_pylist() == ["9.9"]


def test_rows_are_sorted_with_nulls_last_and_the_file_says_so() -> None:
    given = [("c", None), ("b", 7), ("a", 7), ("d", 3), ("a", None)]
    file = parquet(ARTICLES, rows(ARTICLES, [{"article_id": i, "published_at": at} for i, at in given]))
    written = file.read(["article_id", "published_at"])
    assert written["article_id"].to_pylist() == ["d", "a", "b", "a", "c"]
    assert written["published_at"].null_count == 2
    first = file.metadata.row_group(0).sorting_columns[0]
    assert chunk(file, "published_at").path_in_schema == file.schema.column(first.column_index).path
    assert not first.nulls_first


def test_equal_sort_keys_keep_their_order() -> None:
    given = [{"source": "s", "payload": str(i).encode()} for i in range(50)]
    assert parquet(REJECTS, rows(REJECTS, given)).read()["payload"].to_pylist() == [row["payload"] for row in given]


def test_columns_in_any_order_and_of_castable_types() -> None:
    shuffled = articles([1]).select(sorted(articles([1]).column_names))
    position = shuffled.column_names.index("version")
    wide = shuffled.set_column(position, "version", pa.array([3], pa.int64()))
    assert parquet(ARTICLES, wide).read(["version"])["version"].to_pylist() == [3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop_columns(["title"]), "title"),
        (lambda t: t.append_column("extra", pa.array([1])), "extra"),
        (
            lambda t: t.drop_columns(["source"]).append_column("source", pa.array([None], pa.string())),
            "source",
        ),
        (lambda t: t.drop_columns(["version"]).append_column("version", pa.array([2**40])), "2"),
        (lambda t: t.drop_columns(["version"]).append_column("version", pa.array(["one"])), "one"),
    ],
    ids=["missing", "unknown", "null", "overflow", "not a number"],
)
def test_rows_that_do_not_fit_are_a_bug(change: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode(ARTICLES, change(articles([1])), A_RUN)


def test_conventions_of_a_large_file() -> None:
    numbers = range(400)
    assert articles(numbers).nbytes > SMALL_TABLE_BYTES
    file = parquet(ARTICLES, articles(numbers))
    group = file.metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
    assert chunk(file, "language").has_dictionary_page
    assert not chunk(file, "article_id").has_dictionary_page
    assert chunk(file, "article_id").has_column_index
    assert chunk(file, "body").has_offset_index
    assert chunk(file, "version").statistics.max == 1
    assert chunk(file, "body").statistics is None
    assert chunk(file, "entities.list.element.mentions.list.element.start").num_values == 400


def test_small_file_compresses_its_long_texts_alone() -> None:
    file = parquet(ARTICLES, rows(ARTICLES, [{"body": "word " * 1000, "article_id": "a"}]))
    assert chunk(file, "body").compression == "ZSTD"
    assert chunk(file, "article_id").compression == "UNCOMPRESSED"
    assert file.read(["body"])["body"].to_pylist() == ["word " * 1000]


def test_same_rows_same_bytes() -> None:
    assert encode(ARTICLES, articles(range(9)), A_RUN).equals(encode(ARTICLES, articles(range(9)), A_RUN))
