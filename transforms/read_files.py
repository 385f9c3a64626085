"""Files to documents: plain or gzipped, whole, in slices (JSON lines) or record by record (WARC)."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import BinaryIO, NamedTuple

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.metric import Metrics

from schemas.errors import TooLarge
from schemas.records import Document
from transforms.gzipped import UNREADABLE, unpack
from transforms.parse.sniff import starts_with_json_line
from transforms.read_lines import read_lines
from transforms.warc.captures import read_capture
from transforms.warc.parts import RecordRange, read_some
from transforms.warc.records import HEAD_BYTES, Damaged, is_warc

_PAYLOAD_BYTES = 64 << 10


class FileRange(NamedTuple):
    """All of a file; of JSON lines those that start between two bytes; of a web archive some records."""

    name: bytes  # os.fsencode of the path: a file's name need not be text
    start: int = 0  # counted as unpacked; `end` -1: to the end
    end: int = -1
    dated: str = ""  # the date of its entries that give none, and where that is from
    dated_by: str = ""
    skip: int = 0  # of a web archive: a RecordRange, where `records` is not 0
    records: int = 0
    copy: bytes = b""  # the file that the bytes are in, where it is another one


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
    range in which it starts; one of a gzipped file is unpacked from the file's start.
    """
    reading = _Reading(os.fsdecode(part.name), read_at, limits, part.dated, part.dated_by)
    try:
        with open_plainly(os.fsdecode(part.copy or part.name)) as file:
            yield from reading.part(file, part)
    except UNREADABLE as error:
        yield reading.failure("UnreadableFile", f"{type(error).__name__}: {error}")
    except TooLarge as error:
        yield reading.failure("TooLarge", str(error))


def open_plainly(path: str) -> BinaryIO:
    """A file on any Beam filesystem, for reading as it is, whatever its name ends in."""
    file: BinaryIO = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return file


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

    def part(self, file: BinaryIO, part: FileRange) -> Iterator[Document]:
        """What a range of the file holds."""
        if part.records:
            yield from self._captures(file, RecordRange(part.start, part.skip, part.records))
        elif part.start or part.end >= 0:
            stream = unpack(file, self.limits.document)
            yield from self._lines(read_lines(stream, part.start, part.end, self.limits.slice, self.limits.document))
        else:
            yield from self._whole(file)

    def _whole(self, file: BinaryIO) -> Iterator[Document]:
        """Everything in a file, unpacked: one document, slices of JSON lines, or the captures of a web archive."""
        is_archive = is_warc(file.read(HEAD_BYTES))
        file.seek(0)
        if is_archive:
            yield from self._captures(file, RecordRange())
            return
        stream = unpack(file, self.limits.document)
        data = stream.read(self.limits.slice)
        if starts_with_json_line(data):
            yield from self._lines(chain([data], iter(partial(stream.read, self.limits.slice), b"")))
            return
        data += stream.read(self.limits.document + 1 - len(data))
        if len(data) > self.limits.document:
            yield self._over_limit("a file", data)
        else:
            yield self._document(data)

    def failure(self, reason: str, detail: str, data: bytes = b"") -> Document:
        """A document that says why there is none."""
        return Document(self._source, data[:_PAYLOAD_BYTES], self.read_at, failure=reason, detail=detail)

    def _lines(self, blocks: Iterable[bytes]) -> Iterator[Document]:
        """Slices of JSON lines from blocks that are cut anywhere."""
        rest, is_skipped = b"", False  # is_skipped: within a line that is over the limit
        for block in blocks:
            if is_skipped and b"\n" not in block:
                continue
            rest = block.partition(b"\n")[2] if is_skipped else rest + block
            first = rest.find(b"\n") + 1 or len(rest)
            is_skipped = first > self.limits.document and not rest.endswith(b"\n", 0, first)
            if first > self.limits.document:
                yield self._over_limit("a line", rest)
                rest = rest[first:]
            end = rest.rfind(b"\n") + 1
            if end:
                yield self._document(rest[:end], is_lines=True)
            rest = rest[end:]
            if len(rest) > self.limits.document:
                yield self._over_limit("a line", rest)
                rest, is_skipped = b"", True
        if rest:
            yield self._document(rest, is_lines=True)

    def _captures(self, file: BinaryIO, part: RecordRange) -> Iterator[Document]:
        take = partial(read_capture, archive=self._source, now=self.read_at, limit=self.limits.document)
        for capture in read_some(file, take, part):
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


def _is_plain_json_lines(path: str, sniffed: int) -> bool:
    """Whether a file reads as JSON lines; what cannot be opened is left for `read_range` to report."""
    try:
        with open_plainly(path) as file:
            return starts_with_json_line(file.read(sniffed))
    except OSError:
        return False
