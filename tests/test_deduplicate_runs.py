"""Deduplicate and commit together, over several runs and over two at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.make import article, micros, story
from tests.runs import ingest_articles, rows_of, started

DAYS = ("2025-03-19", "2025-03-20", "2025-03-21")
MANY = [
    article(url=f"https://example.org/{n}", guid=f"g{n}", body=story(n), published_at=micros(DAYS[n % 3]) + n)
    for n in range(30)
]
REVISED = replace(MANY[3], body=story(99))
COPY = replace(MANY[4], source="feed-2", url="https://example.net/copy", guid="c", published_at=micros("2025-03-22"))


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    first = ingest_articles(str(tmp_path), "one", [*MANY, COPY])
    second = ingest_articles(str(tmp_path), "two", [*MANY, COPY])
    assert first["counts"]["new_articles"] == 30
    assert first["counts"]["duplicates"] == 1
    assert second["counts"]["repeats"] == 31
    assert second["tables"] == {}


def test_any_order_gives_the_same_rows(tmp_path: Path) -> None:
    for name, articles in (("a", [*MANY, COPY, REVISED]), ("b", [REVISED, COPY, *reversed(MANY)])):
        ingest_articles(str(tmp_path / name), "one", articles)
    for table in ("articles", "sightings"):
        assert rows_of(str(tmp_path / "a"), table) == rows_of(str(tmp_path / "b"), table)


def test_runs_one_by_one_or_all_at_once_give_the_same_articles(tmp_path: Path) -> None:
    ingest_articles(str(tmp_path / "once"), "one", [*MANY, COPY, REVISED])
    for number, articles in enumerate((MANY[:20], MANY[10:], [REVISED, COPY])):
        ingest_articles(str(tmp_path / "parts"), f"run{number}", articles)
    assert rows_of(str(tmp_path / "once"), "articles") == rows_of(str(tmp_path / "parts"), "articles")


def test_many_runs_keep_few_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.deduplicate.merge_keys.MANY_FILES", 3)
    for number in range(5):
        ingest_articles(str(tmp_path), f"run{number}", [MANY[number]])
    assert len(list((tmp_path / "_keys/exact").glob("*.parquet"))) <= 3
    assert ingest_articles(str(tmp_path), "again", MANY[:5])["counts"]["repeats"] == 5


def test_two_runs_at_once_add_nothing_twice(tmp_path: Path) -> None:
    other_source = replace(MANY[8], source="feed-9", guid="h8")
    with started(str(tmp_path), "late", [*MANY[:10], COPY, other_source]) as finish:
        ingest_articles(str(tmp_path), "early", MANY[5:])
        late = finish()
    counts = late["counts"]
    assert counts["new_articles"] == 5
    assert counts["new_articles"] + counts["duplicates"] + counts["repeats"] == 12
    articles = rows_of(str(tmp_path), "articles")
    assert len(articles) == len({row["article_id"] for row in articles}) == 30
    carried = {(row["source"], row["article_id"]) for row in rows_of(str(tmp_path), "sightings")}
    assert len(carried) == len(rows_of(str(tmp_path), "sightings"))
    assert {row["relation"] for row in rows_of(str(tmp_path), "sightings") if row["source"] == "feed-9"} == {"same_url"}
    again = ingest_articles(str(tmp_path), "again", [*MANY, COPY, other_source])
    assert again["tables"].get("articles") is None
    assert again["tables"].get("sightings") is None


def test_two_runs_at_once_number_versions_one_after_the_other(tmp_path: Path) -> None:
    ingest_articles(str(tmp_path), "first", MANY[:5])
    with started(str(tmp_path), "late", [replace(MANY[3], body=story(98))]) as finish:
        ingest_articles(str(tmp_path), "early", [REVISED])
        finish()
    versions = [row["version"] for row in rows_of(str(tmp_path), "articles") if row["url"] == MANY[3].url]
    assert sorted(versions) == [1, 2, 3]
