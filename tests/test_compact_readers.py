"""Readers that know nothing of commits, while compactions swap files: never a row too few."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from schemas.tables import PARTITIONING
from tests.dataset import CLEAN, NOON, add_articles
from tests.test_compact_crash import compact_in_steps

ROUNDS, FILES, ROWS = 4, 4, 30


def compact_often(output: str) -> None:
    for i in range(ROUNDS):
        for part in range(FILES):
            number = (i * FILES + part) * ROWS
            add_articles(output, f"r{i}-{part}", range(number, number + ROWS), NOON + number)
        assert "remove" in list(compact_in_steps(output, f"c{i}"))


def distinct_by_duckdb(output: str) -> int:
    return int(duckdb.sql(f"select count(distinct article_id) from '{output}/articles/**/*.parquet'").fetchall()[0][0])


def distinct_by_pyarrow(output: str) -> int:
    ids = ds.dataset(f"{output}/articles", partitioning=PARTITIONING).to_table(["article_id"])["article_id"]
    return len(ids.unique())


@pytest.mark.slow
@pytest.mark.parametrize("distinct", [distinct_by_duckdb, distinct_by_pyarrow])
def test_a_glob_reader_never_misses_a_row(tmp_path: Path, distinct) -> None:  # type: ignore[no-untyped-def]
    """A file that is gone before it is opened is an error, which a second try ends; it is never silent."""
    output = str(tmp_path)
    add_articles(output, "first", range(10_000, 10_000 + ROWS))
    writer = CLEAN.Process(target=compact_often, args=(output,))
    writer.start()
    counts = []
    while writer.is_alive():
        try:
            counts.append(distinct(output))
        except (duckdb.Error, pa.ArrowException, FileNotFoundError) as error:
            if "part-" not in str(error):
                raise
    assert writer.exitcode == 0
    assert counts
    assert counts == sorted(counts)
    assert distinct(output) == ROUNDS * FILES * ROWS + ROWS
