"""JSON documents: a JSON Feed (jsonfeed.org, versions 1 and 1.1), or articles."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from schemas.errors import Malformed, NotAFeed
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRIES, MAX_ENTRY_BYTES, describe_excess
from transforms.parse.failures import failed_entry
from transforms.parse.json_lines import article_entry, is_article
from transforms.parse.json_values import load_json, read_string, read_strings
from transforms.parse.links import Address, find_address, is_web_address, mark_shared_links

MAX_ARTICLES = 100_000  # of one array


def parse_json(document: Document, text: str) -> Iterator[Entry]:
    """The entries of a JSON Feed, of an array of articles, or of one article.

    Raises Malformed for JSON that is none of these, NotAFeed where it was fetched as a feed.
    """
    value = load_json(text)
    if _is_json_feed(value):
        yield from _parse_feed(document, value)
    elif document.is_feed:
        raise NotAFeed("JSON that is no JSON Feed")
    elif is_article(value):
        yield article_entry(document, value)
    elif isinstance(value, list) and any(is_article(part) for part in value):
        yield from _each(document, value[:MAX_ARTICLES], lambda part: article_entry(document, part))
        yield from _too_many(document, value, MAX_ARTICLES)
    else:
        raise Malformed(f"JSON that is neither a JSON Feed nor articles: {text[:100]!r}")


def _is_json_feed(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return "jsonfeed.org/version/" in str(value.get("version")) or isinstance(value.get("items"), list)


def _parse_feed(document: Document, feed: dict[str, Any]) -> Iterator[Entry]:
    items = feed.get("items")
    if not isinstance(items, list):
        raise Malformed("a JSON Feed without a list of items")
    address = _feed_address(document, feed)
    entries = list(_each(document, items[:MAX_ENTRIES], lambda item: _to_entry(document, feed, address, item)))
    yield from mark_shared_links(entries, address.home)
    yield from _too_many(document, items, MAX_ENTRIES)


def _too_many(document: Document, items: list[Any], most: int) -> Iterator[Entry]:
    if len(items) > most:
        yield failed_entry(document, "TooManyEntries", describe_excess(len(items), most), _dump(items[most]))


def _each(document: Document, items: list[Any], to_entry: Callable[[Any], Entry]) -> Iterator[Entry]:
    """An entry for each item, a failed one where it is too large or its values have the wrong types."""
    for item in items:
        try:
            entry = to_entry(item)
        except Malformed as error:
            entry = failed_entry(document, "Malformed", str(error), _dump(item))
        if len(entry.body) > MAX_ENTRY_BYTES:
            entry = failed_entry(document, "TooLarge", f"a text of {len(entry.body):,} characters", entry.body)
        yield entry


def _feed_address(document: Document, feed: dict[str, Any]) -> Address:
    own = {"rel": "self", "href": feed.get("feed_url")}
    return find_address(document, {"link": feed.get("home_page_url"), "links": [own]})


def _to_entry(document: Document, feed: dict[str, Any], address: Address, item: Any) -> Entry:
    if not isinstance(item, dict):
        raise Malformed(f"{type(item).__name__}, not an object")
    html, text = read_string(item, "content_html"), read_string(item, "content_text")
    published, updated = read_string(item, "date_published"), read_string(item, "date_modified")
    return Entry(
        source=address.source,
        read_at=document.read_at,
        feed_url=address.feed_url,
        collection=document.collection,
        zone=document.zone,
        guid=_guid(item),
        link=_link(item, address),
        title=read_string(item, "title"),
        description=read_string(item, "summary"),
        body=html or text,
        markup=["body"] if html else [],
        authors=_authors(item) or _authors(feed),
        categories=read_strings(item, "tags"),
        image_url=address.resolve(read_string(item, "image") or read_string(item, "banner_image")),
        language=read_string(item, "language") or read_string(feed, "language"),
        published_raw=published or updated,
        published_source="entry" if published else "updated" if updated else "",
        updated_raw=updated,
    )


def _guid(item: dict[str, Any]) -> str:
    """The id; the specification has readers take a number for the string of its digits."""
    value = item.get("id")
    return str(value) if type(value) in (int, float) else read_string(item, "id")


def _link(item: dict[str, Any], address: Address) -> str:
    link, guid = read_string(item, "url").strip(), _guid(item)
    return address.resolve(link) if link or not is_web_address(guid) else guid


def _authors(record: dict[str, Any]) -> list[str]:
    """Names from `authors` (1.1) or `author` (1)."""
    people = record.get("authors") or [record.get("author")]
    if not isinstance(people, list):
        raise Malformed("authors is not a list")
    return [name for person in people if isinstance(person, dict) and (name := read_string(person, "name"))]


def _dump(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:  # nested deeper than it writes
        return str(error).encode()
