"""Files cut where their records begin: JSON lines, and web archives. What is packed is read once for that."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from apache_beam.io.filesystem import FileMetadata

from schemas.errors import TooLarge
from transforms.chunks.chunk import LEAST_BYTES, Piece
from transforms.chunks.cut_archive import cut_archive
from transforms.gzipped import UNREADABLE, is_gzipped, unpack
from transforms.parse.sniff import starts_with_json_line
from transforms.read_documents import date_part
from transforms.read_files import FileRange, ReadLimits, open_plainly, split_file
from transforms.warc.records import HEAD_BYTES, is_warc

# So many times its size a packed file is taken for, before it has been opened.
GROWTH = 5


def cut_files(files: list[FileMetadata], limits: ReadLimits, date_from: str) -> Iterator[Piece]:
    """The pieces of files, in the files' order."""
    for file in files:
        for piece in cut_file(file.path, file.size_in_bytes, limits):
            yield piece._replace(part=date_part(piece.part, file, date_from))


def weigh_file(path: str, size: int) -> int:
    """Bytes that a file is likely to have unpacked, going by its name."""
    return max(LEAST_BYTES, size * (GROWTH if path.endswith(".gz") else 1))


def cut_file(path: str, size: int, limits: ReadLimits) -> list[Piece]:
    """The pieces of a file of `size` bytes, in order: all of it, unless it is large and of many records.

    Together they are read as the file is read without cutting, failures included.
    """
    whole = Piece(FileRange(os.fsencode(path)), min(weigh_file(path, size), limits.document))
    if weigh_file(path, size) <= limits.slice:
        return [whole]
    try:
        with open_plainly(path) as file:
            if is_warc(file.read(HEAD_BYTES)):
                file.seek(0)
                cut = cut_archive(file, limits.slice, limits.document, LEAST_BYTES)
                return [Piece(whole.part._replace(**part._asdict()), weight) for part, weight in cut]
            is_packed = is_gzipped(file)
            stream = unpack(file, limits.document)
            start = stream.read(limits.slice)
            if not starts_with_json_line(start):
                return [whole]
            if is_packed:
                return _cut_packed_lines(stream, start, whole, limits)
            each = start.count(b"\n") / len(start)
            parts = split_file(path, size, limits)
            return [Piece(part, _weigh(part.end - part.start, int(each * (part.end - part.start)))) for part in parts]
    except (*UNREADABLE, TooLarge):  # to be met, and told of, where the file is read
        return [whole]


def _cut_packed_lines(stream: BinaryIO, block: bytes, whole: Piece, limits: ReadLimits) -> list[Piece]:
    sizes: list[int] = []
    length, is_damaged = 0, False
    while block:
        length += len(block)
        sizes.append(_weigh(len(block), block.count(b"\n")))
        try:
            block = stream.read(limits.slice)
        except (*UNREADABLE, TooLarge):
            is_damaged = True
            break
    starts = range(0, length, limits.slice)
    pieces = [
        Piece(whole.part._replace(start=start, end=min(start + limits.slice, length)), size)
        for start, size in zip(starts, sizes, strict=True)
    ]
    if is_damaged:  # its last lines end where nothing can be read, so they are read together with what follows
        pieces[-1] = pieces[-1]._replace(part=pieces[-1].part._replace(end=-1))
    return pieces


def _weigh(size: int, entries: int) -> int:
    return max(size, entries * LEAST_BYTES)
