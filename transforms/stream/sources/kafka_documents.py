"""Messages to documents: articles as JSON, many to a document; anything else by itself."""

from collections.abc import Iterator
from dataclasses import replace

from schemas.records import Document

JOINED_BYTES = 256 << 10  # of a document of many messages: parsed as a batch, yet work for several workers
_PAYLOAD_BYTES = 64 << 10


def to_documents(values: list[bytes], empty: Document, limit: int) -> Iterator[Document]:
    """The documents of messages in their order, made like `empty`; one over `limit` bytes only says so."""
    lines: list[bytes] = []
    size = 0
    for value in values:
        if len(value) > limit:
            detail = f"a message of over {limit:,} bytes"
            yield replace(empty, data=value[:_PAYLOAD_BYTES], failure="TooLarge", detail=detail)
        elif is_json_line(value):
            if lines and size + len(value) > JOINED_BYTES:
                yield _join(lines, empty)
                lines, size = [], 0
            lines.append(value)
            size += len(value)
        else:
            yield replace(empty, data=value)
    if lines:
        yield _join(lines, empty)


def is_json_line(value: bytes) -> bool:
    """Whether a value looks like one JSON object on one line, other than a JSON Feed: parsing will tell."""
    value = value.strip()
    is_object = value.startswith(b"{") and value.endswith(b"}") and b"\n" not in value
    return is_object and b'"items"' not in value


def _join(lines: list[bytes], empty: Document) -> Document:
    return replace(empty, data=b"\n".join(lines), is_lines=True)
