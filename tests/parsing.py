"""Documents for tests of parsing, and what becomes of them."""

from typing import Any

from schemas.records import Document, Entry
from tests.make import READ_AT
from transforms.parse import parse_document


def parse(data: bytes | str, **given: Any) -> list[Entry]:
    """All entries of a document made of these bytes, or of this text in UTF-8."""
    content = data.encode() if isinstance(data, str) else data
    return list(parse_document(Document(**{"source": "news/a.xml", "data": content, "read_at": READ_AT} | given)))


def parse_one(data: bytes | str, **given: Any) -> Entry:
    """The only entry of a document."""
    (entry,) = parse(data, **given)
    return entry


def rss(*items: str, channel: str = "", attributes: str = "") -> str:
    """An RSS 2.0 feed with the usual prefixes declared; each item is what stands inside it."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" {attributes}>
<channel><title>Harbour news</title>{channel}{inside}</channel></rss>"""


def atom(*entries: str, feed: str = "", attributes: str = "") -> str:
    """An Atom 1.0 feed; each entry is what stands inside it."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Harbour news</title>{feed}{inside}</feed>'
