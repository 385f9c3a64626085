"""Web archives cut into ranges of records. They are read once for that, and each record's text is weighed."""

from itertools import pairwise
from typing import BinaryIO, NamedTuple

from fastwarc.warc import WarcRecord

from transforms.warc.captures import read_capture
from transforms.warc.parts import RecordRange, read_some
from transforms.warc.records import Damaged, read_records


class _Record(NamedTuple):
    position: int
    headers: int  # a hash of them
    size: int


class _Survey:
    """All records of a file, taken as they will be: with the same failures, in the same order."""

    def __init__(self, file: BinaryIO, longest: int) -> None:
        self.records: list[_Record] = []
        self.first_damaged: int | None = None
        self._longest = longest
        for found in read_some(file, self._take, RecordRange()):
            if isinstance(found, Damaged) and self.first_damaged is None:
                self.first_damaged = len(self.records) - 1

    def _take(self, record: WarcRecord) -> None:
        self.records.append(_Record(record.stream_pos, _hash_headers(record), 0))
        document = read_capture(record, "", 0, self._longest)
        self.records[-1] = self.records[-1]._replace(size=len(document.data) if document else 0)


def cut_archive(file: BinaryIO, size: int, longest: int, least: int) -> list[tuple[RecordRange, int]]:
    """Ranges of records with about `size` bytes of text, and the bytes of each; a record counts as `least` or more.

    A range starts at its first record if a reader can start there. In a file that was gzipped as a whole none
    can, and what precedes it is passed over.
    """
    survey = _Survey(file, longest)
    cuts, sizes = _find_cuts(survey.records, size, least)
    starts = [(0, 0)]  # the byte, and the number of the record there
    kept, weights = [0], sizes[:1]
    for number, weight in zip(cuts[1:], sizes[1:], strict=True):
        if _starts_at(file, survey.records, number):
            starts.append((survey.records[number].position, number))
        elif survey.first_damaged is None or number <= survey.first_damaged:
            starts.append(starts[-1])
        else:
            weights[-1] += weight
            continue
        kept.append(number)
        weights.append(weight)
    counts = [after - before for before, after in pairwise(kept)] + [-1]
    return [
        (RecordRange(start, number - first, count), weight)
        for (start, first), number, count, weight in zip(starts, kept, counts, weights, strict=True)
    ]


def _find_cuts(records: list[_Record], size: int, least: int) -> tuple[list[int], list[int]]:
    cuts, sizes = [0], [0]
    for number, record in enumerate(records):
        weight = max(record.size, least)
        if sizes[-1] and sizes[-1] + weight > size:
            cuts.append(number)
            sizes.append(0)
        sizes[-1] += weight
    return cuts, sizes


def _starts_at(file: BinaryIO, records: list[_Record], number: int) -> bool:
    """Whether reading from a record's position on gives that record first."""
    record = records[number]
    if record.position <= records[number - 1].position:
        return False
    return next(read_records(file, _hash_headers, record.position), None) == record.headers


def _hash_headers(record: WarcRecord) -> int:
    return hash(tuple(record.headers.items()))
