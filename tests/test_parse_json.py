"""JSON lines, JSON articles and JSON Feed."""

import json
from typing import Any

import pytest

from schemas.errors import BadRecord, Malformed
from schemas.records import Entry
from tests.parsing import parse, parse_one

RECORDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "every key": (
        {
            "url": "https://port.example/1",
            "title": "Harbour opens",
            "description": "One",
            "body": "One\n\nTwo",
            "published_at": "2025-03-22T10:00:00Z",
            "updated_at": "2025-03-23",
            "source": "The Wire",
            "publisher": "Port",
            "authors": ["Ana Ruiz", "Bo Li"],
            "categories": ["Ports"],
            "language": "en",
            "image_url": "https://i.example/1",
            "guid": "g1",
            "rights": "Ana",
            "credit": "The Board",
            "paywalled": True,
        },
        {
            "link": "https://port.example/1",
            "title": "Harbour opens",
            "description": "One",
            "body": "One\n\nTwo",
            "published_raw": "2025-03-22T10:00:00Z",
            "published_source": "json",
            "updated_raw": "2025-03-23",
            "source": "The Wire",
            "publisher": "Port",
            "authors": ["Ana Ruiz", "Bo Li"],
            "categories": ["Ports"],
            "language": "en",
            "image_url": "https://i.example/1",
            "guid": "g1",
            "rights": "Ana",
            "credit": "The Board",
            "paywalled": True,
            "markup": [],
            "failure": "",
        },
    ),
    "one key": ({"title": "a"}, {"title": "a", "source": "news/a.xml", "paywalled": None, "published_source": ""}),
    "body as HTML": ({"body_html": "<p>One"}, {"body": "<p>One", "markup": ["body"]}),
    "body that is HTML": (
        {"body": "<p class=lead>One</p>", "summary": " <div><b>O</b></div>"},
        {"body": "<p class=lead>One</p>", "markup": ["description", "body"]},
    ),
    "body that speaks of tags": ({"body": "<p> is not always closed"}, {"markup": []}),
    "body that shows code": ({"body": "Write <p>One</p> for it."}, {"markup": []}),
    "body both ways": ({"body": "One", "body_html": "<p>One"}, {"body": "One", "markup": []}),
    "other names": (
        {"link": "https://a.example", "summary": "One", "text": "Two"},
        {"link": "https://a.example", "description": "One", "body": "Two"},
    ),
    "column before other name": ({"url": "a", "link": "b", "body": "c", "text": "d"}, {"link": "a", "body": "c"}),
    "null": (
        {"title": "a", "url": None, "authors": None, "paywalled": None},
        {"link": "", "authors": [], "paywalled": None},
    ),
    "one author": (
        {"title": "a", "authors": "Ana Ruiz", "categories": ""},
        {"authors": ["Ana Ruiz"], "categories": []},
    ),
    "free": ({"title": "a", "paywalled": False}, {"paywalled": False}),
    "only updated": (
        {"title": "a", "updated_at": "2025-03-23"},
        {"published_raw": "2025-03-23", "published_source": "updated"},
    ),
    "keys of its own": ({"title": "a", "sentiment": {"score": 1}, "id": 7}, {"title": "a", "guid": ""}),
    "NUL": ({"title": "a\0b", "authors": ["c\0d"]}, {"title": "a b", "authors": ["c d"]}),
}

BAD_LINES = {
    "not JSON": ('{"title": "a"', "not JSON"),
    "no object": ('["title"]', "list, not an object"),
    "none of the keys": ('{"temperature": 3}', "none of the keys"),
    "number for a string": (
        '{"title": "a", "published_at": 1742637600}',
        "published_at is a number (1742637600), not a string",
    ),
    "list for a string": ('{"title": ["a"]}', "title is a list, not a string"),
    "object for a list": ('{"title": "a", "authors": {"name": "Ana"}}', "authors is an object, not a list of strings"),
    "list of objects": ('{"title": "a", "authors": [{"name": "Ana"}]}', "authors is a list, not a list of strings"),
    "string for a flag": ('{"title": "a", "paywalled": "yes"}', "paywalled is a string, not true or false"),
    "nested too deep": ('{"title": ' + "[" * 100_000, "not JSON"),
    "not a number": ('{"title": "a", "score": NaN}', "not JSON"),
}


def values(entry: Entry, names: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in names}


@pytest.mark.parametrize(("record", "expected"), RECORDS.values(), ids=RECORDS)
def test_articles(record: dict[str, Any], expected: dict[str, Any]) -> None:
    line = json.dumps(record).encode()
    assert values(parse_one(line, is_lines=True), expected) == expected
    assert values(parse_one(line), expected) == expected
    assert values(parse_one(json.dumps(record, indent=2)), expected) == expected
    assert [values(entry, expected) for entry in parse(b"[" + line + b"," + line + b"]")] == [expected] * 2


@pytest.mark.parametrize(("line", "detail"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_spoils_no_other(line: str, detail: str) -> None:
    first, bad, last = parse(f'{{"title": "a"}}\n{line}\n\n{{"title": "b"}}\n', is_lines=True)
    assert (first.title, last.title, first.failure, last.failure) == ("a", "b", "", "")
    assert bad.failure == "Malformed"
    assert detail in bad.detail
    assert bad.body == line[: 64 << 10]


def test_a_long_line_is_one_failure() -> None:
    (long, last) = parse('{"title": "' + "x" * (4 << 20) + '"}\n{"title": "b"}', is_lines=True)
    assert (long.failure, long.detail, len(long.body)) == ("TooLarge", "a line of 4,194,317 bytes", 64 << 10)
    assert last.title == "b"


def test_lone_surrogates_are_replaced() -> None:
    entry = parse_one(b'{"title": "a\\ud83d b", "body": "\\ud83d\\ude00", "x\\ud800": [{"y": "\\udc00"}]}')
    assert (entry.title, entry.body) == ("a\ufffd b", "😀")


def test_lines_may_start_with_a_mark_and_end_as_on_windows() -> None:
    entries = parse(b'\xef\xbb\xbf{"title": "a"}\r\n{"title": "b"}\r\n', is_lines=True)
    assert [entry.title for entry in entries] == ["a", "b"]


def test_lines_of_another_encoding_are_read_where_they_come_whole() -> None:
    lines = '{"title": "Café"}\n{"title": "Zürich"}\n'
    assert [entry.title for entry in parse(lines.encode("cp1252"))] == ["Café", "Zürich"]
    assert [entry.title for entry in parse(lines.encode("utf-16"))] == ["Café", "Zürich"]


def test_an_array_names_what_is_no_article() -> None:
    good, bad = parse('[{"title": "a"}, 7]')
    assert (good.title, bad.failure, bad.detail, bad.body) == ("a", "Malformed", "int, not an object", "7")


def feed(*items: Any, **given: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Harbour news", "items": items} | given)


FEED_ITEMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "HTML": (
        {"id": "1", "content_html": "<p>One", "content_text": "One"},
        {"guid": "1", "body": "<p>One", "markup": ["body"]},
    ),
    "text": ({"id": "1", "content_text": "One", "summary": "O"}, {"body": "One", "description": "O", "markup": []}),
    "link": (
        {"id": "1", "url": "https://port.example/1", "external_url": "https://a.example"},
        {"link": "https://port.example/1"},
    ),
    "relative link": ({"id": "1", "url": "news/1"}, {"link": "https://port.example/news/1"}),
    "id that is an address": (
        {"id": "https://port.example/1"},
        {"guid": "https://port.example/1", "link": "https://port.example/1"},
    ),
    "id that is a number": ({"id": 4711}, {"guid": "4711", "link": ""}),
    "dates": (
        {"id": "1", "date_published": "2025-03-22T10:00:00Z", "date_modified": "2025-03-23T10:00:00Z"},
        {"published_raw": "2025-03-22T10:00:00Z", "published_source": "entry", "updated_raw": "2025-03-23T10:00:00Z"},
    ),
    "authors": ({"id": "1", "authors": [{"name": "Ana"}, {"url": "https://b.example"}]}, {"authors": ["Ana"]}),
    "author": ({"id": "1", "author": {"name": "Ana"}}, {"authors": ["Ana"]}),
    "the feed's author": ({"id": "1"}, {"authors": ["The Harbour Board"], "language": "fr"}),
    "tags and picture": (
        {"id": "1", "tags": ["Ports"], "image": "/1.jpg"},
        {"categories": ["Ports"], "image_url": "https://port.example/1.jpg"},
    ),
    "no object": (["a"], {"failure": "Malformed", "detail": "list, not an object", "body": '["a"]'}),
    "wrong type": ({"id": "1", "title": 7}, {"failure": "Malformed", "detail": "title is a number (7), not a string"}),
    "link of the wrong type": ({"id": "1", "url": 7}, {"failure": "Malformed"}),
    "too large": ({"id": "1", "content_text": "x" * (5 << 20)}, {"failure": "TooLarge"}),
}


@pytest.mark.parametrize(("item", "expected"), FEED_ITEMS.values(), ids=FEED_ITEMS)
def test_json_feed(item: Any, expected: dict[str, Any]) -> None:
    given = {"home_page_url": "https://port.example/", "language": "fr", "authors": [{"name": "The Harbour Board"}]}
    assert values(parse_one(feed(item, **given)), expected) == expected


def test_json_feed_addresses() -> None:
    own = {"feed_url": "https://port.example/feed.json"}
    assert parse_one(feed({"id": "1"}, **own)).source == "https://port.example/feed.json"
    fetched = parse_one(feed({"id": "1"}, **own), is_feed=True, source="https://a.example/f")
    assert (fetched.source, fetched.feed_url) == ("https://a.example/f", "https://a.example/f")


def test_json_feed_links_that_are_shared() -> None:
    items = [{"id": name, "url": "https://port.example/live"} for name in "abc"] + [
        {"id": "d", "url": "https://port.example/d"}
    ]
    assert [entry.link_is_shared for entry in parse(feed(*items))] == [True, True, True, False]


def test_json_feed_past_its_limit() -> None:
    entries = parse(feed(*({"id": str(number)} for number in range(10_002))))
    assert len(entries) == 10_001
    assert (entries[-1].failure, entries[-1].body) == ("TooManyEntries", '{"id":"10000"}')


BAD_FEEDS: dict[str, tuple[str, type[BadRecord], str]] = {
    "no items": ('{"version": "https://jsonfeed.org/version/1"}', Malformed, "without a list of items"),
    "cut off": (feed({"id": "1"})[:-3], Malformed, "not JSON"),
    "deep": ('{"items": [' + "[" * 5000, Malformed, "depth"),
}


@pytest.mark.parametrize(("text", "reason", "detail"), BAD_FEEDS.values(), ids=BAD_FEEDS)
def test_bad_json_feeds(text: str, reason: type[BadRecord], detail: str) -> None:
    with pytest.raises(reason, match=detail):
        parse(text, is_feed=True)
