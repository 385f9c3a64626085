"""Records of WARC files, and what is left of damaged ones."""

import gzip
import io
import random

import pytest
from fastwarc.warc import WarcRecord

from tests.archives import PAGE, packed, warc_record
from transforms.warc.records import HEAD_BYTES, MOST_STARTS, Damaged, is_warc, read_records

ONE, TWO, THREE = warc_record(1), warc_record(2, bytes(range(32, 127)) * 30), warc_record(3)
PACKED_TWO = packed(TWO)
CUT = gzip.compress(ONE + TWO + THREE, mtime=0)[:-60]
LARGE = warc_record(2, random.Random(3).randbytes(200_000))
PACKED_LARGE = packed(LARGE)


def numbers(data: bytes) -> list[str]:
    """The numbers of the records that could be read, and where what cannot be read starts."""

    def take(record: WarcRecord) -> str:
        body = record.reader.read()
        if len(body) < record.content_length:
            raise OSError("cut short")
        return (record.headers.get("WARC-Target-URI") or "").rpartition("/")[2]

    found = read_records(io.BytesIO(data), take)
    return [f"damaged at {part.offset}" if isinstance(part, Damaged) else part for part in found]


def smudged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes(byte ^ 255 for byte in data[at : at + 4]) + data[at + 4 :]


def before(*records: bytes) -> str:
    return f"damaged at {sum(map(len, records))}"


def wrong_length(length: int) -> bytes:
    return warc_record(2, Content_Length=str(length))


FILES: dict[str, tuple[bytes, list[str]]] = {
    "plain": (ONE + TWO + THREE, ["1", "2", "3"]),
    "a member each": (packed(ONE, TWO, THREE), ["1", "2", "3"]),
    "one member": (gzip.compress(ONE + TWO + THREE), ["1", "2", "3"]),
    "version 1.1": (ONE.replace(b"WARC/1.0", b"WARC/1.1"), ["1"]),
    "other types": (warc_record(1, WARC_Type="request") + warc_record(2, WARC_Type="dream") + THREE, ["3"]),
    "no record": (b"", []),
    "cut, plain": ((ONE + TWO)[:-30], ["1", before(ONE)]),
    "cut, packed": (packed(ONE, TWO)[:-40], ["1", before(packed(ONE))]),
    "cut, but for its text": (packed(ONE, TWO)[:-5], ["1", before(packed(ONE))]),
    "one member, cut": (CUT, ["1", before(CUT)]),
    "junk between": (packed(ONE) + b"junk" * 9 + packed(TWO), ["1", "damaged at 0", "2"]),
    "smudged data": (packed(ONE) + smudged(PACKED_TWO, 90) + packed(THREE), ["1", "damaged at 0", "3"]),
    "smudged header": (packed(ONE) + smudged(PACKED_TWO, 0) + packed(THREE), ["1", "damaged at 0", "3"]),
    "smudged checksum": (
        packed(ONE) + smudged(PACKED_TWO, len(PACKED_TWO) - 8) + packed(THREE),
        ["1", "damaged at 0", "3"],
    ),
    "smudged checksum of a large one": (
        packed(ONE) + smudged(PACKED_LARGE, len(PACKED_LARGE) - 8) + packed(THREE),
        ["1", before(packed(ONE)), "3"],
    ),
    "a large one, junk after it": (
        packed(ONE, LARGE) + b"junk" * 50_000 + packed(THREE),
        ["1", "2", before(packed(ONE)), "3"],
    ),
    "smudged twice": (packed(ONE) + 2 * smudged(PACKED_TWO, 90) + packed(THREE), ["1", "damaged at 0", "3"]),
    "the first smudged": (smudged(PACKED_TWO, 90) + packed(THREE), ["damaged at 0", "3"]),
    "length too long": (ONE + wrong_length(300) + THREE, ["1", "2", before(ONE), "3"]),
    "length too short": (ONE + wrong_length(60) + THREE, ["1", "2", before(ONE), "3"]),
    "length past the end": (ONE + wrong_length(10**15) + THREE, ["1", before(ONE), "3"]),
    "negative length": (ONE + wrong_length(-5) + THREE, ["1", before(ONE), "3"]),
    "no length": (ONE + warc_record(2, Content_Length="") + THREE, ["1", before(ONE), "3"]),
    "no type": (ONE + warc_record(2, WARC_Type="") + THREE, ["1", before(ONE), "3"]),
    "endless header": (ONE + warc_record(2, X_Note="y" * 100_000) + THREE, ["1", "damaged at 0", "3"]),
    "packed, length too long": (packed(ONE, wrong_length(1000), THREE), ["1", before(packed(ONE)), "3"]),
    "line ends of one byte": (ONE.replace(b"\r\n", b"\n"), ["damaged at 0"]),
}


@pytest.mark.parametrize(("data", "expected"), FILES.values(), ids=FILES)
def test_records(data: bytes, expected: list[str]) -> None:
    assert numbers(data) == expected


def test_a_damage_carries_the_bytes_and_the_reason() -> None:
    _, damaged = read_records(io.BytesIO(ONE + b"WARC/1.0\r\nnonsense"), lambda record: record.reader.read() and None)
    assert isinstance(damaged, Damaged)
    assert damaged.data.startswith(b"WARC/1.0\r\n")
    assert damaged.detail


FLOODS = {
    "plain starts": b"WARC/1.0\n" * 20_000,
    "packed starts": packed(b"WARC/1.0\r\n") * 3 * MOST_STARTS,
    "magic alone": b"\x1f\x8b\x08" * 300_000,
}


@pytest.mark.parametrize("data", FLOODS.values(), ids=FLOODS)
def test_a_file_of_nothing_but_starts_is_given_up(data: bytes) -> None:
    assert len(numbers(data)) <= MOST_STARTS + 1


def test_an_error_of_the_disk_is_no_damage() -> None:
    def fail(record: WarcRecord) -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        list(read_records(io.BytesIO(ONE), fail))


HEADS = {
    "plain": (ONE, True),
    "packed": (packed(ONE), True),
    "one member": (gzip.compress(ONE * 50), True),
    "a packed page": (gzip.compress(PAGE), False),
    "a page": (PAGE, False),
    "a text on the format": (b"WARC is a format", False),
    "nothing": (b"", False),
    "gzip cut short": (b"\x1f\x8b\x08", False),
}


@pytest.mark.parametrize(("data", "expected"), HEADS.values(), ids=HEADS)
def test_is_warc(data: bytes, expected: bool) -> None:
    assert is_warc(data[:HEAD_BYTES]) is expected
