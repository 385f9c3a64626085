"""Entries that stand for what no article can be made of; the cleaning stage raises their failure."""

from schemas.records import Document, Entry

_PAYLOAD_BYTES = 64 << 10


def failed_entry(document: Document, reason: str, detail: str, raw: str | bytes, is_line: bool = False) -> Entry:
    """An entry that carries the name of a `BadRecord`, the detail, and the start of the offending text.

    `is_line`: that is a line of JSON, which can be parsed again if it is here as it was.
    """
    data = raw[:_PAYLOAD_BYTES].encode("utf-8", "replace") if isinstance(raw, str) else raw
    body = data[:_PAYLOAD_BYTES].decode("utf-8", "replace").replace("\0", " ")
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        body=body,
        failure=reason,
        detail=detail,
        is_line=is_line and body.encode() == raw,
    )
