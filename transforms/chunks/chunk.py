"""Chunks: which parts of which files are read together. That follows from the input alone."""

import os
from typing import Any, NamedTuple

from transforms.read_files import FileRange

# An entry takes so much of the memory that its text does not: short ones count as if they had this many bytes.
LEAST_BYTES = 1_000


class Piece(NamedTuple):
    """Something that is read by itself, and what it counts for: bytes, unpacked."""

    part: FileRange
    size: int


Chunk = list[Piece]


def chunk_size(chunk: Chunk) -> int:
    """What a chunk counts for."""
    return sum(piece.size for piece in chunk)


def join_parts(chunk: Chunk) -> list[FileRange]:
    """The parts of a chunk; those of an archive that have to be read from the same byte on are one."""
    joined: list[FileRange] = []
    for part in (piece.part for piece in chunk):
        last = joined[-1] if joined else FileRange(b"")
        if part.skip and (last.name, last.start, last.skip + last.records) == (part.name, part.start, part.skip):
            joined[-1] = last._replace(records=part.records if part.records < 0 else last.records + part.records)
        else:
            joined.append(part)
    return joined


def describe_chunk(chunk: Chunk) -> dict[str, Any]:
    """Which part of the input a chunk is, for its manifest: all files, by path, between two places.

    `byte` is counted in the unpacked lines, or in the archive as it is; `record` is one of those from there on.
    """
    first, last = chunk[0].part, chunk[-1].part
    end = {"byte": last.start, "record": last.skip + last.records} if last.records > 0 else {"byte": last.end}
    return {
        "files": len({piece.part.name for piece in chunk}),
        "bytes": chunk_size(chunk),
        "from": {"path": _path(first), "byte": first.start} | ({"record": first.skip} if first.records else {}),
        "to": {"path": _path(last)} | (end if end["byte"] >= 0 else {}),
    }


def _path(part: FileRange) -> str:
    return os.fsdecode(part.name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
