"""Stories: which articles are of one, and which stories turn out to be one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from schemas.keys import JOINS, NEVER
from schemas.records import Article
from tests.make import article, micros, story
from tests.resolving import Store
from transforms.deduplicate.keys import url_key
from transforms.deduplicate.verdicts.stories import ROOTS, Stories

NOON = micros("2025-03-21T12:00")


def told(name: str, *parts: list[str], at: int, **given: Any) -> Article:
    """An article of an outlet of this name, so many minutes after noon."""
    fields = {
        "url": f"https://{name}.example/a",
        "source": name,
        "publisher": name,
        "published_at": NOON + at * 60_000_000,
    }
    return article(**fields | {"body": " ".join(word for part in parts for word in part)} | given)


# What each has of a common part and of its own makes how alike two are.
A, B, C, D = (story(number, 120).split() for number in (1, 2, 3, 4))
COMMON = story(5, 100).split()
ROOT = told("root", COMMON, A, at=0)
MEMBER = told("member", COMMON, A[:80], B[:60], at=1)
BEYOND = told("beyond", COMMON, B[:60], D[:40], at=2)  # like the member alone
OTHER = told("other", COMMON, C, at=3)
BETWEEN = told("between", COMMON, A[:70], C[:70], at=4)
ANOTHER = told("another", COMMON, C[:80], B[60:100], at=5)
NAMES = {url_key(a): a.source for a in (ROOT, MEMBER, BEYOND, OTHER, BETWEEN, ANOTHER)}


def tell(*runs: list[Article], **settings: Any) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The story of each stored article, and (story, joined to, by which article) of each join, all by their names."""
    store, found = Store(**settings), {}
    for run in runs:
        for row in store.run(run)[1].articles.to_pylist():
            found[NAMES[int(row["article_id"], 16)]] = NAMES[int(row["story_id"], 16)]
    return found, [tuple(NAMES[join[name]] for name in ("story", "into", "article")) for join in store.joins]  # type: ignore[misc]


CASES: dict[str, tuple[list[Article], dict[str, str], list[tuple[str, str, str]]]] = {
    "like the root": ([ROOT, MEMBER], {"root": "root", "member": "root"}, []),
    "like a member alone": ([ROOT, MEMBER, BEYOND], {"root": "root", "member": "root", "beyond": "beyond"}, []),
    "like two roots": (
        [ROOT, OTHER, BETWEEN],
        {"root": "root", "other": "other", "between": "root"},
        [("other", "root", "between")],
    ),
    "after a join": (
        [ROOT, OTHER, BETWEEN, ANOTHER],
        {"root": "root", "other": "other", "between": "root", "another": "root"},
        [("other", "root", "between")],
    ),
}


@pytest.mark.parametrize(("articles", "of", "joins"), CASES.values(), ids=CASES.keys())
def test_stories(articles: list[Article], of: dict[str, str], joins: list[tuple[str, str, str]]) -> None:
    assert tell(articles) == (of, joins)
    assert tell(*([a] for a in articles)) == (of, joins)


def test_one_that_is_like_a_member_alone_says_so() -> None:
    rows = Store().run([ROOT, MEMBER, BEYOND])[1].articles.to_pylist()
    by_source = {row["source"]: row for row in rows}
    assert by_source["beyond"]["duplicate_of"] == by_source["member"]["article_id"]
    assert by_source["beyond"]["story_id"] == by_source["beyond"]["article_id"]


def test_the_earlier_root_stays_whatever_came_first() -> None:
    early = replace(OTHER, published_at=NOON - 1)
    assert tell([ROOT], [early], [BETWEEN])[1] == [("root", "other", "between")]


def test_stories_days_apart_are_not_joined() -> None:
    late = replace(BETWEEN, published_at=micros("2025-03-28"))
    assert tell([ROOT, OTHER], [late]) == ({"root": "root", "other": "other", "between": "between"}, [])


GREW = replace(OTHER, body=BETWEEN.body)


@pytest.mark.parametrize("runs", [[[ROOT], [OTHER], [GREW]], [[ROOT], [OTHER, GREW]]], ids=["later", "in one run"])
def test_a_version_keeps_its_story_and_joins_it_to_the_one_it_has_come_to_be_like(runs: list[list[Article]]) -> None:
    assert tell(*runs) == ({"root": "root", "other": "other"}, [("other", "root", "other")])


def test_a_version_of_a_member_joins_nothing_to_its_story() -> None:
    grew = replace(MEMBER, body=" ".join([*COMMON, *C[:80], *D[:40]]))
    assert tell([ROOT, MEMBER], [OTHER], [grew]) == ({"root": "root", "member": "root", "other": "other"}, [])


def test_a_version_is_marked_as_like_nothing() -> None:
    store = Store()
    store.run([ROOT])
    store.run([OTHER])
    (row,) = store.run([GREW])[1].articles.to_pylist()
    assert (row["version"], row["duplicate_of"], row["duplicate_score"]) == (2, None, None)


def test_a_copy_of_a_new_version_is_found() -> None:
    copy = told("another", BETWEEN.body.split()[:-3], at=9)
    store = Store()
    store.run([OTHER])
    store.run([GREW])
    assert store.run([copy])[0] == ["duplicate"]


def joins(*rows: tuple[int, int]) -> Any:
    """JOINS of one story to another."""
    return np.array([(story_, into, 9, 0.5, NEVER) for story_, into in rows], JOINS)


CURRENT = {
    "not joined": ([], 1),
    "joined": ([(1, 2)], 2),
    "twice": ([(1, 2), (2, 3)], 3),
    "a circle": ([(1, 2), (2, 1)], 1),
}


@pytest.mark.parametrize(("rows", "current"), CURRENT.values(), ids=CURRENT.keys())
def test_joins_are_followed_to_the_end(rows: list[tuple[int, int]], current: int) -> None:
    assert Stories(joins(*rows)).current(1) == current


def test_a_story_that_was_joined_stays_where_it_went() -> None:
    stories = Stories(np.array([(5, 2, 9, 0.5, NOON)], JOINS))
    roots = np.array([(5, NOON + 9, 0.6), (7, NOON + 4, 0.7), (2, NOON, 0.5)], ROOTS)
    assert stories.join(roots, 8) == 2
    assert stories.added().tolist() == [(7, 2, 8, pytest.approx(0.7), NOON)]
    assert stories.join(roots, 8) == 2
    assert len(stories.added()) == 1
