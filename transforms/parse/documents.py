"""A document of any format to its entries."""

from collections.abc import Iterator

from schemas.errors import EmptyDocument, FeedList, NotAFeed, raise_failure
from schemas.records import Document, Entry
from transforms.parse.decode import decode
from transforms.parse.feeds import parse_feed
from transforms.parse.json_feed import parse_json
from transforms.parse.json_lines import parse_json_lines
from transforms.parse.pages import parse_page
from transforms.parse.raw_text import parse_raw_text
from transforms.parse.sniff import Format, skip_to_feed, tell_format

_FEED_FORMATS = (Format.FEED, Format.FEED_LIST, Format.JSON)


def parse_document(document: Document) -> Iterator[Entry]:
    """The entries of a document, as found.

    Raises the document's own failure; EmptyDocument, NotText, NotAFeed, FeedList, TooLarge, TooComplex or
    Malformed where the document as a whole cannot be used. What is wrong with one entry is never raised: that
    entry carries it as its `failure`.
    """
    raise_failure(document)
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
    yield from _parse(document, text, form)


def _parse(document: Document, text: str, form: Format) -> Iterator[Entry]:
    if form is Format.FEED_LIST:
        raise FeedList("an OPML list of feeds: pass it to --feeds")
    if form is Format.OTHER_MARKUP or (document.is_feed and form not in _FEED_FORMATS):
        raise NotAFeed(f"{form}: {text.strip()[:80]!r}")
    if form is Format.FEED:
        return parse_feed(document, text)
    if form is Format.JSON:
        return parse_json(document, text)
    if form is Format.JSON_LINES:
        return parse_json_lines(document, text.encode())
    return parse_page(document, text) if form is Format.PAGE else parse_raw_text(document, text)
