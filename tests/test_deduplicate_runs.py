"""Deduplicate and commit together, over several runs and over two at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.errors import Overlapped
from schemas.records import Article
from tests.make import READ_AT, article, micros, story
from tests.runs import ingest_articles, rows_of, started

DAYS = ("2025-03-19", "2025-03-20", "2025-03-21")
MANY = [
    article(url=f"https://example.org/{n}", guid=f"g{n}", body=story(n), published_at=micros(DAYS[n % 3]) + n)
    for n in range(30)
]
REVISED = replace(MANY[3], body=story(99), read_at=READ_AT + 1)
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


@pytest.mark.slow
def test_many_runs_keep_few_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.deduplicate.stored.merge_keys.MANY_FILES", 3)
    for number in range(5):
        ingest_articles(str(tmp_path), f"run{number}", [MANY[number]])
    assert len(list((tmp_path / "_keys/exact").glob("*.parquet"))) <= 3
    assert len(list((tmp_path / "_lines").glob("*.parquet"))) <= 3
    assert ingest_articles(str(tmp_path), "again", MANY[:5])["counts"]["repeats"] == 5


OTHER_SOURCE = replace(MANY[8], source="feed-9", guid="h8")

LONG = article(url="https://example.org/long", body=story(40, 200))
NEAR_LONG = replace(LONG, url="https://example.net/near", source="feed-5", body=story(40, 200) + " once more")
OVERTAKEN = {
    "new articles": ([], [*MANY[:10], COPY, OTHER_SOURCE], MANY[5:]),
    "a version": (MANY[:5], [replace(MANY[3], body=story(98))], [REVISED]),
    "the same version": (MANY[:5], [REVISED], [REVISED]),
    "a sighting": (MANY[:9], [OTHER_SOURCE], [OTHER_SOURCE]),
    "a near-duplicate": ([], [NEAR_LONG], [LONG]),
    "a return to an old text": ([MANY[3], REVISED], [MANY[3]], [replace(MANY[3], body=story(98))]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("before", "late", "early"), OVERTAKEN.values(), ids=OVERTAKEN.keys())
def test_a_run_that_was_overtaken_is_refused_and_right_when_run_again(
    before: list[Article], late: list[Article], early: list[Article], tmp_path: Path
) -> None:
    for name in ("overlap", "in turn"):
        ingest_articles(str(tmp_path / name), "before", before)
    with started(str(tmp_path / "overlap"), "late", late) as finish:
        ingest_articles(str(tmp_path / "overlap"), "early", early)
        with pytest.raises(Overlapped, match="late"):
            finish()
    ingest_articles(str(tmp_path / "in turn"), "early", early)
    for name in ("overlap", "in turn"):
        ingest_articles(str(tmp_path / name), "late", late)
    for table in ("articles", "sightings"):
        assert rows_of(str(tmp_path / "overlap"), table) == rows_of(str(tmp_path / "in turn"), table)


def _of(name: str, *parts: list[str]) -> Article:
    return article(
        url=f"https://{name}.example/a",
        source=name,
        publisher=name,
        body=" ".join(word for part in parts for word in part),
    )


R, P, Q = (story(number, 200).split() for number in (50, 51, 52))
ROOTS = [_of("r", R), _of("p", R[:100], P[:60]), _of("q", R[100:], Q[:60])]
SUMMARY = article(url="https://s.example/a", source="s", publisher="s", body="", description=" ".join(R[:40]))

ALIKE = {
    "a version that is like it": ([MANY[3]], [NEAR_LONG], [replace(MANY[3], body=LONG.body)]),
    "the full text of a summary": ([], [SUMMARY], [ROOTS[0]]),
    "joins of one story to two": (ROOTS, [_of("rp", R[:150], P[:30])], [_of("rq", R[50:], Q[:30])]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("before", "late", "early"), ALIKE.values(), ids=ALIKE.keys())
def test_a_run_is_refused_where_texts_like_its_own_were_stored_meanwhile(
    before: list[Article], late: list[Article], early: list[Article], tmp_path: Path
) -> None:
    ingest_articles(str(tmp_path), "before", before)
    with started(str(tmp_path), "late", late) as finish:
        ingest_articles(str(tmp_path), "early", early)
        with pytest.raises(Overlapped, match="late"):
            finish()


def test_runs_at_once_over_different_entries_do_not_mind_each_other(tmp_path: Path) -> None:
    with started(str(tmp_path), "late", MANY[:10]) as finish:
        ingest_articles(str(tmp_path), "early", MANY[10:])
        assert finish()["counts"]["new_articles"] == 10
    assert len(rows_of(str(tmp_path), "articles")) == 30


def test_a_near_duplicate_stored_days_before_is_found(tmp_path: Path) -> None:
    words = story(1, 200)
    first = article(body=words, published_at=micros("2025-03-19"))
    near = article(
        url="https://example.net/n", source="feed-2", body=words + " once more", published_at=micros("2025-03-21")
    )
    ingest_articles(str(tmp_path), "one", [first])
    assert ingest_articles(str(tmp_path), "two", [near])["counts"]["duplicates"] == 1


def test_the_same_entry_listed_twice_is_read_twice_and_stored_once(tmp_path: Path) -> None:
    counts = ingest_articles(str(tmp_path), "one", [MANY[0], MANY[0]])["counts"]
    assert (counts["new_articles"], counts["repeats"]) == (1, 1)
