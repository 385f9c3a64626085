"""Files to documents: plain or gzipped, whole, in slices (JSON lines) or record by record (WARC)."""

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.metric import Metrics

from schemas.errors import TooLarge
from schemas.records import Document
from transforms.parse.sniff import starts_with_json_line
from transforms.warc.captures import read_capture
from transforms.warc.records import HEAD_BYTES, Damaged, is_warc, read_records

_GZIP_MAGIC = b"\x1f\x8b"
_MOST_INFLATION = 200  # times; text shrinks 3 to 20 times, and gzip allows 1,032
_PAYLOAD_BYTES = 64 << 10
_SKIPPED_BYTES = 1 << 16
_UNREADABLE = (OSError, EOFError, zlib.error)  # the last two from corrupt gzip


class FileRange(NamedTuple):
    """The lines that start between two bytes of a file, or all of it where `end` is -1."""

    name: bytes  # os.fsencode of the path: a file's name need not be text
    start: int = 0
    end: int = -1
    dated: str = ""  # the date of its entries that give none, and where that is from
    dated_by: str = ""


@dataclass(frozen=True)
class ReadLimits:
    """Bytes that a document, or a line of JSON lines, may have; and those of one slice of lines."""

    document: int = 16 << 20
    slice: int = 4 << 20


def split_file(path: str, size: int, limits: ReadLimits) -> list[FileRange]:
    """The ranges in which to read a file of `size` bytes: one, or several where it is plain JSON lines."""
    name = os.fsencode(path)
    if size <= limits.slice or not _is_plain_json_lines(path, limits.slice):
        return [FileRange(name)]
    starts = range(0, size, limits.slice)
    return [FileRange(name, start, min(start + limits.slice, size)) for start in starts]


def read_range(part: FileRange, read_at: int, limits: ReadLimits) -> Iterator[Document]:
    """The documents of a range; where it cannot be read or is too large, one whose `failure` says so.

    gzip is known by its first bytes, never by the name. A slice of JSON lines holds whole lines, each in the
    range in which it starts.
    """
    reading = _Reading(os.fsdecode(part.name), read_at, limits, part.dated, part.dated_by)
    try:
        with FileSystems.open(reading.path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            yield from reading.whole(file) if part.end < 0 else reading.slice(file, part.start, part.end)
    except _UNREADABLE as error:
        yield reading.failure("UnreadableFile", f"{type(error).__name__}: {error}")
    except TooLarge as error:
        yield reading.failure("TooLarge", str(error))


def damaged_document(archive: str, read_at: int, part: Damaged) -> Document:
    """A document that stands for a part of a web archive that cannot be read."""
    detail = f"at byte {part.offset:,} or after it: {part.detail}"
    return Document(archive, part.data, read_at, failure="DamagedRecord", detail=detail)


@dataclass(frozen=True)
class _Reading:
    """One file being read."""

    path: str
    read_at: int
    limits: ReadLimits
    dated: str
    dated_by: str

    def whole(self, file: BinaryIO) -> Iterator[Document]:
        """Everything in a file, unpacked: one document, slices of JSON lines, or the captures of a web archive."""
        is_archive = is_warc(file.read(HEAD_BYTES))
        file.seek(0)
        if is_archive:
            yield from self._captures(file)
            return
        stream = _unpack(file, self.limits)
        data = stream.read(self.limits.slice)
        if starts_with_json_line(data):
            yield from self._lines(stream, data)
            return
        data += stream.read(self.limits.document + 1 - len(data))
        if len(data) > self.limits.document:
            yield self._over_limit("a file", data)
        else:
            yield self._document(data)

    def slice(self, file: BinaryIO, start: int, end: int) -> Iterator[Document]:
        """The lines that start between two bytes of a plain file."""
        if start:
            file.seek(start - 1)
            _skip_line(file, end)
        block = file.read(max(0, end - file.tell()))
        if block and not block.endswith(b"\n"):
            block += file.readline(self.limits.document + 1)
        last = block.rfind(b"\n", 0, -1) + 1
        if len(block) - last > self.limits.document:
            yield self._over_limit("a line", block[last:])
            block = block[:last]
        if block:
            yield self._document(block, is_lines=True)

    def failure(self, reason: str, detail: str, data: bytes = b"") -> Document:
        """A document that says why there is none."""
        return Document(self._source, data[:_PAYLOAD_BYTES], self.read_at, failure=reason, detail=detail)

    def _lines(self, stream: BinaryIO, rest: bytes) -> Iterator[Document]:
        """Slices of JSON lines as they are unpacked; `rest` is what was read already."""
        while rest:
            first = rest.find(b"\n") + 1 or len(rest)
            if first > self.limits.document:
                yield self._over_limit("a line", rest)
                if not rest.endswith(b"\n", 0, first):
                    _skip_line(stream)
                rest = rest[first:]
            end = rest.rfind(b"\n") + 1
            if end:
                yield self._document(rest[:end], is_lines=True)
            more = stream.read(self.limits.slice)
            rest = rest[end:] + more
            if rest and not more:
                yield self._document(rest, is_lines=True)
                return

    def _captures(self, file: BinaryIO) -> Iterator[Document]:
        take = partial(read_capture, archive=self._source, now=self.read_at, limit=self.limits.document)
        for capture in read_records(file, take):
            if isinstance(capture, Damaged):
                yield damaged_document(self._source, self.read_at, capture)
            elif capture:
                yield capture
            else:
                Metrics.counter("dateline", "records_skipped").inc()

    def _document(self, data: bytes, is_lines: bool = False) -> Document:
        return Document(self._source, data, self.read_at, is_lines=is_lines, dated=self.dated, dated_by=self.dated_by)

    def _over_limit(self, what: str, data: bytes) -> Document:
        return self.failure("TooLarge", f"{what} of over {self.limits.document:,} bytes", data)

    @property
    def _source(self) -> str:
        return self.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class _Unpacked(gzip.GzipFile):
    """A gzip file that refuses to grow far more than text does."""

    def __init__(self, packed: BinaryIO, limits: ReadLimits) -> None:
        super().__init__(fileobj=packed)
        self.packed = packed
        self.limits = limits

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._check()
        return data

    def readline(self, size: int | None = -1) -> bytes:
        data = super().readline(-1 if size is None else size)
        self._check()
        return data

    def _check(self) -> None:
        unpacked, packed = self.tell(), self.packed.tell()
        if unpacked > max(self.limits.document, _MOST_INFLATION * packed):
            raise TooLarge(f"gzip of over {_MOST_INFLATION} times its size: {unpacked:,} bytes from {packed:,}")


def _unpack(file: BinaryIO, limits: ReadLimits) -> BinaryIO:
    is_packed = file.read(2) == _GZIP_MAGIC
    file.seek(0)
    return _Unpacked(file, limits) if is_packed else file  # type: ignore[return-value]


def _is_plain_json_lines(path: str, sniffed: int) -> bool:
    """Whether a file reads as JSON lines; what cannot be opened is left for `read_range` to report."""
    try:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            return starts_with_json_line(file.read(sniffed))
    except OSError:
        return False


def _skip_line(file: BinaryIO, end: int | None = None) -> None:
    """Go past the next line end, or as far as `end`."""
    while (end is None or file.tell() < end) and (part := file.readline(_SKIPPED_BYTES)):
        if part.endswith(b"\n"):
            return
