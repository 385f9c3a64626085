"""Bodies of answers, read and unpacked within a size."""

import zlib
from collections.abc import Iterable

from schemas.errors import FetchFailed, TooLarge

ACCEPT_ENCODING = "gzip, deflate"
_NO_CODINGS = ("", "identity", "none", "utf-8")  # the last two say nothing, but are sent
_GZIP_MEMBERS = 100  # each costs a copy of what follows it, so many small ones would cost the square


def join_chunks(chunks: Iterable[bytes], limit: int) -> bytes:
    """The chunks as one; raises TooLarge as soon as they pass `limit` bytes."""
    parts = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"a body of more than {limit} bytes")
        parts.append(chunk)
    return b"".join(parts)


def unpack(data: bytes, coding: str, limit: int) -> bytes:
    """`data` without its Content-Encoding (RFC 9110, 8.4): gzip, deflate (raw ones too) or none.

    Raises TooLarge past `limit` bytes and FetchFailed for other codings and for data cut short or damaged.
    """
    coding = ",".join(name for part in coding.lower().split(",") if (name := part.strip()) not in _NO_CODINGS)
    if not coding or not data:
        return data
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"Content-Encoding {coding[:50]!r} was not asked for")
    try:
        return _inflate(data, _window_bits(data, coding), limit)
    except zlib.error as error:
        raise FetchFailed(f"a body that is not {coding}: {error}") from error


def _inflate(data: bytes, window_bits: int, limit: int) -> bytes:
    parts = []
    room = limit
    for _ in range(_GZIP_MEMBERS):
        member = zlib.decompressobj(window_bits)
        part = member.decompress(data, room + 1)
        room -= len(part)
        if room < 0:
            raise TooLarge(f"a body that unpacks to more than {limit} bytes")
        parts.append(part)
        if not member.eof:
            raise FetchFailed("a compressed body that is cut short")
        data = member.unused_data
        if not data.startswith(b"\x1f\x8b"):  # padding after the last member
            return b"".join(parts)
    raise TooLarge(f"a body of more than {_GZIP_MEMBERS} gzip members")


def _window_bits(data: bytes, coding: str) -> int:
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    # Many servers send raw deflate; a zlib header is known by its checksum (RFC 1950, 2.2).
    has_header = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
