"""The body of a captured response, as the server meant it: without transfer and content coding."""

import io
from collections.abc import Iterator

from fastwarc.stream_io import BrotliReader

from schemas.errors import FetchFailed, Malformed, TooLarge
from transforms.fetch.bodies import unpack
from transforms.parse.decode import is_binary

_LONGEST_SIZE_LINE = 1000


def plain_body(data: bytes, transfer_coding: str, content_coding: str, limit: int) -> bytes:
    """`data` decoded, at most `limit` bytes.

    Crawlers often store a body decoded and leave its headers as they were: what is not coded as declared, but
    is text, is taken as it is. Raises TooLarge past the limit and Malformed for a body that is damaged.
    """
    if "chunked" in transfer_coding.lower():
        data = _join_chunks(data)
    try:
        return _decode(data, content_coding.strip().lower(), limit)
    except (FetchFailed, OSError) as error:
        if is_binary(data):
            raise Malformed(f"a body that is not {content_coding[:50]}: {error}") from error
        return data


def _decode(data: bytes, coding: str, limit: int) -> bytes:
    if coding != "br" or not data:
        return unpack(data, coding, limit)
    found: bytes = BrotliReader(io.BytesIO(data)).read(limit + 1)
    if len(found) > limit:
        raise TooLarge(f"a body that unpacks to more than {limit:,} bytes")
    return found


def _join_chunks(data: bytes) -> bytes:
    """A chunked body (RFC 9112, 7.1) in one piece, cut where it breaks off; one that is not chunked as it is."""
    return b"".join(_chunks(data)) if _chunk_size(data, 0) else data


def _chunks(data: bytes) -> Iterator[bytes]:
    position = 0
    while found := _chunk_size(data, position):
        size, start = found
        if not size:
            return
        yield data[start : start + size]
        position = start + size + 2  # a line end


def _chunk_size(data: bytes, position: int) -> tuple[int, int] | None:
    """The size of the chunk whose size line starts at `position`, and where its data starts."""
    end = data.find(b"\n", position, position + _LONGEST_SIZE_LINE)
    digits = data[position:end].partition(b";")[0].strip()
    if end < 0 or not digits.isalnum() or len(digits) > 16:
        return None
    try:
        return int(digits, 16), end + 1
    except ValueError:
        return None
