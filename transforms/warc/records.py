"""The records of a WARC file, and what of a damaged one can still be read.

Source: WARC 1.1, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, TypeVar

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

Taken = TypeVar("Taken")

HEAD_BYTES = 512  # enough to tell a WARC file by
# Each start costs up to a millisecond: a file that is nothing but starts of records is given up.
MOST_STARTS = 1_000

_CAPTURES = (WarcRecordType.response, WarcRecordType.resource)
_MAGIC = b"WARC/"
_PACKED_MAGIC = b"\x1f\x8b\x08"
_PACKED_START = re.compile(re.escape(_PACKED_MAGIC))
_PLAIN_START = re.compile(rb"(?<=\n)WARC/[01]\.")
_OVERLAP = 8
_SAMPLE_BYTES = 4096
_BLOCK_BYTES = 1 << 20


class Damaged(NamedTuple):
    """A stretch of a file that holds no record that can be read: at this byte or after it, and why."""

    offset: int
    detail: str
    data: bytes  # from there on, some of it


def is_warc(head: bytes) -> bool:
    """Whether a file that starts with these HEAD_BYTES is a WARC file, plain or gzipped."""
    return head.startswith(_MAGIC) or (head.startswith(_PACKED_MAGIC) and _unpacks_to_record(head))


def read_records(file: BinaryIO, take: Callable[[WarcRecord], Taken], start: int = 0) -> Iterator[Taken | Damaged]:
    """What `take` makes of each response and resource record of a file, in order, from the one at `start` on.

    An OSError without an errno, from `take` or from the file's format, is a damage: reading goes on at the next
    record that can be found. That is the next gzip member, so a file gzipped as a whole ends there. Other
    errors pass through.
    """
    is_packed = not file.read(len(_MAGIC)).startswith(_MAGIC)
    for attempt in range(MOST_STARTS):
        at, is_read = start, False
        last: list[Taken] = []  # what is taken waits for the next record: only then is it known to be whole
        file.seek(start)
        try:
            for record in ArchiveIterator(file, parse_http=False):
                yield from last
                at, is_read, last = record.stream_pos, True, []
                if _is_capture(record):
                    last = [take(record)]
            if last and is_packed and _is_damaged_member(file, at):
                raise OSError("the file ends within the record")
            yield from last
            return
        except OSError as error:
            if error.errno is not None:
                raise
            if last and not (is_packed and _is_damaged_member(file, at)):
                yield from last
            if is_read or not attempt:  # else the damage that was met last goes on
                yield Damaged(at, str(error), _sample(file, at))
        found = _find_start(file, at + 1, is_packed)
        if found is None:
            return
        start = found
    yield Damaged(start, f"over {MOST_STARTS:,} damaged records: what follows is left out", _sample(file, start))


def _is_damaged_member(file: BinaryIO, position: int) -> bool:
    """Whether a gzip member starts there that does not unpack to its end, checksum included."""
    file.seek(position)
    if file.read(len(_PACKED_MAGIC)) != _PACKED_MAGIC:  # a record inside a member
        return False
    file.seek(position)
    member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        while not member.eof and (block := member.unconsumed_tail or file.read(_BLOCK_BYTES)):
            member.decompress(block, _BLOCK_BYTES)
    except zlib.error:
        return True
    return not member.eof


def _is_capture(record: WarcRecord) -> bool:
    if "WARC-Type" not in record.headers:
        raise OSError("a record without a WARC-Type")
    if not (record.headers.get("Content-Length") or "").isdigit():
        raise OSError("a record without a Content-Length")
    return record.record_type in _CAPTURES


def _sample(file: BinaryIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(_SAMPLE_BYTES)


def _find_start(file: BinaryIO, start: int, is_packed: bool) -> int | None:
    """Where the next record starts, at `start` or after it; None where there is none."""
    mark = _PACKED_START if is_packed else _PLAIN_START
    position = start - 1  # with the line end before it
    tries = 0
    while True:
        file.seek(position)
        block = file.read(_BLOCK_BYTES)
        for match in mark.finditer(block):
            at = position + match.start()
            if at >= start and (not is_packed or _holds_record(file, at)):
                return at
            tries += 1
        if len(block) <= _OVERLAP or tries > MOST_STARTS:
            return None
        position += len(block) - _OVERLAP


def _holds_record(file: BinaryIO, position: int) -> bool:
    file.seek(position)
    return _unpacks_to_record(file.read(HEAD_BYTES))


def _unpacks_to_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, len(_MAGIC)) == _MAGIC
    except zlib.error:
        return False
