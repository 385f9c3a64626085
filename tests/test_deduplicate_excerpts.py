"""Summaries and the full texts that open with them, or carry them as their own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from schemas.records import Article
from tests.make import article, micros, story
from tests.resolving import Store
from transforms.deduplicate.texts.openings import LONG, gather_openings, opening_keys

WORDS = [f"{word[:3]}{n}" for n, word in enumerate(story(1, 300).split())]
NOON = micros("2025-03-21T12:00")
FULL = article(url="https://a.example/1", source="a", publisher="a", body=" ".join(WORDS), published_at=NOON)
WITH_OWN = replace(FULL, description=story(5, 30))


def summary(text: str, **given: Any) -> Article:
    """What another outlet carries, a minute later, under a title of its own."""
    fields = {"url": "https://b.example/1", "source": "b", "publisher": "b", "title": "Another title", "body": ""}
    return article(
        **fields | {"description": text, "content_kind": "summary", "published_at": NOON + 60_000_000} | given
    )


def opening(count: int) -> str:
    """The first words of the full text."""
    return " ".join(WORDS[:count])


HELD = {
    "16 words": (FULL, summary(opening(16)), 1.0),
    "some words past a checkpoint": (FULL, summary(opening(37)), 32 / 37),
    "120 words": (FULL, summary(opening(120)), 110 / 120),
    "cut within a word": (FULL, summary(opening(40)[:-3] + "…"), 38 / 40),
    "with an ending": (FULL, summary(opening(40) + " Continue reading"), 38 / 42),
    "other case and punctuation": (FULL, summary(f"“{opening(20).upper()}” — "), 1.0),
    "as a body": (FULL, summary("", body=opening(20)), 1.0),
    "the description of the full text": (WITH_OWN, summary(story(5, 30)), 28 / 30),
    "three days on": (FULL, summary(opening(20), published_at=NOON + 3 * 86_400_000_000), 1.0),
}  # fmt: skip

REFUSED = {
    "15 words": (FULL, summary(opening(15))),
    "another word early on": (FULL, summary(f"New {opening(30)}")),
    "a fifth of other words": (FULL, summary(opening(32) + " " + story(9, 10))),
    "four days on": (FULL, summary(opening(20), published_at=NOON + 4 * 86_400_000_000)),
    "the same outlet": (FULL, summary(opening(20), publisher="a")),
    "a text of its own that goes on": (FULL, summary("", body=opening(60) + " " + story(9, 200))),
}


@pytest.mark.parametrize(("full", "short", "score"), HELD.values(), ids=HELD.keys())
def test_a_summary_of_a_full_text_is_a_copy(full: Article, short: Article, score: float) -> None:
    once, parts = Store(), Store()
    parts.run([full])
    for outcomes, filed in (once.run([short, full]), parts.run([short])):
        assert outcomes[0] == "duplicate"
        (row,) = (row for row in filed.sightings.to_pylist() if row["source"] == "b")
        assert (row["relation"], row["score"]) == ("excerpt", pytest.approx(score))
    assert parts.run([short])[0] == once.run([short])[0] == ["repeat"]


@pytest.mark.parametrize(("full", "short"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_summary_is_an_article(full: Article, short: Article) -> None:
    assert Store().run([full, short])[0] == ["new", "new"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_full_text_that_follows_is_stored_in_the_story_of_its_summary(at_once: bool) -> None:
    store, short = Store(), summary(opening(24), published_at=NOON - 1)
    rows = [
        row
        for run in ([[short, FULL]] if at_once else [[short], [FULL]])
        for row in store.run(run)[1].articles.to_pylist()
    ]
    first, second = sorted(rows, key=lambda row: row["source"], reverse=True)
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, first["article_id"])
    assert first["story_id"] == second["story_id"] == first["article_id"]
    assert second["duplicate_score"] == 1


def test_kept_summaries_are_marked() -> None:
    _, filed = Store(keep=True).run([FULL, summary(opening(24))])
    first, second = filed.articles.to_pylist()
    assert (second["duplicate_of"], second["story_id"]) == (first["article_id"], first["article_id"])


COLUMN = [replace(FULL, url=f"https://a.example/{n}", body=f"{opening(40)} {story(n, 200)}") for n in (20, 21)]


def test_an_opening_that_several_articles_of_an_outlet_have_is_no_evidence() -> None:
    assert Store().run([*COLUMN, summary(opening(24))])[0] == ["new"] * 3
    store = Store()
    store.run(COLUMN)
    assert store.run([summary(opening(24))])[0] == ["new"]


def named(names: str, number: int) -> str:
    """The opening, and a text of its own about some names."""
    return f"{opening(40)} {' '.join(f'then {name} spoke' for name in names.split())} {story(number, 200)}"


CITIES, RIVERS = "Leeds Derby Hull York", "Tyne Wear Tees Ouse"
BEGUN = {
    "two unlike texts of an outlet": (COLUMN[0].body, COLUMN[1].body, "a", "new"),
    "a text and a copy of it": (COLUMN[0].body, f"{COLUMN[0].body} and more", "a", "duplicate"),
    "two outlets about other names": (named(CITIES, 20), named(RIVERS, 21), "c", "new"),
    "two outlets about the same names": (named(CITIES, 20), named(CITIES, 21), "c", "duplicate"),
    "a text and its own summary": (COLUMN[0].body, opening(44), "a", "duplicate"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "outlet", "outcome"), BEGUN.values(), ids=BEGUN.keys())
def test_what_else_begins_so_tells_whether_an_opening_is_evidence(
    one: str, other: str, outlet: str, outcome: str
) -> None:
    first = replace(FULL, body=one)
    second = replace(FULL, url="https://a.example/2", title="A second title", publisher=outlet, body=other)
    assert Store().run([summary(opening(40)), first, second])[0][0] == outcome


def test_the_versions_of_one_article_are_one() -> None:
    store = Store()
    store.run([FULL])
    store.run([replace(FULL, body=f"{FULL.body} {story(9, 100)}")])
    assert store.run([summary(opening(24))])[0] == ["duplicate"]


def test_a_copy_of_a_summary_is_a_copy_of_the_full_text() -> None:
    copy = summary(opening(24), url="https://c.example/1", source="c", publisher="c", published_at=NOON + 120_000_000)
    outcomes, filed = Store().run([FULL, summary(opening(24)), copy])
    assert outcomes == ["new", "duplicate", "duplicate"]
    assert len(set(filed.sightings["article_id"].to_pylist())) == 1


KEYS = {
    "none": ("", 0),
    "15 words": (opening(15), 0),
    "16": (opening(16), 1),
    "32": (opening(32), 2),
    "all": (FULL.body, 4),
}


@pytest.mark.parametrize(("text", "count"), KEYS.values(), ids=KEYS.keys())
def test_keys_are_of_the_first_16_32_64_and_110_words(text: str, count: int) -> None:
    _, openings = gather_openings([summary(text)])
    assert np.count_nonzero(opening_keys(openings)) == count


def test_a_text_has_the_same_opening_wherever_it_stands_and_however_it_goes_on() -> None:
    texts = [summary(opening(count)) for count in (3, 100, 20, 300)]
    words, openings = gather_openings(texts)
    assert words[:, 0].tolist() == [3, 100, 20, LONG]
    assert (openings[1, 0, :15] == openings[3, 0, :15]).all()
    assert (gather_openings(texts[2:3])[1][0] == openings[2]).all()
