"""Readers that know nothing of commits, while runs commit and crash: whole files, no error, no row twice."""

from pathlib import Path

import duckdb
import pyarrow.dataset as ds

from schemas.tables import ARTICLES, FEEDS, PARTITIONING
from tests.dataset import CLEAN, DAYS, NOON, add_articles

RUNS = 12


def commit_often(output: str) -> None:
    for i in range(1, RUNS):
        add_articles(output, f"r{i}", range(i * 30, i * 30 + 30), NOON + i)


def test_a_glob_reader_never_sees_half_a_file_or_a_row_twice(tmp_path: Path) -> None:
    output = str(tmp_path)
    add_articles(output, "r0", range(30))
    counted = "select count(*), count(distinct article_id), sum(length(body))"
    query = f"{counted} from '{output}/articles/**/*.parquet'"
    feeds = f"select count(*) from '{output}/feeds/*.parquet'"
    writer = CLEAN.Process(target=commit_often, args=(output,))
    writer.start()
    counts = []
    while writer.is_alive():
        rows, ids, letters = duckdb.sql(query).fetchall()[0]
        assert rows == ids
        assert letters > 0
        assert duckdb.sql(feeds).fetchall() == [(1,)]
        counts.append(rows)
    assert writer.exitcode == 0
    assert counts == sorted(counts)
    assert duckdb.sql(query).fetchall()[0][0] == 30 * RUNS


def test_a_dataset_reads_back_with_its_partition_schema(tmp_path: Path) -> None:
    add_articles(str(tmp_path), "r1", range(9))
    read = ds.dataset(f"{tmp_path}/articles", partitioning=PARTITIONING).to_table()
    assert sorted({str(day) for day in read["date"].to_pylist()}) == list(DAYS)
    assert read.drop_columns(["date"]).schema.equals(ARTICLES.schema)
    assert ds.dataset(f"{tmp_path}/feeds").to_table().schema.equals(FEEDS.schema)


def test_manifests_read_as_json(tmp_path: Path) -> None:
    add_articles(str(tmp_path), "r1", range(9))
    add_articles(str(tmp_path), "r2", range(9, 12), NOON + 1)
    query = f"select run_id, ingested_at::timestamptz from '{tmp_path}/_manifests/*.json' order by 2"
    assert [run_id for run_id, _ in duckdb.sql(query).fetchall()] == ["r1", "r2"]
