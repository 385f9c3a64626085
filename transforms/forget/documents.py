"""A fetched document without the entries that were taken down: cut out where that can be proven, else dropped."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.parsers import expat

import numpy as np
import orjson
from numpy.typing import NDArray

from schemas.errors import BadRecord
from schemas.records import Document
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.mentions import has_address, hold_entries, mentions
from transforms.parse import parse_document

_ENTRIES = frozenset({"item", "entry"})
# In other encodings the end of a tag is not this byte.
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|<\x00|\x00<")


def without_forgotten(document: Document, forgotten: Forgotten) -> Document | None:
    """The document itself where nothing in it was taken down; without that where it can be cut; else None."""
    if not forgotten.has_takedowns or document.failure:
        return document
    if forgotten.has_source(document.source) or has_address((document.source, document.url), forgotten):
        return None
    try:
        held = hold_entries(list(parse_document(document)), forgotten)
    except BadRecord:
        return None if mentions(document.data, forgotten) else document
    if not held.any():
        return document
    data = _cut_xml(document.data, held) or _cut_json(document.data, held)
    rest = replace(document, data=data)
    return rest if data and _is_rid(rest, len(held) - int(held.sum()), forgotten) else None


def _is_rid(rest: Document, entries: int, forgotten: Forgotten) -> bool:
    """Whether all other entries are left, and nothing else speaks of what was cut."""
    if mentions(rest.data, forgotten):
        return False
    try:
        held = hold_entries(list(parse_document(rest)), forgotten)
    except BadRecord:
        return False
    return len(held) == entries and not held.any()


def _cut_xml(data: bytes, held: NDArray[np.bool_]) -> bytes:
    """Well-formed XML without some of its entries; empty where they cannot be told."""
    try:
        spans = [] if _WIDE.match(data) else list(_entry_spans(data))
    except (expat.ExpatError, LookupError, ValueError):  # the last two for encodings that expat does not know
        return b""
    if len(spans) != len(held):
        return b""
    gone = [span for span, is_held in zip(spans, held.tolist(), strict=True) if is_held]
    bounds = [0, *(place for span in gone for place in span), len(data)]
    return b"".join(data[first:last] for first, last in list(pairwise(bounds))[::2])


def _entry_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """The bytes of each outermost `item` or `entry`, tags included."""
    depth, starts, ends = 0, list[int](), list[int]()
    parser = expat.ParserCreate()

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth
        if name.rpartition(":")[2] in _ENTRIES:
            if not depth:
                starts.append(parser.CurrentByteIndex)
            depth += 1

    def end(name: str) -> None:
        nonlocal depth
        if name.rpartition(":")[2] in _ENTRIES:
            depth -= 1
            if not depth:
                ends.append(data.index(b">", parser.CurrentByteIndex) + 1)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    return zip(starts, ends, strict=True)


def _cut_json(data: bytes, held: NDArray[np.bool_]) -> bytes:
    """A JSON Feed without some of its items; empty for what is none."""
    try:
        feed = orjson.loads(data)
    except orjson.JSONDecodeError:
        return b""
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or len(items) != len(held):
        return b""
    kept = [item for item, is_held in zip(items, held.tolist(), strict=True) if not is_held]
    return orjson.dumps(feed | {"items": kept})
