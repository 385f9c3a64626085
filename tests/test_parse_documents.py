"""Documents told apart by content, and those that cannot be used as a whole."""

import pytest

from schemas.errors import BadRecord, EmptyDocument, FeedList, Malformed, NotAFeed, NotText, TooLarge, raise_failure
from schemas.records import Document
from tests.parsing import atom, parse, rss
from transforms.parse.sniff import Format, tell_format

FORMATS = {
    "RSS": (rss(), Format.FEED),
    "RSS without declaration": ("<rss><channel/></rss>", Format.FEED),
    "RSS after comments": (
        "<!-- a > b --><?xml-stylesheet href='x'?>\n <!DOCTYPE rss [ <!-- > --> ]>\n<rss/>",
        Format.FEED,
    ),
    "RDF": ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", Format.FEED),
    "Atom": (atom(), Format.FEED),
    "Atom with a prefix": ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", Format.FEED),
    "OPML": ("<opml version='2.0'><body/></opml>", Format.FEED_LIST),
    "page": ("<!doctype html>\n<title>Harbour</title>", Format.PAGE),
    "XHTML": ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", Format.PAGE),
    "fragment": ("  <p>Harbour", Format.PAGE),
    "sitemap": ("<?xml version='1.0'?><urlset><url/></urlset>", Format.SITEMAP),
    "sitemap index": ("<sitemapindex/>", Format.SITEMAP),
    "other XML": ("<svg/>", Format.OTHER_MARKUP),
    "JSON object": ('{"title": "a"}', Format.JSON),
    "JSON pretty-printed": ('{\n  "title": "a"\n}', Format.JSON),
    "JSON array": ('[{"title": "a"}]', Format.JSON),
    "JSON lines": ('{"title": "a"}\n{"title": "b"}\n', Format.JSON_LINES),
    "JSON lines after a blank one": ('\n{"title": "a"}\n{"title": "b"}', Format.JSON_LINES),
    "one JSON line": ('{"title": "a"}\n', Format.JSON),
    "text": ("Harbour opens", Format.TEXT),
    "text in brackets": ("[Agency] Harbour opens", Format.TEXT),
    "text in braces": ("{sic} Harbour opens", Format.TEXT),
    "text that starts with a sign": ("<3 the harbour", Format.TEXT),
    "unclosed comment": ("<!-- Harbour", Format.TEXT),
}

PAGE = "<html><body><h1>Sign in</h1></body></html>"
UNUSABLE = {
    "no bytes": (b"", {}, EmptyDocument, "0 bytes"),
    "white space": (b" \n\t\r\n", {}, EmptyDocument, "5 bytes"),
    "only a mark": (b"\xef\xbb\xbf", {}, EmptyDocument, "3 bytes"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\r", {}, NotText, "89 50 4e 47"),
    "OPML": ("<opml><body><outline xmlUrl='http://a.example/'/></body></opml>", {}, FeedList, "--feeds"),
    "OPML fetched as a feed": ("<opml/>", {"is_feed": True}, FeedList, "--feeds"),
    "page fetched as a feed": (PAGE, {"is_feed": True}, NotAFeed, "an HTML page"),
    "text fetched as a feed": ("Not found", {"is_feed": True}, NotAFeed, "plain text: 'Not found'"),
    "articles fetched as a feed": ('[{"title": "a"}]', {"is_feed": True}, NotAFeed, "no JSON Feed"),
    "lines fetched as a feed": ('{"title": "a"}\n{"title": "b"}', {"is_feed": True}, NotAFeed, "JSON lines"),
    "other XML": ("<?xml version='1.0'?><svg/>", {}, NotAFeed, "neither a feed nor a page"),
    "RDF of something else": (
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        {},
        NotAFeed,
        "no entry",
    ),
    "broken JSON": ('{"title": "a",', {}, Malformed, "not JSON"),
    "JSON of something else": ('{"temperature": 3}', {}, Malformed, "neither a JSON Feed nor articles"),
    "array of something else": ('[{"temperature": 3}]', {}, Malformed, "neither"),
    "long text": ("a" * (4 << 20) + "b", {}, TooLarge, "4,194,305 characters"),
    "its own failure": ("", {"failure": "TooLarge", "detail": "a file of much"}, TooLarge, "a file of much"),
}


@pytest.mark.parametrize(("text", "expected"), FORMATS.values(), ids=FORMATS)
def test_tell_format(text: str, expected: Format) -> None:
    assert tell_format(text) is expected


@pytest.mark.parametrize(("data", "given", "reason", "detail"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_documents_are_named(
    data: bytes | str, given: dict[str, object], reason: type[BadRecord], detail: str
) -> None:
    with pytest.raises(reason, match=detail):
        parse(data, **given)


@pytest.mark.parametrize("junk", ["<b>Warning</b>: no cache\n", "Notice: deprecated\n", "<!-- 0.3 s -->"])
def test_junk_before_a_feed_is_passed_over(junk: str) -> None:
    (entry,) = parse(junk + rss("<title>Harbour opens</title>"), is_feed=True)
    assert entry.title == "Harbour opens"


def test_an_empty_feed_has_no_entries() -> None:
    assert parse(rss()) == []


def test_what_is_known_of_the_document_goes_with_its_entries() -> None:
    (entry,) = parse(rss("<title>Harbour opens</title>"), collection="Ports", zone="Europe/Zurich", read_at=7)
    assert (entry.collection, entry.zone, entry.read_at, entry.source) == ("Ports", "Europe/Zurich", 7, "news/a.xml")


def test_a_failure_that_is_no_reason_is_a_bug() -> None:
    with pytest.raises(ValueError, match="Gremlins"):
        raise_failure(Document("a", b"", 0, failure="Gremlins"))
