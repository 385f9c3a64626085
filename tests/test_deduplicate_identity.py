"""An article that its publisher changes is found by the keys that stay: it keeps its id and its filing date."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.records import Article
from tests.make import READ_AT, article, micros, story
from tests.resolving import Store

FIRST = article(url="https://example.org/a", guid="g1", body=story(1))
LATER, FAR = micros("2025-03-23"), micros("2025-04-20")
URL, GUID, TEXT = {"url": "https://example.org/b"}, {"guid": "g2"}, {"body": story(2)}
DATE, FAR_DATE, TITLE = {"published_at": LATER}, {"published_at": FAR}, {"title": "Another title"}
SHARED = {"url": "https://example.org/", "url_is_key": False}

# What changes from run to run, and what becomes of it.
CASES: dict[str, list[tuple[list[dict[str, Any]], str]]] = {
    "date": [([DATE], "repeat"), ([FAR_DATE], "repeat")],
    "date, back and forth": [([FAR_DATE], "repeat"), ([], "repeat"), ([DATE], "repeat")],
    "no date any more": [([{"published_at": None}], "repeat")],
    "guid": [([GUID], "repeat"), ([{"guid": "g3"}], "repeat")],
    "guid goes": [([{"guid": ""}], "repeat"), ([], "repeat")],
    "link": [([URL], "repeat"), ([{"url": "https://example.org/c"}], "repeat")],
    "link becomes the feed's": [([SHARED], "repeat")],
    "link goes": [([{"url": "", "url_is_key": False}], "repeat")],
    "link and date": [([URL, FAR_DATE], "repeat")],
    "guid and date": [([GUID, FAR_DATE], "repeat")],
    "guid and link": [([GUID, URL], "repeat")],
    "guid and link, days apart": [([GUID, URL, DATE], "repeat")],
    "guid and link, long after": [([GUID, URL, FAR_DATE], "new")],
    "text": [([TEXT], "version")],
    "text and date": [([TEXT, FAR_DATE], "version")],
    "text and link": [([TEXT, URL], "version")],
    "text and guid": [([TEXT, GUID], "version")],
    "text, guid and link": [([TEXT, GUID, URL], "new")],
    "title": [([TITLE], "version"), ([], "reverted")],
    "one after the other": [([GUID], "repeat"), ([GUID, URL], "repeat"), ([GUID, URL, TEXT], "version")],
    "one after the other, and back": [([GUID], "repeat"), ([GUID, URL, FAR_DATE], "repeat"), ([], "repeat")],
    "a new guid and then a new link, long after": [([GUID, FAR_DATE], "repeat"), ([GUID, URL, FAR_DATE], "repeat")],
    "a new link that another source carries": [
        ([URL], "repeat"),
        ([URL, {"source": "feed-2", "guid": ""}, TEXT], "duplicate"),
        ([URL, {"source": "feed-2", "guid": ""}, TEXT, FAR_DATE], "repeat"),
    ],
}


def changed(changes: list[dict[str, Any]]) -> Article:
    """The first article with these fields changed."""
    merged = {name: value for change in changes for name, value in change.items()}
    return replace(FIRST, **merged)


@pytest.mark.parametrize("runs", CASES.values(), ids=CASES.keys())
def test_changes_over_runs(runs: list[tuple[list[dict[str, Any]], str]]) -> None:
    store = Store()
    _, first = store.run([FIRST])
    for changes, expected in runs:
        outcomes, filed = store.run([changed(changes)])
        assert outcomes == [expected]
        if expected == "version":
            assert filed.articles["article_id"] == first.articles["article_id"]
            assert filed.article_days.tolist() == first.article_days.tolist()
        assert store.run([changed(changes)])[0] == ["repeat"]


@pytest.mark.parametrize("runs", CASES.values(), ids=CASES.keys())
def test_changes_in_one_run_make_the_same_articles(runs: list[tuple[list[dict[str, Any]], str]]) -> None:
    entries = [replace(changed(changes), read_at=READ_AT + n) for n, (changes, _) in enumerate([([], "new"), *runs])]
    outcomes, filed = Store().run(entries)
    expected = ["new", *(outcome for _, outcome in runs)]
    assert outcomes.count("new") == expected.count("new")
    assert filed.articles["version"].to_pylist().count(2) == expected.count("version")


SUMMARY = replace(FIRST, body="", description=" ".join(story(1).split()[:25]), content_kind="summary")

# The texts of runs in turn, and what becomes of each.
VERSIONS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "summary, full, summary, full": [
        ({"of": SUMMARY}, "new"),
        ({}, "version"),
        ({"of": SUMMARY}, "repeat"),
        ({}, "repeat"),
        ({"of": SUMMARY, "description": "A new summary, which says the same again in other words"}, "repeat"),
        (TEXT, "version"),
    ],
    "a summary that is revised": [({"of": SUMMARY}, "new"), ({"of": SUMMARY, "description": story(3, 30)}, "version")],
    "white space": [
        ({}, "new"),
        ({"body": FIRST.body.replace(" ", "\n\n")}, "repeat"),
        ({"body": f" {FIRST.body}\u00a0"}, "repeat"),
        ({"title": " A  title "}, "repeat"),
    ],
    "back, and on from there": [
        ({}, "new"),
        (TEXT, "version"),
        ({}, "reverted"),
        (TEXT, "reverted"),
        (TITLE, "version"),
    ],
    "back twice": [
        ({}, "new"),
        (TEXT, "version"),
        ({}, "reverted"),
        ({}, "repeat"),
        (TEXT, "reverted"),
        ({}, "reverted"),
    ],
}


@pytest.mark.parametrize("runs", VERSIONS.values(), ids=VERSIONS.keys())
def test_versions_over_runs(runs: list[tuple[dict[str, Any], str]]) -> None:
    store = Store()
    outcomes = [store.run([replace(run.pop("of", FIRST), **run)])[0][0] for run in (dict(run) for run, _ in runs)]
    assert outcomes == [expected for _, expected in runs]
