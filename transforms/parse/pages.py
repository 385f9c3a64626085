"""An HTML page to one entry: what it states of itself, and its text."""

import logging
from collections.abc import Iterator

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from schemas.errors import EmptyDocument, TooLarge
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.links import Address
from transforms.parse.markup_bounds import check_markup
from transforms.parse.page_metadata import PageMetadata, read_metadata
from transforms.parse.text_parts import choose_title

# It logs every page without a text; such an entry is judged when it is cleaned.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def parse_page(document: Document, text: str) -> Iterator[Entry]:
    """The one entry of a page. Its date is one that the page states, never a guess.

    Raises TooComplex for a page over the bounds, EmptyDocument where there is no element in it, TooLarge for a
    text over the size of an entry.
    """
    check_markup(text)
    tree = _parse(text)
    metadata = read_metadata(tree)
    body = _extract_body(tree, metadata.title)
    if len(body) > MAX_ENTRY_BYTES:
        raise TooLarge(f"a text of {len(body):,} characters")
    yield _to_entry(document, metadata, tree, body)


def _parse(text: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode(), parser=parser)
    except etree.ParserError as error:
        raise EmptyDocument(str(error)) from error


def _extract_body(tree: HtmlElement, title: str) -> str:
    """The text as paragraphs, without the heading that repeats the title."""
    found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    lines = (found.text or "").splitlines() if isinstance(found, trafilatura.settings.Document) else []
    lines = [line for line in map(str.strip, lines) if line]
    is_heading = len(lines) > 1 and choose_title(title, lines[0]) != ""
    return "\n\n".join(lines[1:] if is_heading else lines)


def _to_entry(document: Document, metadata: PageMetadata, tree: HtmlElement, body: str) -> Entry:
    address = Address("", "", "", document.url)
    link = address.resolve(metadata.link) or document.url
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        link=link,
        link_is_shared=_is_home_page(link),
        title=metadata.title,
        description=metadata.description if metadata.description != body else "",
        body=body,
        publisher="" if link else metadata.site,
        authors=metadata.authors,
        categories=metadata.categories,
        image_url=address.resolve(metadata.image),
        rights=metadata.rights,
        paywalled=metadata.paywalled,
        language=metadata.language,
        published_raw=metadata.published or metadata.updated,
        published_source="page" if metadata.published else "updated" if metadata.updated else "",
        updated_raw=metadata.updated,
    )


def _is_home_page(link: str) -> bool:
    """Whether a canonical link names the site and not the page."""
    return link.partition("://")[2].partition("?")[0].rstrip("/").count("/") == 0
