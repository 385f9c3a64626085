"""Files that may be gzipped, unpacked as they are read."""

import gzip
import zlib
from typing import BinaryIO

from schemas.errors import TooLarge

DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error)  # what reading corrupt gzip raises
UNREADABLE = (OSError, *DAMAGED)

_MAGIC = b"\x1f\x8b"
_MOST_INFLATION = 200  # times; text shrinks 3 to 20 times, and gzip allows 1,032


def unpack(file: BinaryIO, least: int) -> BinaryIO:
    """A file's bytes, unpacked where it is gzipped by its first bytes: its name says nothing.

    Reading raises TooLarge where more than `least` bytes came of far less than text would need.
    """
    return _Unpacked(file, least) if is_gzipped(file) else file  # type: ignore[return-value]


def is_gzipped(file: BinaryIO) -> bool:
    """Whether a file, which is then at its start, has gzip's first bytes."""
    file.seek(0)
    start = file.read(len(_MAGIC))
    file.seek(0)
    return start == _MAGIC


class _Unpacked(gzip.GzipFile):
    """A gzip file that refuses to grow far more than text does."""

    def __init__(self, packed: BinaryIO, least: int) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed
        self._least = least

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._check()
        return data

    def readline(self, size: int | None = -1) -> bytes:
        data = super().readline(-1 if size is None else size)
        self._check()
        return data

    def _check(self) -> None:
        unpacked, packed = self.tell(), self._packed.tell()
        if unpacked > max(self._least, _MOST_INFLATION * packed):
            raise TooLarge(f"gzip of over {_MOST_INFLATION} times its size: {unpacked:,} bytes from {packed:,}")
