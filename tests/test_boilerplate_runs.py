"""Boilerplate over several runs: counted, remembered, removed, and never twice."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from schemas.errors import AlreadyCommitted, DatasetError
from schemas.keys import DATASET_TABLES
from schemas.lines import LINE_ROWS, LINES
from schemas.records import Article
from tests.make import READ_AT, article, micros, story
from tests.runs import ingest_articles, rows_of, started
from transforms.boilerplate.weigh import gather_rows
from transforms.boilerplate.window import ARTICLES, keep_newest, lines_table, remember_lines
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.write.commit import commit_steps
from transforms.write.manifests import read_manifest
from transforms.write.sorted_rows import to_rows
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

FOOTER = "Follow us on all channels"


def news(number: int, text: str = "", **given: Any) -> Article:
    """An article that ends in the footer."""
    published = micros("2025-03-20") + number
    body = f"{text or story(number)}\n\n{FOOTER}"
    return article(
        url=f"https://example.org/{number}", title=f"Number {number}", body=body, published_at=published, **given
    )


TEN = [news(number) for number in range(10)]


def bodies(output: Path) -> dict[str, str]:
    return {row["url"].rpartition("/")[2]: row["body"] for row in rows_of(str(output), "articles")}


def counted(output: Path) -> int:
    """The articles whose lines are remembered."""
    return len({row["article"] for row in rows_of(str(output), LINES.name)})


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of ten articles, read in one run."""
    output = tmp_path_factory.mktemp("one") / "out"
    ingest_articles(str(output), "one", TEN)
    return output


@pytest.fixture
def stored(one_run: Path, tmp_path: Path) -> Path:
    """A copy of that dataset."""
    return Path(shutil.copytree(one_run, tmp_path / "out"))


def test_within_a_run(one_run: Path) -> None:
    assert bodies(one_run) == {str(number): story(number) for number in range(10)}
    assert read_manifest(str(one_run), "one")["counts"]["boilerplate_removed"] == 10
    assert {tuple(row["quality_flags"]) for row in rows_of(str(one_run), "articles")} == {("boilerplate_removed",)}
    assert counted(one_run) == 10


def test_one_new_article_after_ten_stored_ones(stored: Path) -> None:
    ingest_articles(str(stored), "two", [news(10)])
    assert bodies(stored)["10"] == story(10)


def test_one_new_article_after_three_stored_ones(tmp_path: Path) -> None:
    ingest_articles(str(tmp_path), "one", TEN[:3])
    ingest_articles(str(tmp_path), "two", [TEN[3]])
    assert {number for number, body in bodies(tmp_path).items() if FOOTER in body} == {"0", "1", "2"}


def test_a_second_run_adds_nothing(stored: Path) -> None:
    revised = news(3, story(50))
    assert ingest_articles(str(stored), "two", [*TEN, revised])["counts"]["new_versions"] == 1
    before = {table: rows_of(str(stored), table, ()) for table in ("articles", "sightings", LINES.name)}
    assert {story(3), story(50)} <= {row["body"] for row in before["articles"]}
    assert ingest_articles(str(stored), "again", [revised, *TEN[:3], *TEN[4:]])["tables"] == {}
    assert {table: rows_of(str(stored), table, ()) for table in before} == before


def test_kept_where_that_is_wanted(one_run: Path, tmp_path: Path) -> None:
    ingest_articles(str(tmp_path), "one", TEN[::-1], keep_boilerplate=True)
    assert all(FOOTER in body for body in bodies(tmp_path).values())
    assert rows_of(str(tmp_path), LINES.name) == rows_of(str(one_run), LINES.name)
    for name in ("article_id", "content_hash", "signature", "version"):
        kept, removed = ({row["url"]: row[name] for row in rows_of(str(o), "articles")} for o in (tmp_path, one_run))
        assert kept == removed, name


def test_a_story_carried_again_loses_nothing(tmp_path: Path) -> None:
    text = f"{story(1)}\n\n{story(2)}"
    told = [news(n, f"{story(n)}\n\n{text}", source=f"feed-{n}") for n in range(60, 71)]
    ingest_articles(str(tmp_path), "one", told[:-1])
    ingest_articles(str(tmp_path), "two", told[-1:])
    assert all(text in row["body"] for row in rows_of(str(tmp_path), "articles"))


def test_a_copy_of_a_stored_article_is_not_counted(stored: Path) -> None:
    copy = replace(news(0), url="https://example.org/copy", source="feed-2")
    assert ingest_articles(str(stored), "copy", [copy])["counts"]["duplicates"] == 1
    assert counted(stored) == 10


def test_files_joined_hold_the_newest_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.deduplicate.stored.merge_keys.MANY_FILES", 1)
    for run_id, first, last in (("one", 0, ARTICLES), ("two", ARTICLES, ARTICLES + 5)):
        list(commit_lines(str(tmp_path), run_id, lines(*((1, number, number) for number in range(first, last)))))
    assert counted(tmp_path) == ARTICLES


def test_a_file_of_its_own_holds_the_newest_articles(tmp_path: Path) -> None:
    list(commit_lines(str(tmp_path), "one", lines(*((1, number, number) for number in range(ARTICLES + 5)))))
    assert counted(tmp_path) == ARTICLES


def test_runs_at_once_are_both_remembered(tmp_path: Path) -> None:
    with started(str(tmp_path), "late", TEN[:5]) as finish:
        ingest_articles(str(tmp_path), "early", TEN[5:])
        finish()
    assert counted(tmp_path) == 10


def test_a_damaged_file_is_named(stored: Path) -> None:
    (path,) = list_files(str(stored), LINES.name)
    Path(path).write_bytes(Path(path).read_bytes()[:-20])
    with pytest.raises(DatasetError, match=path):
        remember_lines(str(stored), (path,))


def test_files_that_were_joined_meanwhile_are_found(stored: Path) -> None:
    gone = remember_lines(str(stored), (f"{stored}/{LINES.name}/part-gone.parquet",))
    assert len(gone.all()) == 20


def lines(*given: tuple[int, int, int]) -> np.ndarray:
    """Two rows for each origin, article and day."""
    rows = np.zeros(2 * len(given), LINE_ROWS)
    for place in (0, 1):
        rows["origin"][place::2], rows["article"][place::2], rows["day"][place::2] = zip(*given, strict=True)
        rows["place"][place::2] = place
    return rows


def test_the_newest_articles_of_each_origin_are_kept() -> None:
    rows = lines(*((1, number, number) for number in range(ARTICLES + 5)), (2, 1, 0), (3, 7, 9))
    kept = keep_newest(rows[::-1])
    assert kept["origin"].tolist().count(1) == 2 * ARTICLES
    assert kept["day"][kept["origin"] == 1].min() == 5
    assert kept[kept["origin"] > 1].tolist() == lines((2, 1, 0), (3, 7, 9)).tolist()
    assert keep_newest(kept).tolist() == kept.tolist()
    assert len(keep_newest(rows[:0])) == 0


def test_of_too_many_rows_a_sample_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.boilerplate.weigh.MANY_ROWS", 50)
    monkeypatch.setattr("transforms.boilerplate.weigh._SAMPLE", 10)
    parts = [lines((1, article, 0), (2, 5, 0)).tobytes() for article in range(60)]
    for given in (parts, parts[::-1]):
        rows = gather_rows(given)
        assert set(rows["article"][rows["origin"] == 1].tolist()) == set(range(10))
        assert set(rows["article"][rows["origin"] == 2].tolist()) == {5}


CRASH_STEPS = ("lock", "stamp", "prepare", "intent", "rename", "remove", "cursor", "manifest", "sweep")


def commit_lines(output: str, run_id: str, rows: np.ndarray) -> Iterator[str]:
    """A run that adds lines, in steps; those stored before are joined with them."""
    with begin(output, run_id, READ_AT) as run:
        write_file(LINES, ("", 0, 0), lines_table(rows), run)
        yield from commit_steps(run, DATASET_TABLES, {"run_id": run_id}, [merge_keys])


@pytest.mark.parametrize("last", range(len(CRASH_STEPS)), ids=CRASH_STEPS)
def test_interrupted_between_steps(last: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.deduplicate.stored.merge_keys.MANY_FILES", 1)
    output, first, second = str(tmp_path), lines((1, 1, 1)), lines((1, 2, 2), (2, 3, 3))
    assert tuple(commit_lines(output, "one", first)) == tuple(step for step in CRASH_STEPS if step != "remove")
    steps = commit_lines(output, "two", second)
    assert next(islice(steps, last, None)) == CRASH_STEPS[last]
    steps.close()
    with suppress(AlreadyCommitted):
        list(commit_lines(output, "two", second))
    paths = list_files(output, LINES.name)
    assert remember_lines(output, tuple(paths)).all().tolist() == np.concatenate([first, second]).tolist()
    assert len(paths) == 1


def test_lines_to_a_table_and_back() -> None:
    rows = lines((1, 2, 3), (4, 5, 6))
    assert to_rows(lines_table(rows), LINE_ROWS).tolist() == rows.tolist()
