"""RSS, RDF and Atom: a feed's text to its entries."""

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.errors import NotAFeed
from schemas.records import Document, Entry
from transforms.parse.failures import failed_entry
from transforms.parse.feed.feed import BYTES, Feed, Item
from transforms.parse.feed.reader import read_feed
from transforms.parse.links import Address, find_address, item_link, mark_shared_links

_MARKUP_TYPES = frozenset(["text/html", "application/xhtml+xml"])
_TEXT_TYPES = _MARKUP_TYPES | {"text/plain"}


def parse_feed(document: Document, text: str) -> Iterator[Entry]:
    """The entries of a feed in document order, then one failed entry for each that could not be read.

    Raises NotAFeed, TooComplex or Malformed where nothing of the document can be used.
    """
    feed, lost = read_feed(text)
    if not feed.version and not feed.items and not lost:
        raise NotAFeed(f"no channel and no entry: {text[:100]!r}")
    yield from feed_entries(document, feed)
    for reason, detail, raw in lost:
        yield failed_entry(document, reason, detail, raw)


def feed_entries(document: Document, feed: Feed) -> Iterator[Entry]:
    """The entries of what a reader made of a feed."""
    channel = _Channel.of(document, feed)
    entries = [_to_entry(document, channel, item) for item in feed.items]
    return mark_shared_links(entries, channel.address.home)


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
            rights=_detailed(channel, "rights_detail", ("rights",))[0],
            updated=_first(channel, "updated", "published", "dc_date"),
            authors=_authors(channel) if inherits else [],
        )


def _to_entry(document: Document, channel: _Channel, item: Item) -> Entry:
    published = _first(item, "published", "dc_date", "created")
    updated = _string(item, "updated")
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
        publisher=_publisher(item),
        authors=_authors(item) or channel.authors,
        categories=_categories(item),
        image_url=channel.address.resolve(_image(item)),
        rights=_detailed(item, "rights_detail", ("rights",))[0] or channel.rights,
        language=_string(item, "language") or _string(item.get("title_detail") or {}, "language") or channel.language,
        published_raw=published or updated,
        published_source="entry" if published else "updated" if updated else "",
        updated_raw=updated,
        feed_updated_raw=channel.updated,
    )


def _texts(item: Item) -> tuple[str, str, str, list[str]]:
    """Title, description and body, and which of them hold markup. A body that repeats the summary stands once."""
    title, title_type = _detailed(item, "title_detail", fallbacks=("itunes_title",))
    description, description_type = _detailed(item, "summary_detail", fallbacks=("itunes_summary", "media_description"))
    body, body_type = _content(item)
    if body == description:
        description = ""
    found = {"title": (title, title_type), "description": (description, description_type), "body": (body, body_type)}
    return title, description, body, [name for name, (text, kind) in found.items() if text and kind in _MARKUP_TYPES]


def _detailed(item: Item, key: str, fallbacks: tuple[str, ...]) -> tuple[str, str]:
    """An element's own text and media type. feedparser copies contents to `summary`, but then gives no detail."""
    detail = item.get(key)
    if detail and detail.get("value"):
        return _decoded(detail)
    return _first(item, *fallbacks), "text/plain"


def _publisher(item: Item) -> str:
    source = item.get("source")
    return (_detailed(source, "title_detail", ("title",))[0] if source else "") or _string(item, "publisher")


def _content(item: Item) -> tuple[str, str]:
    """The first full text with markup, else the first without."""
    contents = [found for found in map(_decoded, item.get("content", ())) if found[0] and found[1] in _TEXT_TYPES]
    marked = (content for content in contents if content[1] in _MARKUP_TYPES)
    return next(marked, contents[0]) if contents else ("", "")


def _decoded(detail: Item) -> tuple[str, str]:
    """A text and its type; bytes that are UTF-8 may well be HTML."""
    text, kind = detail.get("value", "").strip(), detail.get("type") or ""
    return (_decode_base64(text), "text/html") if kind == BYTES else (text, kind)


def _decode_base64(text: str) -> str:
    """The text that bytes in base64 are, or an empty one."""
    try:
        found = base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return ""
    return "" if "\0" in found else found.strip()


def _authors(item: Item) -> list[str]:
    names = [_author_name(person) for person in item.get("authors", ())]
    return list(dict.fromkeys(filter(None, names)))


def _author_name(person: Item) -> str:
    """The name without its e-mail address, or the address where there is nothing else."""
    text = html.unescape(_string(person, "name"))
    words = text.split()
    if "@" in text:
        words = [word for word in words if "@" not in word and word.strip("()<>[]")]
    name = " ".join(words).strip("()[]\"' ")
    return name or text.strip("()<>[] ") or _string(person, "email")


def _categories(item: Item) -> list[str]:
    names = [html.unescape(tag.get("label") or tag.get("term") or "").strip() for tag in item.get("tags", ())]
    return list(dict.fromkeys(filter(None, names)))


def _image(item: Item) -> str:
    """The widest picture among the entry's media, else its thumbnail, enclosed picture or cover."""
    pictures = sorted(filter(_is_picture, item.get("media_content", ())), key=_width, reverse=True)
    enclosed = [link for link in item.get("links", ()) if link.get("rel") == "enclosure" and _is_picture(link)]
    for found in (*pictures, *item.get("media_thumbnail", ()), *enclosed, item.get("image") or {}):
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
    for key in keys:
        text = _string(item, key)
        if text:
            return text
    return ""


def _string(item: Item, key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""
