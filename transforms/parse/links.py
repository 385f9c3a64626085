"""Addresses in a feed: its own, and which link of an entry is the article's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from schemas.records import Document, Entry

_SHARED_BY = 3  # entries that differ
_USER_INFO = re.compile(r"^(https?://)[^/?#@]*@", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """Where a feed is from: the source of its entries, its own URL, its home page, the base of its links."""

    source: str
    feed_url: str
    home: str
    base: str

    def resolve(self, link: str) -> str:
        """The link made absolute where the base is known; as found where it cannot be."""
        if not link or is_web_address(link):
            return link
        try:
            return urljoin(self.base, link)
        except ValueError:  # such as an unclosed bracket in the host
            return link


def find_address(document: Document, channel: dict[str, Any]) -> Address:
    """The addresses of a feed, from where it was fetched and from its own links."""
    own = _own_link(channel)
    feed_url = document.source if document.is_feed else own
    retrieved = document.url or own
    home = Address("", "", "", retrieved).resolve(_text(channel.get("link")))
    base = home if is_web_address(home) else retrieved
    return Address(source=feed_url or document.source, feed_url=feed_url, home=home, base=base)


def item_link(item: dict[str, Any], address: Address) -> str:
    """The article's own URL: where a redirecting link says it leads, the alternate link, or a permanent guid."""
    for found in _links(item):
        link = _text(found)
        if link:
            return address.resolve(link)
    return ""


def _links(item: dict[str, Any]) -> Iterator[object]:
    yield item.get("feedburner_origlink")
    yield item.get("link")
    yield from (link.get("href") for link in item.get("links", ()) if link.get("rel") == "alternate")
    yield item.get("permalink")


def mark_shared_links(entries: list[Entry], home: str) -> Iterator[Entry]:
    """The entries, those marked whose link names no single article: the home page, or what several carry."""
    carriers: dict[str, set[str]] = {}
    pages = [_page(entry.link) for entry in entries]
    for entry, page in zip(entries, pages, strict=True):
        carriers.setdefault(page, set()).add(entry.guid or entry.title)
    shared = {page for page, names in carriers.items() if len(names) >= _SHARED_BY} | {_page(home)}
    for entry, page in zip(entries, pages, strict=True):
        is_shared = entry.link != "" and page in shared
        yield replace(entry, link_is_shared=True) if is_shared else entry


def is_web_address(text: str) -> bool:
    """Whether the text is an absolute URL of the web."""
    return text[:8].lower().startswith(("http://", "https://"))


def _own_link(channel: dict[str, Any]) -> str:
    for link in channel.get("links", []):
        if link.get("rel") == "self" and is_web_address(_text(link.get("href"))):
            return _USER_INFO.sub(r"\1", _text(link["href"]))
    return ""


def _page(link: str) -> str:
    return link.partition("#")[0].rstrip("/")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
