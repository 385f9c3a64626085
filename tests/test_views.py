"""The views that docs/views.sql gives to DuckDB, over datasets that runs have made."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.make import READ_AT, article, story
from tests.runs import ingest_articles
from tests.test_deduplicate_stories import ANOTHER, BETWEEN, NAMES, OTHER, ROOT

VIEWS = (Path(__file__).parent.parent / "docs/views.sql").read_text()

CHANGED = article(url="https://example.org/changed", body=story(7), source="s")
REVISED = replace(CHANGED, body=story(8), read_at=READ_AT + 1)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: an article that is revised and goes back, and two stories that a third article joins."""
    folder = tmp_path_factory.mktemp("views")
    for number, run in enumerate(([CHANGED, ROOT, OTHER], [REVISED, BETWEEN], [CHANGED, ANOTHER])):
        ingest_articles(str(folder / "out"), f"run{number}", run)
    return folder


@contextlib.contextmanager
def looking_at(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the views, in the folder that has the dataset."""
    with contextlib.chdir(folder), duckdb.connect() as connection:
        connection.execute(VIEWS)
        yield connection


def test_the_latest_version_is_the_one_gone_back_to(dataset: Path) -> None:
    with looking_at(dataset) as connection:
        rows = connection.sql("SELECT source, version, body FROM latest ORDER BY source").fetchall()
        count = connection.sql("SELECT count(*) FROM 'out/articles/**/*.parquet'").fetchall()
    assert rows[-1] == ("s", 1, CHANGED.body)
    assert ([source for source, _, _ in rows], count) == (["another", "between", "other", "root", "s"], [(6,)])


def test_stories_are_followed_to_where_they_were_joined(dataset: Path) -> None:
    with looking_at(dataset) as connection:
        rows = connection.sql("SELECT article_id, story_id FROM stories").fetchall()
    named = {NAMES[int(a, 16)]: NAMES[int(s, 16)] for a, s in rows if int(a, 16) in NAMES}
    assert len(rows) == len(named) + 1
    assert named == dict.fromkeys(["root", "other", "between", "another"], "root")


def test_a_dataset_without_joins_has_stories_too(tmp_path: Path) -> None:
    ingest_articles(str(tmp_path / "out"), "one", [ROOT, OTHER])
    with looking_at(tmp_path) as connection:
        assert all(article_id == story_id for article_id, story_id in connection.sql("FROM stories").fetchall())
