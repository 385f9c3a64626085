"""What a dataset keeps of what was fetched: a list of it, and each document by its place."""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.records import Document
from transforms.read_files import ReadLimits, damaged_document
from transforms.warc.captures import describe_capture, read_capture
from transforms.warc.records import Damaged, read_records

_LIMIT = ReadLimits().document


class Kept(NamedTuple):
    """A capture: its time (microseconds since the epoch), its raw file, and the byte at which it starts there."""

    read_at: int
    path: str
    offset: int


def list_kept(path: str, now: int) -> Iterator[tuple[Document, Kept]]:
    """Every capture of a raw file, its document without the bytes; one that cannot be read has a `failure`."""
    with _open(path) as file:
        for found in read_records(file, partial(describe_capture, archive=path, now=now)):
            if isinstance(found, Damaged):
                yield damaged_document(path, now, found), Kept(now, path, found.offset)
            elif found:
                document, offset = found
                yield document, Kept(document.read_at, path, offset)


def read_kept(kept: Kept, now: int) -> Document:
    """The document of a capture, with a `failure` where it is damaged. Raises OSError where it is gone."""
    with _open(kept.path) as file:
        take = partial(read_capture, archive=kept.path, now=now, limit=_LIMIT)
        found = next(read_records(file, take, kept.offset), None)
    if found is None:
        raise OSError(f"{kept.path}: changed while it was read, at byte {kept.offset:,}")
    return damaged_document(kept.path, now, found) if isinstance(found, Damaged) else found


def _open(path: str) -> BinaryIO:
    file: BinaryIO = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return file
