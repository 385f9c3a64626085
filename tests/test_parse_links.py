"""Addresses: the feed's own, an entry's link and guid, links that are no key."""

from typing import Any

import pytest

from tests.parsing import atom, parse, parse_one, rss

LINKS: dict[str, tuple[str, str, str]] = {
    "link": ("<link> https://port.example/1 </link>", "https://port.example/1", ""),
    "permanent guid": ("<guid>https://port.example/1</guid>", "https://port.example/1", "https://port.example/1"),
    "guid and link": (
        "<guid isPermaLink='true'>https://port.example/?p=1</guid><link>https://port.example/1</link>",
        "https://port.example/1",
        "https://port.example/?p=1",
    ),
    "guid that is no link": ("<guid isPermaLink='false'>https://port.example/1</guid>", "", "https://port.example/1"),
    "guid that is no address": ("<guid>4711</guid>", "", "4711"),
    "relative": ("<link>/1?a=b&amp;c=d</link>", "https://port.example/1?a=b&c=d", ""),
    "relative to xml:base": ("<link xml:base='https://other.example/x/'>1</link>", "https://other.example/x/1", ""),
    "of a redirecting feed": (
        "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://port.example/1</feedburner:origLink>",
        "https://port.example/1",
        "",
    ),
    "base of another element": (
        "<description xml:base='https://other.example/x/'>a</description><link>1</link>",
        "https://port.example/1",
        "",
    ),
    "another name of the page": ("<link uri='at://port/1'>https://port.example/1</link>", "https://port.example/1", ""),
    "none": ("<title>a</title>", "", ""),
    "enclosure": ("<enclosure url='https://port.example/a.mp3' type='audio/mpeg'/>", "", ""),
    "unclosed bracket": ("<link>//[::1</link>", "//[::1", ""),
}


@pytest.mark.parametrize(("item", "link", "guid"), LINKS.values(), ids=LINKS)
def test_link_and_guid(item: str, link: str, guid: str) -> None:
    entry = parse_one(rss(item, channel="<link>https://port.example/</link>"))
    assert (entry.link, entry.guid) == (link, guid)


def test_links_are_relative_to_the_page_of_the_feed_then_to_where_it_was_fetched() -> None:
    item = "<link>news/1</link>"
    fetched = {"is_feed": True, "source": "https://a.example/rss", "url": "https://b.example/feeds/rss"}
    assert parse_one(rss(item), **fetched).link == "https://b.example/feeds/news/1"
    assert parse_one(rss(item, channel="<link>/en/</link>"), **fetched).link == "https://b.example/en/news/1"
    assert parse_one(rss(item)).link == "news/1"


SELF = '<atom:link rel="self" href="https://port.example/rss"/>'
SOURCES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "file": ("", {}, "news/a.xml", ""),
    "file that names its feed": (SELF, {}, "https://port.example/rss", "https://port.example/rss"),
    "file that names no address": (SELF.replace("https://port.example", ""), {}, "news/a.xml", ""),
    "file that names a secret": (
        SELF.replace("https://", "https://ana:secret@"),
        {},
        "https://port.example/rss",
        "https://port.example/rss",
    ),
    "fetched": (
        SELF,
        {"is_feed": True, "source": "https://a.example/rss"},
        "https://a.example/rss",
        "https://a.example/rss",
    ),
}


@pytest.mark.parametrize(("channel", "given", "source", "feed_url"), SOURCES.values(), ids=SOURCES)
def test_source_and_feed_url(channel: str, given: dict[str, Any], source: str, feed_url: str) -> None:
    entry = parse_one(rss("<title>a</title>", channel=channel), **given)
    assert (entry.source, entry.feed_url) == (source, feed_url)


def item(link: str, name: str) -> str:
    return f"<title>{name}</title><link>{link}</link>"


SHARED: dict[str, tuple[list[str], list[bool]]] = {
    "own links": ([item("https://port.example/1", "a"), item("https://port.example/2", "b")], [False, False]),
    "home page": ([item("https://port.example", "a"), item("https://port.example/#b", "b")], [True, True]),
    "two carry it": ([item("https://port.example/1", name) for name in "ab"], [False, False]),
    "three carry it": ([item("https://port.example/1", name) for name in "abc"], [True, True, True]),
    "three parts of a page": ([item(f"https://port.example/1#{name}", name) for name in "abc"], [True, True, True]),
    "the same entry three times": ([item("https://port.example/1", "a")] * 3, [False] * 3),
    "no links": (["<title>a</title>", "<title>b</title>", "<title>c</title>"], [False] * 3),
}


@pytest.mark.parametrize(("items", "expected"), SHARED.values(), ids=SHARED)
def test_shared_links_are_marked(items: list[str], expected: list[bool]) -> None:
    entries = parse(rss(*items, channel="<link>https://port.example/</link>"))
    assert [entry.link_is_shared for entry in entries] == expected


def test_relative_base_of_an_atom_feed() -> None:
    feed = atom("<link href='1'/>", attributes="xml:base='/news/'")
    assert parse_one(feed, url="https://port.example/feeds/a").link == "https://port.example/news/1"
