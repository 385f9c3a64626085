"""RSS, RDF and Atom: a feed's text to its entries."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.errors import NotAFeed
from schemas.records import Document, Entry
from transforms.parse.failures import failed_entry
from transforms.parse.feed_reader import Feed, read_feed
from transforms.parse.feed_xml import prepare_feed
from transforms.parse.links import Address, find_address, item_link, mark_shared_links

_MARKUP_TYPES = frozenset(["text/html", "application/xhtml+xml"])
_TEXT_TYPES = _MARKUP_TYPES | {"text/plain"}

Item = dict[str, Any]  # as feedparser's handlers name things


def parse_feed(document: Document, text: str) -> Iterator[Entry]:
    """The entries of a feed in document order, then one failed entry for each that could not be read.

    Raises NotAFeed, TooComplex or Malformed where nothing of the document can be used.
    """
    xml, lost = prepare_feed(text)
    feed = read_feed(xml)
    if not feed.version and not feed.items and not lost:
        raise NotAFeed(f"no channel and no entry: {text[:100]!r}")
    channel = _Channel.of(document, feed)
    entries = [_to_entry(document, channel, item) for item in feed.items]
    yield from mark_shared_links(entries, channel.address.home)
    for reason, detail, raw in lost:
        yield failed_entry(document, reason, detail, raw)


@dataclass(frozen=True)
class _Channel:
    """What entries take from their feed where they say nothing themselves."""

    address: Address
    language: str
    rights: str
    updated: str
    authors: list[str]

    @classmethod
    def of(cls, document: Document, feed: Feed) -> "_Channel":
        channel = feed.channel
        inherits = feed.version.startswith("atom")  # RFC 4287, 4.2.1
        return cls(
            address=find_address(document, channel),
            language=_string(channel, "language"),
            rights=_string(channel, "rights"),
            updated=_first(channel, "updated", "published", "dc_date"),
            authors=_authors(channel) if inherits else [],
        )


def _to_entry(document: Document, channel: _Channel, item: Item) -> Entry:
    published = _first(item, "published", "dc_date", "created")
    updated = _first(item, "updated")
    title, description, body, markup = _texts(item)
    return Entry(
        source=channel.address.source,
        read_at=document.read_at,
        feed_url=channel.address.feed_url,
        collection=document.collection,
        zone=document.zone,
        guid=_string(item, "id"),
        link=item_link(item, channel.address),
        title=title,
        description=description,
        body=body,
        markup=markup,
        publisher=_string(item.get("source") or {}, "title") or _string(item, "publisher"),
        authors=_authors(item) or channel.authors,
        categories=_categories(item),
        image_url=channel.address.resolve(_image(item)),
        rights=_string(item, "rights") or channel.rights,
        language=_first(item, "language") or _string(item.get("title_detail") or {}, "language") or channel.language,
        published_raw=published or updated,
        published_source="entry" if published else "updated" if updated else "",
        updated_raw=updated,
        feed_updated_raw=channel.updated,
    )


def _texts(item: Item) -> tuple[str, str, str, list[str]]:
    """Title, description and body, and which of them hold markup. A body that repeats the summary stands once."""
    title, title_type = _detailed(item, "title", fallbacks=("itunes_title",))
    description, description_type = _detailed(item, "summary", fallbacks=("itunes_summary", "media_description"))
    body, body_type = _content(item)
    if body == description:
        description = ""
    found = {"title": (title, title_type), "description": (description, description_type), "body": (body, body_type)}
    return title, description, body, [name for name, (text, kind) in found.items() if text and kind in _MARKUP_TYPES]


def _detailed(item: Item, key: str, fallbacks: tuple[str, ...]) -> tuple[str, str]:
    """An element's own text and media type. feedparser copies contents to `summary`, but then gives no detail."""
    detail = item.get(f"{key}_detail")
    if detail and detail.get("value"):
        return detail["value"].strip(), detail.get("type") or ""
    return _first(item, *fallbacks), "text/plain"


def _content(item: Item) -> tuple[str, str]:
    """The first full text with markup, else the first without."""
    contents = [
        (content["value"].strip(), content.get("type") or "")
        for content in item.get("content", [])
        if content.get("value", "").strip() and content.get("type") in _TEXT_TYPES
    ]
    marked = [content for content in contents if content[1] in _MARKUP_TYPES]
    return (marked or contents or [("", "")])[0]


def _authors(item: Item) -> list[str]:
    names = [_author_name(person) for person in item.get("authors", [])]
    return list(dict.fromkeys(name for name in names if name))


def _author_name(person: Item) -> str:
    """The name without its e-mail address, or the address where there is nothing else."""
    text = html.unescape(_string(person, "name"))
    words = [word for word in text.split() if "@" not in word]
    name = " ".join(words).strip("()<>[]\"' ")
    return name or text.strip("()<>[] ") or _string(person, "email")


def _categories(item: Item) -> list[str]:
    names = [html.unescape(tag.get("label") or tag.get("term") or "").strip() for tag in item.get("tags", [])]
    return list(dict.fromkeys(name for name in names if name))


def _image(item: Item) -> str:
    """The widest picture among the entry's media, else its thumbnail, enclosed picture or cover."""
    pictures = [media for media in item.get("media_content", []) if _is_picture(media)]
    pictures.sort(key=_width, reverse=True)
    enclosed = [link for link in item.get("links", []) if link.get("rel") == "enclosure" and _is_picture(link)]
    cover = item.get("image") or {}
    for found in (*pictures, *item.get("media_thumbnail", []), *enclosed, cover):
        address = found.get("url") or found.get("href")
        if address:
            return str(address).strip()
    return ""


def _is_picture(media: Item) -> bool:
    kind = media.get("type") or ""
    return media.get("medium") == "image" or kind.startswith("image/")


def _width(media: Item) -> int:
    width = str(media.get("width", ""))
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _first(item: Item, *keys: str) -> str:
    return next((text for key in keys if (text := _string(item, key))), "")


def _string(item: Item, key: str) -> str:
    """The text under a key that is really there: feedparser's dictionaries answer for other keys too."""
    value = dict.get(item, key)
    return value.strip() if isinstance(value, str) else ""
