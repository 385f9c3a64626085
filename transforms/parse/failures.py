"""Entries that stand for what no article can be made of; the cleaning stage raises their failure."""

from schemas.records import Document, Entry

_PAYLOAD_BYTES = 64 << 10


def failed_entry(document: Document, reason: str, detail: str, raw: str | bytes) -> Entry:
    """An entry that carries the name of a `BadRecord`, the detail, and the start of the offending text."""
    data = raw[:_PAYLOAD_BYTES].encode("utf-8", "replace") if isinstance(raw, str) else raw
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        body=data[:_PAYLOAD_BYTES].decode("utf-8", "replace").replace("\0", ""),
        failure=reason,
        detail=detail,
    )
