"""What becomes of entries, over one run and several: each case lists runs of articles and the outcomes expected."""

import random
from dataclasses import replace
from typing import Any

import pytest

from schemas.keys import RELATIONS
from schemas.records import Article
from tests.make import READ_AT, article, micros, story
from tests.resolving import Store
from transforms.deduplicate.file_rows import Filed

FIRST = article()
OTHER_URL = "https://example.net/b"
FAR = micros("2025-03-29")
LATER = micros("2025-03-21T13:00")
REVISED = replace(FIRST, body=story(2), updated_at=LATER)
SUMMARY = replace(
    FIRST, body="", description="A short account of what happened there today in town", content_kind="summary"
)
EDITED = replace(FIRST, body=story(1, 200))  # of which NEAR has all but a few words
NEAR = replace(
    EDITED, url=OTHER_URL, source="feed-2", published_at=LATER, body=EDITED.body.replace("river", "stream", 2)
)
RELATED = replace(EDITED, url=OTHER_URL, source="feed-2", published_at=LATER, body=story(1, 150) + " " + story(9, 50))

THIRD = replace(FIRST, body=story(8), updated_at=LATER + 1)


def moved(original: Article, days: int, source: str = "feed-2") -> Article:
    """The same under another address, in another feed, some days after the first article."""
    published = (FIRST.published_at or 0) + days * 86_400_000_000
    return replace(original, url=f"https://example.net/{source}/{days}", source=source, published_at=published)


CASES: dict[str, list[list[tuple[Article, str]]]] = {
    "the same entry twice": [[(FIRST, "new"), (FIRST, "repeat")], [(FIRST, "repeat")]],
    "a second source with the same url": [
        [(FIRST, "new"), (replace(FIRST, source="feed-2", published_at=LATER), "duplicate")]
    ],
    "a second source later": [
        [(FIRST, "new")],
        [(replace(FIRST, source="feed-2"), "duplicate")],
        [(replace(FIRST, source="feed-2"), "repeat"), (FIRST, "repeat")],
    ],
    "the same text under another url": [
        [(FIRST, "new"), (replace(FIRST, url=OTHER_URL, source="feed-2", published_at=LATER), "duplicate")],
        [(replace(FIRST, url=OTHER_URL, source="feed-2", published_at=LATER), "repeat")],
    ],
    "the same text ten days on is news again": [
        [(FIRST, "new")],
        [(replace(FIRST, url=OTHER_URL, source="feed-2", published_at=micros("2025-03-31")), "new")],
    ],
    "a text without url or guid holds for good": [
        [(replace(FIRST, url="", url_is_key=False), "new")],
        [(replace(FIRST, url="", url_is_key=False, published_at=micros("2025-04-30")), "repeat")],
    ],
    "a page that breaks off, and then the summary alone": [
        [(replace(SUMMARY, body=story(3, 30), from_page=True), "new")],
        [(SUMMARY, "repeat")],
    ],
    "a revised text": [[(FIRST, "new")], [(REVISED, "version")], [(REVISED, "repeat")]],
    "a revised text in the same run": [
        [(FIRST, "new"), (REVISED, "version")],
        [(FIRST, "repeat"), (REVISED, "repeat")],
    ],
    "white space is no change": [[(FIRST, "new")], [(replace(FIRST, body=FIRST.body.replace(" ", "  ")), "repeat")]],
    "another source cannot revise": [[(FIRST, "new")], [(replace(REVISED, source="feed-2"), "duplicate")]],
    "a text that goes back": [
        [(FIRST, "new")],
        [(REVISED, "version")],
        [(FIRST, "reverted")],
        [(FIRST, "repeat")],
        [(REVISED, "reverted")],
    ],
    "a full text follows a summary once": [
        [(SUMMARY, "new")],
        [(FIRST, "version")],
        [(SUMMARY, "repeat")],
        [(replace(SUMMARY, description="Another short account of what happened there today in town"), "repeat")],
        [(FIRST, "repeat")],
    ],
    "a changed link is found by its guid": [
        [(replace(FIRST, guid="g1"), "new")],
        [(replace(FIRST, guid="g1", url=OTHER_URL, body=story(3)), "version")],
        [(replace(FIRST, guid="g2", url=OTHER_URL, body=story(3)), "repeat")],
    ],
    "a guid means nothing in another source": [
        [(replace(FIRST, guid="1"), "new")],
        [(replace(FIRST, guid="1", source="feed-2", url=OTHER_URL, body=story(5)), "new")],
    ],
    "a re-stamped date": [[(FIRST, "new")], [(replace(FIRST, published_at=FAR), "repeat")]],
    "a near-duplicate": [[(EDITED, "new"), (NEAR, "duplicate")], [(NEAR, "repeat"), (EDITED, "repeat")]],
    "a near-duplicate of a stored article": [[(EDITED, "new")], [(NEAR, "duplicate")], [(NEAR, "repeat")]],
    "a near-duplicate filed too far away": [[(EDITED, "new")], [(replace(NEAR, published_at=FAR), "new")]],
    "a copy that is edited later is no version": [
        [(EDITED, "new")],
        [(replace(NEAR, source="feed-1"), "repeat")],
        [(replace(NEAR, source="feed-1", body=story(7)), "repeat")],
    ],
    "a related text has news of its own": [[(EDITED, "new"), (RELATED, "new")], [(RELATED, "repeat")]],
    "an old text beside the current one is no return": [
        [(FIRST, "new")],
        [(REVISED, "version")],
        [(FIRST, "repeat"), (REVISED, "repeat")],
    ],
    "of two old texts one is the return": [
        [(FIRST, "new")],
        [(REVISED, "version")],
        [(THIRD, "version")],
        [(FIRST, "reverted"), (REVISED, "repeat")],
        [(FIRST, "repeat"), (REVISED, "repeat")],
    ],
    "the same text three days later": [[(FIRST, "new")], [(moved(FIRST, 3), "duplicate")]],
    "the same text four days later": [[(FIRST, "new")], [(moved(FIRST, 4), "new")]],
    "a near-duplicate three days later": [[(EDITED, "new")], [(moved(NEAR, 3), "duplicate")]],
    "a near-duplicate four days later": [[(EDITED, "new")], [(moved(NEAR, 4), "new")]],
    "a text stored on two days is the nearer one's": [
        [(FIRST, "new")],
        [(moved(FIRST, 40), "new")],
        [(moved(FIRST, 1, "feed-3"), "duplicate")],
        [(moved(FIRST, 1, "feed-3"), "repeat")],
    ],
    "the same text every third day is news every sixth": [
        [(FIRST, "new"), (moved(FIRST, 3), "duplicate"), (moved(FIRST, 6), "new"), (moved(FIRST, 9, "c"), "duplicate")],
    ],
    "the same text some days after one that has no other key": [
        [(replace(FIRST, url="", url_is_key=False), "new"), (moved(FIRST, 4), "new")],
    ],
    "a text of its own without other keys, on any day of a run": [
        [(FIRST, "new"), (replace(moved(FIRST, 30), url="", url_is_key=False), "duplicate")],
    ],
    "a text holds from the day that its stored article is filed under": [
        [(FIRST, "new")],
        [(moved(FIRST, 3), "duplicate"), (moved(FIRST, 4, "feed-3"), "new")],
    ],
    "a source that carries a copy twice": [
        [(FIRST, "new"), (moved(FIRST, 1), "duplicate"), (moved(FIRST, 2), "repeat")],
    ],
    "of two copies that a source carries the one that is the same is its sighting": [
        [(EDITED, "new"), (NEAR, "repeat"), (moved(EDITED, 1), "duplicate")],
    ],
    "shared title, other text": [[(FIRST, "new"), (replace(FIRST, url=OTHER_URL, body=story(4)), "new")]],
    "a chain through two keys": [
        [
            (FIRST, "new"),
            (replace(FIRST, source="feed-2", body=story(5), published_at=LATER), "duplicate"),
            (replace(FIRST, source="feed-3", url=OTHER_URL, body=story(5), published_at=LATER + 1), "duplicate"),
        ]
    ],
}  # fmt: skip


@pytest.mark.parametrize("runs", CASES.values(), ids=CASES.keys())
def test_outcomes(runs: list[list[tuple[Article, str]]]) -> None:
    store = Store()
    for run in runs:
        outcomes, _ = store.run([a for a, _ in run])
        assert outcomes == [expected for _, expected in run]


def _rows(filed: Filed) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Articles and sightings in an order of their own."""
    tables = (filed.articles, filed.sightings)
    return tuple(sorted(table.to_pylist(), key=repr) for table in tables)  # type: ignore[return-value]


def test_rows_are_the_same_in_any_order() -> None:
    articles = [a for run in CASES.values() for case in run for a, _ in case]
    assert _rows(Store().run(articles)[1]) == _rows(Store().run(articles[::-1])[1])


def test_a_second_run_adds_no_row() -> None:
    articles = [a for run in CASES.values() for case in run for a, _ in case]
    store = Store()
    store.run(articles)
    outcomes, filed = store.run(articles)
    assert set(outcomes) == {"repeat"}
    assert filed.articles.num_rows == filed.sightings.num_rows == 0


def test_kept_near_duplicates_are_marked() -> None:
    outcomes, filed = Store(keep=True).run([EDITED, NEAR])
    first, second = filed.articles.to_pylist()
    assert outcomes == ["new", "new"]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, first["article_id"])
    assert first["story_id"] == second["story_id"]
    assert second["duplicate_score"] > 0.8


def test_related_texts_are_marked_with_their_score() -> None:
    _, filed = Store().run([EDITED, RELATED])
    first, second = filed.articles.to_pylist()
    assert second["duplicate_of"] == first["article_id"]
    assert 0.5 <= second["duplicate_score"] < 0.8


def test_sightings_say_who_carried_it_and_how() -> None:
    same_text = replace(FIRST, url="https://example.com/c", source="feed-3", published_at=LATER)
    _, filed = Store().run([FIRST, replace(FIRST, source="feed-2", published_at=LATER), same_text])
    rows = filed.sightings.to_pylist()
    assert {(row["source"], row["relation"]) for row in rows} == {
        ("feed-1", "original"), ("feed-2", "same_url"), ("feed-3", "same_text"),
    }  # fmt: skip
    assert len({row["article_id"] for row in rows}) == 1
    assert {row["relation"] for row in rows} <= set(RELATIONS)


@pytest.mark.parametrize("time", ["read_at", "updated_at"])
def test_captures_are_versions_in_the_order_of_their_time(time: str) -> None:
    captures = [replace(FIRST, body=story(n), **{time: READ_AT + n}) for n in (3, 1, 4, 2)]  # type: ignore[arg-type]
    _, filed = Store().run(captures)
    rows = sorted(filed.articles.to_pylist(), key=lambda row: row["version"])
    assert [row["body"] for row in rows] == [story(n) for n in (1, 2, 3, 4)]


def test_a_version_keeps_id_and_date() -> None:
    store = Store()
    _, first = store.run([FIRST])
    _, second = store.run([replace(REVISED, published_at=micros("2025-03-25"))])
    assert first.articles["article_id"] == second.articles["article_id"]
    assert second.articles["version"].to_pylist() == [2]
    assert first.article_days.tolist() == second.article_days.tolist()


BODIES = (EDITED.body, NEAR.body, RELATED.body, story(5), story(6), "a short text of a few words")


def _random_article(chooser: random.Random) -> Article:
    """One of few articles, so that keys meet in every way they can."""
    url, full = chooser.choice(["", "https://a/1", "https://a/2", "https://b/3"]), chooser.random() < 0.7
    days = ["2025-03-21T10:00", "2025-03-22", "2025-03-23", "2025-03-30"]
    return article(
        url=url,
        guid=chooser.choice(["", "", "g1", "g2"]),
        source=chooser.choice(["feed-1", "feed-2"]),
        title=chooser.choice(["Title one", "Title two"]),
        body=chooser.choice(BODIES) if full else "",
        description="" if full else chooser.choice([SUMMARY.description, "Some other summary of the day's events"]),
        content_kind="full" if full else "summary",
        published_at=chooser.choice([None, *map(micros, days)]),
        updated_at=chooser.choice([None, LATER, LATER + 5]),
    )


@pytest.mark.parametrize("seed", range(40))
def test_random_runs_add_nothing_twice_in_any_order(seed: int) -> None:
    chooser, plain, other = random.Random(seed), Store(), Store()
    for _ in range(3):
        articles = [_random_article(chooser) for _ in range(chooser.randint(1, 8))]
        shuffled = chooser.sample(articles, len(articles))
        assert _rows(plain.run(articles)[1]) == _rows(other.run(shuffled)[1])
        outcomes, filed = plain.run(articles)
        assert set(outcomes) == {"repeat"}
        assert filed.sightings.num_rows == 0
        other.run(shuffled)


def test_a_flood_of_near_copies_has_one_article() -> None:
    words, count = story(1, 200).split(), 300
    bodies = [" ".join([*words[: n % 190], "x", *words[n % 190 :]]) for n in range(count)]
    copies = [
        article(url=f"https://example.org/{n}", source=f"s{n}", published_at=LATER + n, body=body)
        for n, body in enumerate(bodies)
    ]
    outcomes, filed = Store().run(random.Random(5).sample(copies, count))
    assert (outcomes.count("new"), outcomes.count("duplicate")) == (1, count - 1)
    assert filed.articles["url"].to_pylist() == ["https://example.org/0"]


@pytest.mark.parametrize(("edits", "outcome"), [(3, "duplicate"), (25, "new")])
def test_what_repeats_four_fifths_is_a_copy(edits: int, outcome: str) -> None:
    words = [f"{word}{n}" for n, word in enumerate(story(1, 300).split())]
    changed = [f"other{n}" if n % (300 // edits) == 0 else word for n, word in enumerate(words)]
    first = replace(FIRST, body=" ".join(words))
    near = replace(moved(first, 0), published_at=LATER, body=" ".join(changed))
    assert Store().run([first, near])[0] == ["new", outcome]


def test_a_copy_of_a_copy_is_judged_by_the_article() -> None:
    words = [f"{word}{n}" for n, word in enumerate(story(1, 300).split())]
    chain = [" ".join([*(f"x{n}" for n in range(shift)), *words[shift:]]) for shift in (0, 25, 50)]
    articles = [replace(moved(FIRST, 0, f"s{n}"), published_at=LATER + n, body=body) for n, body in enumerate(chain)]
    outcomes, filed = Store().run(articles)
    assert outcomes == ["new", "duplicate", "new"]
    assert filed.articles["duplicate_of"].to_pylist()[1] == filed.articles["article_id"].to_pylist()[0]


def test_short_texts_have_no_signature() -> None:
    _, filed = Store().run([replace(FIRST, body="a text of only a few words")])
    assert filed.articles["signature"].to_pylist() == [None]
