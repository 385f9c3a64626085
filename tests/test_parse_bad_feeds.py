"""Feeds that are broken, too much, or hostile: what can be read is kept, what cannot is named."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from schemas.errors import Malformed, TooComplex
from schemas.records import Entry
from tests.feed_server import Call, FeedServer, serving
from tests.parsing import atom, parse, parse_one, rss
from transforms.parse import bounds

FIRST, LAST = "<title>Harbour opens</title>", "<title>Bridge closes</title>"

# Each with what a reader would make of the first of three items; the other two are whole.
BROKEN_ITEMS = {
    "bare ampersand": ("<title>R&D opens</title>", "R&D opens"),
    "ampersand in a link": ("<title>a</title><link>https://port.example/?a=b&c=d&copy=e</link>", "a"),
    "HTML entity": ("<title>Caf&eacute; opens&nbsp;now</title>", "Café opens\xa0now"),
    "unknown entity": ("<title>The &harbour; opens</title>", "The &harbour; opens"),
    "control character": ("<title>Harbour\x08 opens\x0c</title>", "Harbour opens"),
    "reference to a control character": ("<title>Harbour&#8; opens&#x1F;</title>", "Harbour opens"),
    "reference to a surrogate": ("<title>Harbour&#xD83D;</title>", "Harbour"),
    "reference beyond Unicode": ("<title>Harbour&#9999999;</title>", "Harbour"),
    "unclosed element": ("<title>Harbour opens", "Harbour opens"),
    "end tag of nothing": ("<title>Harbour opens</title></b>", "Harbour opens"),
    "crossed tags": ("<title>Harbour</title><description><b><i>a</b></i></description>", "Harbour"),
    "undeclared prefix": ("<title>Harbour</title><wire:tag>a</wire:tag>", "Harbour"),
    "undeclared prefix of an attribute": ("<title wire:a='b'>Harbour</title>", "Harbour"),
    "attribute without quotes": ("<title type=text>Harbour</title>", "Harbour"),
    "attribute twice": ("<title a='1' a='2'>Harbour</title>", "Harbour"),
    "bare sign": ("<title>Harbour</title><description>5 < 6</description>", "Harbour"),
    "double hyphen in a comment": ("<!-- a -- b --><title>Harbour</title>", "Harbour"),
}


@pytest.mark.parametrize(("item", "title"), BROKEN_ITEMS.values(), ids=BROKEN_ITEMS)
def test_a_broken_item_is_repaired_and_spoils_no_other(item: str, title: str) -> None:
    entries = parse(rss(item, FIRST, LAST))
    assert [(entry.title, entry.failure) for entry in entries] == [
        (title, ""),
        ("Harbour opens", ""),
        ("Bridge closes", ""),
    ]


def test_a_reference_to_a_surrogate_behind_what_looks_like_a_comment() -> None:
    channel = f"<title a='<!--' b=c>The harbour&#xD83D;</title><item>{FIRST}</item>"
    assert [entry.title for entry in parse(f"<rss><channel>{channel}<!-- --></channel></rss>")] == ["Harbour opens"]


def test_ampersands_in_links_and_sections_stay() -> None:
    section = "<![CDATA[<a href='?a=b&copy=c'>R&D &nbsp; </a>]]>"
    entry = parse_one(rss(f"<link>https://port.example/?a=b&copy=d</link><description>{section}</description>"))
    assert entry.link == "https://port.example/?a=b&copy=d"
    assert entry.description == "<a href='?a=b&copy=c'>R&D &nbsp; </a>"


def test_prefixes_are_known_without_being_declared() -> None:
    item = f"{FIRST}<content:encoded>One</content:encoded><dc:creator>Ana</dc:creator>"
    entry = parse_one(f"<rss><channel><item>{item}</item></channel></rss>")
    assert (entry.body, entry.authors) == ("One", ["Ana"])


ODD_ROOTS = {
    "attribute without quotes": "<rss version=2.0>",
    "quote left open": '<rss version="2.0>',
    "attribute twice": '<rss version="2.0" version="2.0">',
    "space in a namespace": '<rss xmlns:x=" https://port.example/ x ">',
    "prefix without namespace": '<rss x:version="2.0">',
}


@pytest.mark.parametrize("root", ODD_ROOTS.values(), ids=ODD_ROOTS)
def test_odd_root_elements(root: str) -> None:
    assert parse_one(f"{root}<channel><item>{FIRST}</item></channel></rss>").title == "Harbour opens"


def test_what_follows_the_feed_is_left_out() -> None:
    assert [entry.title for entry in parse(rss(FIRST, LAST) + "<script>a()</script>")] == [
        "Harbour opens",
        "Bridge closes",
    ]


WHOLE = rss(FIRST, LAST)
TRUNCATED = {
    "in a text": WHOLE[: WHOLE.index(" closes")],
    "in a tag": WHOLE[: WHOLE.index("Bridge") - 3],
    "before the end of the item": WHOLE[: WHOLE.rindex("</item>") + 3],
    "in a section": WHOLE[: WHOLE.index("Bridge")] + "<![CDATA[<item><title>a",
    "in a comment": WHOLE[: WHOLE.index("Bridge")] + "<!-- <item>",
}


@pytest.mark.parametrize("feed", TRUNCATED.values(), ids=TRUNCATED)
def test_a_truncated_feed_keeps_its_whole_entries(feed: str) -> None:
    whole, cut = parse(feed)
    assert (whole.title, whole.failure) == ("Harbour opens", "")
    assert (cut.failure, cut.detail) == ("Malformed", "the feed ends inside this entry")
    assert cut.body.startswith("<item>")


def test_a_feed_cut_between_entries_loses_none() -> None:
    entries = parse(WHOLE[: WHOLE.index("</channel>")])
    assert [(entry.title, entry.failure) for entry in entries] == [("Harbour opens", ""), ("Bridge closes", "")]


def test_a_broken_feed_without_entries_says_so() -> None:
    with pytest.raises(Malformed, match="no entry to be found"):
        parse("<rss><channel><title>Harbour</b>")


def nested(depth: int) -> str:
    return rss("<a>" * depth + "</a>" * depth)


EXCESSES = {
    "nesting": (nested(100_000), "nested"),
    "nesting, never closed": ("<rss>" + "<a>" * 100_000, "nested"),
    "attributes": (
        "<rss " + " ".join(f"a{number}=''" for number in range(100_000)) + "/>",
        "attributes of one element",
    ),
    "one tag": (f"<rss a='{'x' * 2_000_000}'/>", "a tag or comment of over 1,048,576 bytes"),
    "one comment": (f"<rss><!--{'x' * 2_000_000}--></rss>", "a tag or comment"),
    "elements": (rss("<a/>" * 260_000), "over 250,000 elements"),
    "namespaces": (rss("".join(f"<a xmlns:n{number}='u{number}'/>" for number in range(300))), "namespaces"),
    "undeclared prefixes": (rss("".join(f"<n{number}:a/>" for number in range(300))), "namespaces"),
    "tags that are none": ("<rss>" + "<a <" * 600_000, "1,000,000 tags"),
    "broken root": (f"<rss {'a' * 100_000}>&", "root element's tag of 100,006"),
    "entity bomb": (
        "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><rss><channel><title>&b;</title></channel></rss>",
        "entity definitions",
    ),
    "entity, lower case": ("<!doctype rss [<!entity a 'ha'>]><rss/>", "entity definitions"),
}


@pytest.mark.parametrize(("feed", "detail"), EXCESSES.values(), ids=EXCESSES)
def test_excess_is_refused(feed: str, detail: str) -> None:
    with pytest.raises(TooComplex, match=detail):
        parse(feed)


@pytest.fixture
def secret(tmp_path: Path) -> str:
    (tmp_path / "secret.txt").write_text("the combination is 4711")
    return (tmp_path / "secret.txt").as_uri()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as started:
        started.pages["/secret"] = Call.answer
        yield started


ITEM = "<rss><channel><item><title>a{}</title></item></channel></rss>"
EXTERNAL = {
    "entity": "<!DOCTYPE rss [<!ENTITY e SYSTEM '{url}'>]>" + ITEM.format("&e;"),
    "parameter entity": "<!DOCTYPE rss [<!ENTITY % e SYSTEM '{url}'> %e;]>" + ITEM.format(""),
    "document type": "<!DOCTYPE rss SYSTEM '{url}'>" + ITEM.format("&e;"),
    "document type, public": "<!DOCTYPE rss PUBLIC 'a' '{url}'>" + ITEM.format(""),
    "document type inside": ITEM.format("<!DOCTYPE rss [<!ENTITY e SYSTEM '{url}'>]>&e;"),
    "style sheet": "<?xml-stylesheet href='{url}'?>" + ITEM.format(""),
    "inclusion": ITEM.format("<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='{url}' parse='text'/>"),
    "inclusion, broken": ITEM.format("<i:include href='{url}' parse='text'/></b>"),
    "page": "<!DOCTYPE html SYSTEM '{url}'><link rel=stylesheet href='{url}'><base href='{url}'><p>a<img src='{url}'>",
}


@pytest.mark.parametrize("text", EXTERNAL.values(), ids=EXTERNAL)
def test_nothing_outside_a_document_is_read(text: str, secret: str, server: FeedServer) -> None:
    for url in (secret, server.url("/secret")):
        entries: list[Entry] = []
        with suppress(TooComplex):  # for entity definitions
            entries = parse(text.format(url=url))
        assert "4711" not in repr(entries)
    assert server.calls == []


def test_an_entry_over_its_size_is_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    long = f"<title>Long</title><description>{'x' * (5 << 20)}</description>"
    first, last, lost = parse(rss(FIRST, long, LAST))
    assert (first.title, last.title) == ("Harbour opens", "Bridge closes")
    assert (lost.failure, lost.detail.split(" bytes")[0]) == ("TooLarge", "an entry of 5,242,939")
    assert len(lost.body) == 64 << 10


def test_entries_past_the_limit_are_one_failure() -> None:
    entries = parse(rss(*[f"<title>{number}</title>" for number in range(bounds.MAX_ENTRIES + 5)]))
    assert len(entries) == bounds.MAX_ENTRIES + 1
    assert entries[-2].title == "9999"
    assert (entries[-1].failure, entries[-1].detail) == (
        "TooManyEntries",
        "10,005 entries, of which the first 10,000 are kept",
    )
    assert entries[-1].body == "<item><title>10000</title></item>"


def test_handlers_that_fail_are_named() -> None:
    """feedparser's handlers raise KeyError where an end tag finds another context than its start tag."""
    odd = atom("<media:credit xmlns:media='http://search.yahoo.com/mrss/'><source><title>a</title></media:credit>")
    for entry in parse(odd):
        assert entry.failure in ("", "Malformed")
