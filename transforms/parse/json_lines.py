"""Articles as JSON objects: one a line, or an array of them, or a single one.

The keys are the names of the columns: url, title, description, body, body_html (in place of body, where the
text is HTML), published_at, updated_at (strings), source, publisher, authors, categories (lists of strings, or
one string), language, image_url, guid, rights, credit, paywalled (a boolean). `link`, `summary` and `text`, the
names of feeds and of extraction tools, stand for url, description and body. null is the same as a missing key;
other keys are left alone. A body or a description that begins with an element of a page, and holds the end of it, is
read as HTML.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Any

from schemas.errors import Malformed
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.failures import failed_entry
from transforms.parse.json_values import load_json, read_flag, read_string, read_strings

_ALIASES = {"url": "link", "description": "summary", "body": "text"}
_BLOCKS = "article|blockquote|div|figure|h[1-6]|main|ol|p|section|table|ul"
_HTML = re.compile(rf"\s*+<({_BLOCKS})(?:\s[^<>]*+)?>", re.IGNORECASE)
_KNOWN_KEYS = frozenset(["url", "title", "description", "body", "body_html", *_ALIASES.values()])


def parse_json_lines(document: Document, data: bytes) -> Iterator[Entry]:
    """One entry for each line that is not blank; a failed one for a line that is no article."""
    for line in data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b" ").split(b"\n"):
        if not line or line.isspace():
            continue
        if len(line) > MAX_ENTRY_BYTES:
            yield failed_entry(document, "TooLarge", f"a line of {len(line):,} bytes", line)
            continue
        try:
            yield article_entry(document, load_json(line))
        except Malformed as error:
            yield failed_entry(document, "Malformed", str(error), line, is_line=True)


def article_entry(document: Document, record: Any) -> Entry:
    """The entry of one JSON object. Raises Malformed where a value has the wrong type or no key is known."""
    if not isinstance(record, dict):
        raise Malformed(f"{type(record).__name__}, not an object")
    if not is_article(record):
        raise Malformed(f"an object with none of the keys {', '.join(sorted(_KNOWN_KEYS))}")
    description, body = _read(record, "description"), _read(record, "body")
    body_html = "" if body else read_string(record, "body_html")
    is_html = {"description": _is_html(description), "body": bool(body_html) or _is_html(body)}
    published, updated = read_string(record, "published_at"), read_string(record, "updated_at")
    return Entry(
        source=read_string(record, "source") or document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        guid=read_string(record, "guid"),
        link=_read(record, "url"),
        title=read_string(record, "title"),
        description=description,
        body=body or body_html,
        markup=[name for name, so in is_html.items() if so],
        credit=read_string(record, "credit"),
        publisher=read_string(record, "publisher"),
        authors=read_strings(record, "authors"),
        categories=read_strings(record, "categories"),
        image_url=read_string(record, "image_url"),
        rights=read_string(record, "rights"),
        paywalled=read_flag(record, "paywalled"),
        language=read_string(record, "language"),
        published_raw=published or updated,
        published_source="json" if published else "updated" if updated else "",
        updated_raw=updated,
    )


def is_article(value: object) -> bool:
    """Whether a JSON value is an object with at least one of the keys that make an article."""
    return isinstance(value, dict) and not _KNOWN_KEYS.isdisjoint(value)


def _is_html(text: str) -> bool:
    """Whether a text is HTML, and does not merely speak of a tag."""
    start = _HTML.match(text)
    return start is not None and f"</{start[1]}>" in text


def _read(record: dict[str, Any], key: str) -> str:
    return read_string(record, key) or read_string(record, _ALIASES[key])
