"""Lines of a stream, cut by the bytes between which they start."""

from collections.abc import Iterator
from typing import BinaryIO

_SKIPPED_BYTES = 1 << 16


def read_lines(stream: BinaryIO, start: int, end: int, block: int, longest: int) -> Iterator[bytes]:
    """Bytes of the lines that start at `start` or after it, and before `end` (-1: all); whole lines together.

    They come as read, up to the next multiple of `block` at a time. Of the last line there are no more than
    `longest` bytes and one, and the stream stands there.
    """
    if start > stream.tell():
        stream.seek(start - 1)
        skip_line(stream, end)
    while end < 0 or stream.tell() < end:
        size = block - stream.tell() % block
        data = stream.read(size if end < 0 else min(size, end - stream.tell()))
        if not data:
            return
        if 0 <= end <= stream.tell() and not data.endswith(b"\n"):
            data += stream.readline(longest + 1)
        yield data


def skip_line(stream: BinaryIO, end: int = -1) -> None:
    """Go past the next line end, or as far as `end`."""
    while (end < 0 or stream.tell() < end) and (part := stream.readline(_SKIPPED_BYTES)):
        if part.endswith(b"\n"):
            return
