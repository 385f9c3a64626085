"""Exact keys: what counts as the same address, guid, text and version."""

from typing import Any

import pytest

from tests.make import article, micros, story
from transforms.deduplicate.keys import content_key, filing_day, gather_facts, guid_key, text_key, url_key

LONG = "word " * 50
SHORT = "only a few words of text"

SAME_URL: dict[str, tuple[str, str, bool]] = {
    "http and https": ("http://example.org/a", "https://example.org/a", True),
    "with and without www": ("https://www.example.org/a", "https://example.org/a", True),
    "another path": ("https://example.org/a", "https://example.org/b", False),
    "another parameter": ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
    "another host": ("https://www2.example.org/a", "https://example.org/a", False),
}


@pytest.mark.parametrize(("one", "other", "same"), SAME_URL.values(), ids=SAME_URL.keys())
def test_url_keys(one: str, other: str, same: bool) -> None:
    assert (url_key(article(url=one)) == url_key(article(url=other))) is same


def test_a_shared_link_is_no_key() -> None:
    assert url_key(article(url="https://example.org/", url_is_key=False)) == 0


def test_a_guid_is_a_key_within_its_source() -> None:
    one, other = article(guid="1", source="a"), article(guid="1", source="b")
    assert guid_key(one) != guid_key(other)
    assert guid_key(article(guid="")) == 0


SAME_TEXT: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "case and white space": ({"body": LONG}, {"body": LONG.upper().replace(" ", "\n\n")}, True),
    "a long text under another title": ({"body": LONG}, {"body": LONG, "title": "Another title"}, True),
    "a text one word short of long": ({"body": LONG[5:]}, {"body": LONG[5:], "title": "Another title"}, False),
    "body or description": ({"body": LONG}, {"body": "", "description": LONG}, True),
    "another word": ({"body": LONG}, {"body": LONG + "more"}, False),
}


@pytest.mark.parametrize(("one", "other", "same"), SAME_TEXT.values(), ids=SAME_TEXT.keys())
def test_text_keys(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (text_key(article(**one), True) == text_key(article(**other), True)) is same


@pytest.mark.parametrize(("words", "has_key"), [(7, False), (8, True)])
def test_a_text_of_a_few_words_is_no_key_beside_another(words: int, has_key: bool) -> None:
    short = article(title="", body=" ".join(["word"] * words))
    assert bool(text_key(short, has_other_key=True)) is has_key
    assert text_key(short, has_other_key=False)


@pytest.mark.parametrize("field", ["title", "description", "body"])
def test_every_text_counts_for_a_version(field: str) -> None:
    assert content_key(article()) != content_key(article(**{field: "Changed"}))


def test_moving_words_between_fields_is_a_change() -> None:
    assert content_key(article(title="a b", body="c")) != content_key(article(title="a", body="b c"))


def test_the_filing_day_is_the_day_published_else_the_day_read() -> None:
    day = micros("2025-03-21") // 86_400_000_000
    assert filing_day(article(published_at=micros("2025-03-21T23:59"))) == day
    assert filing_day(article(published_at=None, read_at=micros("2025-03-21T23:59"))) == day


OF_ANOTHER_ENTRY = {"authors": ["Ann"], "image_url": "https://example.org/i.png", "body": story(1) + "\n\nMore"}


@pytest.mark.parametrize("field", OF_ANOTHER_ENTRY)
def test_entries_that_differ_anywhere_are_two(field: str) -> None:
    articles = [article(), article(**{field: OF_ANOTHER_ENTRY[field]})]
    facts = gather_facts(articles)
    assert facts["uid"][0] != facts["uid"][1]


def test_the_time_of_reading_makes_no_other_entry() -> None:
    articles = [article(), article(read_at=1, feed_updated_at=2)]
    facts = gather_facts(articles)
    assert facts["uid"][0] == facts["uid"][1]
