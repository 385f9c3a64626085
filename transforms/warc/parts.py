"""Some records of a WARC file, with what is damaged among them."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from fastwarc.warc import WarcRecord

from transforms.warc.records import Damaged, Taken, read_records


class RecordRange(NamedTuple):
    """Response and resource records: so many (-1: all) after the first `skip` of those from byte `start` on."""

    start: int = 0
    skip: int = 0
    records: int = -1


def read_some(file: BinaryIO, take: Callable[[WarcRecord], Taken], part: RecordRange) -> Iterator[Taken | Damaged]:
    """What `read_records` gives of a part. A damage belongs to the record that precedes it, or that it is in."""
    passed = 0
    end = part.skip + part.records if part.records >= 0 else None

    def take_counted(record: WarcRecord) -> tuple[int, Taken | None]:
        nonlocal passed
        passed += 1
        wanted = passed > part.skip and (end is None or passed <= end)
        return passed - 1, take(record) if wanted else None

    for found in read_records(file, take_counted, part.start):
        place, item = (max(passed - 1, 0), found) if isinstance(found, Damaged) else found
        if end is not None and place >= end:
            return
        if place >= part.skip:
            yield item  # type: ignore[misc]
