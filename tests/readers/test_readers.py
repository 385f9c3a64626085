"""Every query of docs/analysts.md has the same answer in DuckDB, pandas, Polars and Spark, far from UTC."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.readers.dataset import make_dataset, rewrite
from tests.readers.engines import answers, open_duckdb, open_spark, run
from tests.readers.page import ENGINES, PAGE, QUERIES, ROOT, blocks_of

TRAPS = {
    "undated articles": "SELECT 1 FROM articles WHERE published_at IS NULL",
    "articles without places": "SELECT 1 FROM latest WHERE len(places) = 0",
    "one that went back": "SELECT 1 FROM latest l JOIN articles a USING (article_id) WHERE a.version > l.version",
    "stories joined": "SELECT 1 FROM story_joins JOIN stories ON stories.story_id = joined_to",
    "first at the same time": "SELECT 1 FROM carriers WHERE place = 1 GROUP BY story_id HAVING count(*) > 1",
    "carried without a date": "SELECT 1 FROM carriers WHERE outlets > 1 AND published_at IS NULL",
    "a commit not complete": "SELECT 1 FROM articles WHERE ingested_at > (SELECT max(ingested_at) FROM commits)",
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The dataset `out` in the current folder, of a machine in New Zealand."""
    folder = tmp_path_factory.mktemp("readers")
    make_dataset(folder)
    with pytest.MonkeyPatch.context() as patch, chdir(folder):
        patch.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield folder / "out"
    time.tzset()


def views_of(name: str) -> list[str]:
    return re.findall(r"^CREATE OR REPLACE TEMPORARY VIEW (\w+)", (ROOT / "docs" / name).read_text(), re.M)


def hold_to_duckdb(engine: str, subtests: pytest.Subtests) -> None:
    expected, found = dict(answers("duckdb")), dict(answers(engine))
    assert list(found) == list(expected) == QUERIES
    for title in QUERIES:
        with subtests.test(title, engine=engine):
            assert expected[title].rows
            assert found[title][:2] == expected[title][:2]


@pytest.mark.slow
@pytest.mark.usefixtures("dataset")
def test_pandas_and_polars_answer_as_duckdb(subtests: pytest.Subtests) -> None:
    hold_to_duckdb("pandas", subtests)
    hold_to_duckdb("polars", subtests)


@pytest.mark.slow
def test_a_dataset_without_joins_and_returns_has_answers_too(
    dataset: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    shutil.copytree(dataset.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    for path in tmp_path.glob("out/story_joins/*.parquet"):
        rewrite(path, lambda rows: rows.slice(0, 0))
    for path in tmp_path.glob("out/sightings/*/*.parquet"):
        rewrite(path, lambda rows: rows.filter(pc.field("relation") == "original"))
    with chdir(tmp_path):
        hold_to_duckdb("pandas", subtests)
        hold_to_duckdb("polars", subtests)


@pytest.mark.tools
@pytest.mark.usefixtures("dataset")
def test_spark_answers_as_duckdb(subtests: pytest.Subtests) -> None:
    hold_to_duckdb("spark", subtests)


@pytest.mark.tools
@pytest.mark.usefixtures("dataset")
def test_the_views_of_spark_have_the_columns_of_those_of_duckdb() -> None:
    duck, spark = open_duckdb(), open_spark()
    run(blocks_of("spark")["Opening it"], spark)
    for view in views_of("views.sql"):
        assert spark["sql"](f"SELECT * FROM {view}").columns == duck["sql"](f"FROM {view}").columns, view


@pytest.mark.slow
def test_the_dataset_has_what_readers_trip_over(dataset: Path, subtests: pytest.Subtests) -> None:
    files = list(dataset.glob("articles/**/*.parquet"))
    assert len({tuple(pq.read_schema(path).names) for path in files}) == 3
    assert any("compact" in path.name for path in files)
    views = open_duckdb()
    for trap, query in TRAPS.items():
        with subtests.test(trap):
            assert views["sql"](query).fetchall()


def test_every_query_is_there_for_every_engine() -> None:
    assert len(QUERIES) == 12
    for engine in ENGINES:
        assert set(QUERIES) <= set(blocks_of(engine)), engine


def test_the_page_lists_the_views() -> None:
    listed = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \| (?:as|each) ", PAGE, re.M)))
    assert sorted(listed) == sorted(views_of("views.sql")) == sorted(views_of("views_spark.sql"))
