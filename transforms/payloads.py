"""What a reject keeps of the Document or Entry that could not be used, and that Document or Entry made of it again."""

from collections.abc import Mapping
from typing import Any

import orjson

from schemas.records import Document, Entry
from transforms.full_text.entries import as_fed

PAYLOAD_BYTES = 65_536

# New at each reading, or of the page beside the entry: with these no reject would be known again.
_NOT_ITS_OWN = ("read_at", "feed_updated_raw", "flags", "from_page", "is_line")
_OF_ENTRY = ("read_at", "feed_updated_raw", "is_line")
_OF_DOCUMENT = (
    "read_at", "url", "media_type", "is_feed", "is_lines", "collection", "zone", "dated", "dated_by",
)  # fmt: skip
_BLANK = {Document: Document("", b"", 0), Entry: Entry("", 0)}


def to_payload(record: Document | Entry) -> tuple[str, bytes, str]:
    """The kind, payload and context of a record. They hold all of it but its failure and what its page gave."""
    if isinstance(record, Document):
        return "document", record.data, _context(record, _OF_DOCUMENT)
    entry = as_fed(record)
    fields = {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name not in _NOT_ITS_OWN}
    return "entry", orjson.dumps(fields), _context(entry, _OF_ENTRY)


def _context(record: Document | Entry, names: tuple[str, ...]) -> str:
    blank = _BLANK[type(record)]
    given = {name: getattr(record, name) for name in names if getattr(record, name) != getattr(blank, name)}
    return orjson.dumps(given).decode()


def can_be_tried(reject: Mapping[str, Any]) -> bool:
    """Whether a row of REJECTS holds all that was rejected: what was read, whole, and how it was read.

    A part of a feed that could not be read is nothing without that feed.
    """
    if reject["stage"] not in ("parse", "clean") or reject["payload_size"] > len(reject["payload"]):
        return False
    is_whole = reject["payload_kind"] == "document" or reject["stage"] == "clean"
    return bool(reject["context"]) and (is_whole or "is_line" in orjson.loads(reject["context"]))


def from_payload(reject: Mapping[str, Any]) -> Document | Entry:
    """What to parse or to clean again, as it was read, of a row of REJECTS that can be tried."""
    context = orjson.loads(reject["context"])
    if reject["payload_kind"] == "document":
        return Document(reject["source"], reject["payload"], **context)
    entry = Entry(**orjson.loads(reject["payload"]), **context)
    return _line(entry) if entry.is_line else entry


def _line(entry: Entry) -> Document:
    return Document(
        source=entry.source,
        data=entry.body.encode(),
        read_at=entry.read_at,
        is_lines=True,
        collection=entry.collection,
        dated=entry.published_raw,
        dated_by=entry.published_source,
    )
