"""A document of any format to its entries."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from schemas.errors import EmptyDocument, FeedList, NotAFeed, raise_failure
from schemas.records import Document, Entry
from transforms.parse.decode import decode
from transforms.parse.feed.entries import parse_feed
from transforms.parse.json_feed import parse_json
from transforms.parse.json_lines import parse_json_lines
from transforms.parse.page.body import Profile
from transforms.parse.page.entry import parse_page
from transforms.parse.sitemaps import parse_sitemap
from transforms.parse.sniff import Format, skip_to_feed, tell_format
from transforms.parse.text.raw_text import parse_raw_text

_PARSERS: dict[Format, Callable[[Document, str], Iterator[Entry]]] = {
    Format.FEED: parse_feed,
    Format.SITEMAP: parse_sitemap,
    Format.JSON: parse_json,
    Format.JSON_LINES: lambda document, text: parse_json_lines(document, text.encode()),
    Format.TEXT: parse_raw_text,
}
_FEED_FORMATS = (Format.FEED, Format.FEED_LIST, Format.SITEMAP, Format.JSON)


def parse_document(document: Document, page_profile: Profile = "accurate") -> Iterator[Entry]:
    """The entries of a document, as found.

    Raises the document's own failure; EmptyDocument, NotText, NotAFeed, FeedList, SitemapIndex, NotANewsSitemap,
    TooLarge, TooComplex or Malformed where the document as a whole cannot be used. What is wrong with one entry is
    never raised: that entry carries it as its `failure`. An entry that gives no date has the document's, if any.
    """
    raise_failure(document)
    for entry in _read_entries(document, page_profile):
        yield entry if entry.published_raw or not document.dated else _date(entry, document)


def _read_entries(document: Document, page_profile: Profile) -> Iterator[Entry]:
    if document.is_lines:
        yield from parse_json_lines(document, document.data)
        return
    text = decode(document.data, document.media_type)
    if not text or text.isspace():
        raise EmptyDocument(f"{len(document.data)} bytes")
    form = tell_format(text)
    if document.is_feed and form not in _FEED_FORMATS:
        text = skip_to_feed(text)
        form = tell_format(text)
    if form is Format.PAGE and not document.is_feed:
        yield from parse_page(document, text, page_profile)
    else:
        yield from _parse(document, text, form)


def _date(entry: Entry, document: Document) -> Entry:
    return replace(entry, published_raw=document.dated, published_source=document.dated_by)


def _parse(document: Document, text: str, form: Format) -> Iterator[Entry]:
    if form is Format.FEED_LIST:
        raise FeedList("an OPML list of feeds: pass it to --feeds")
    if form is Format.OTHER_MARKUP or (document.is_feed and form not in _FEED_FORMATS):
        raise NotAFeed(f"{form}: {text.strip()[:80]!r}")
    return _PARSERS[form](document, text)
