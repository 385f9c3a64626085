from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
import pytest

from schemas.keys import EXACT, SIGNATURES
from schemas.tables import ARTICLES, FEEDS, Table
from tests.dataset import A_RUN, articles, rows
from transforms.write.run import Run, target_of
from transforms.write.write_table import Key, WriteTable, file_name, write_file


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(str(tmp_path), "r1", f"{tmp_path}/_staging/r1-0", 1, 1, 0, "9.9")


@pytest.mark.parametrize(
    ("table", "key", "name"),
    [
        (ARTICLES, ("2025-03-22", 3, 0), "articles/date=2025-03-22/part-r1-3-0.parquet"),
        (
            ARTICLES,
            ("2025-03-22", "w1742644800.07", 2),
            "articles/date=2025-03-22/part-r1-w1742644800.07-2.parquet",
        ),
        (FEEDS, ("", 0, 0), "feeds/part-r1-0-0.parquet"),
        (EXACT, ("", 0, 0), "_keys/exact/part-r1-0-0.parquet"),
        (SIGNATURES, ("1999-12-31", 0, 0), "_keys/signatures/date=1999-12-31/part-r1-0-0.parquet"),
    ],
    ids=["dated", "window", "undated", "keys", "dated keys"],
)
def test_file_names(table: Table, key: Key, name: str) -> None:
    assert file_name(table, key, "r1") == name


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (ARTICLES, ("", 0, 0)),
        (FEEDS, ("2025-03-22", 0, 0)),
        (ARTICLES, ("2025-3-22", 0, 0)),
        (ARTICLES, ("../../etc", 0, 0)),
        (ARTICLES, ("2025-03-22", "a/b", 0)),
        (ARTICLES, ("2025-03-22", "a-b", 0)),
    ],
    ids=["no date", "a date too many", "not ISO", "path", "slash in shard", "hyphen in shard"],
)
def test_keys_that_name_no_file(table: Table, key: Key) -> None:
    with pytest.raises(ValueError, match=r"\(|isoformat"):
        file_name(table, key, "r1")


def test_no_two_runs_share_a_name() -> None:
    keys: list[tuple[str, Key]] = [
        ("a-1", ("2025-03-22", 2, 3)),
        ("a", ("2025-03-22", "1.2", 3)),
        ("a", ("2025-03-22", 1, 23)),
    ]
    assert len({file_name(ARTICLES, key, run_id) for run_id, key in keys}) == len(keys)


def test_same_key_rewrites_the_same_file(run: Run) -> None:
    first = write_file(ARTICLES, ("2025-03-22", 0, 0), articles([1, 2]), run)
    second = write_file(ARTICLES, ("2025-03-22", 0, 0), articles([1]), run)
    assert first == second
    assert pq.read_metadata(first).num_rows == 1
    assert [path.name for path in Path(run.staging).iterdir()] == [Path(first).name]


def test_a_pipeline_writes_a_file_for_each_group_and_counts_rows(run: Run, tmp_path: Path) -> None:
    groups: list[Any] = [
        (("2025-03-21", 0, 0), articles([1, 2, 3])),
        (("2025-03-22", "s1", 0), articles([4])),
        (("2025-03-22", 2, 0), articles([])),
    ]
    pipeline = beam.Pipeline(argv=[])
    names = pipeline | beam.Create(groups) | WriteTable(ARTICLES, run) | beam.Map(target_of)
    names | beam.io.WriteToText(str(tmp_path / "names"), shard_name_template="")
    result = pipeline.run()
    result.wait_until_finish()
    assert sorted((tmp_path / "names").read_text().split()) == [
        "articles/date=2025-03-21/part-r1-0-0.parquet",
        "articles/date=2025-03-22/part-r1-s1-0.parquet",
    ]
    assert len(list(Path(run.staging).iterdir())) == 2
    (counter,) = result.metrics().query(beam.metrics.MetricsFilter().with_name("rows_articles"))["counters"]
    assert counter.committed == 4


def test_a_row_with_a_null_too_many_stops_the_pipeline(run: Run) -> None:
    bad = articles([1]).drop_columns(["source"])
    with pytest.raises(Exception, match="source"), beam.Pipeline(argv=[]) as pipeline:
        pipeline | beam.Create([(("2025-03-21", 0, 0), bad)]) | WriteTable(ARTICLES, run)
    assert not Path(run.staging).exists()


def test_tables_with_slashes_are_staged_in_one_folder(run: Run) -> None:
    path = write_file(EXACT, ("", 0, 0), rows(EXACT, [{"key": 2**63}]), run)
    assert Path(path).parent == Path(run.staging)
    assert pq.read_table(path)["key"].to_pylist() == [2**63]
    assert A_RUN.run_id in target_of(path)
