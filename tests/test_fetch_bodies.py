"""Bodies of answers, within their size."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from schemas.errors import BadRecord, FetchFailed, TooLarge
from transforms.fetch.bodies import join_chunks, unpack

TEXT = b"the tide turns at noon " * 40


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    "none": (TEXT, ""),
    "identity": (TEXT, "identity"),
    "gzip": (gzip.compress(TEXT), "gzip"),
    "gzip_in_capitals": (gzip.compress(TEXT), " GZIP"),
    "gzip_in_members": (gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]), "x-gzip"),
    "gzip_then_padding": (gzip.compress(TEXT) + b"\0" * 99, "gzip"),
    "deflate": (zlib.compress(TEXT), "deflate"),
    "no_coding": (TEXT, "UTF-8"),
    "gzip_and_no_coding": (gzip.compress(TEXT), "none, gzip, identity"),
    "deflate_raw": (raw_deflate(TEXT), "deflate"),
}


@pytest.mark.parametrize(("data", "coding"), PACKED.values(), ids=PACKED)
def test_a_body_is_unpacked_up_to_its_limit(data: bytes, coding: str) -> None:
    assert unpack(data, coding, len(TEXT)) == TEXT
    if data != TEXT:
        with pytest.raises(TooLarge, match=f"unpacks to more than {len(TEXT) - 1} bytes"):
            unpack(data, coding, len(TEXT) - 1)


BAD = {
    "unknown": (TEXT, "br", FetchFailed, "Content-Encoding 'br' was not asked for"),
    "twice": (TEXT, "gzip, gzip", FetchFailed, "was not asked for"),
    "not_gzip": (TEXT, "gzip", FetchFailed, "a body that is not gzip"),
    "damaged": (gzip.compress(TEXT)[:-8] + b"12345678", "gzip", FetchFailed, "a body that is not gzip"),
    "cut_short": (gzip.compress(TEXT)[:-9], "gzip", FetchFailed, "cut short"),
    "bomb": (gzip.compress(b"\0" * 10**6), "gzip", TooLarge, "more than 1000 bytes"),
    "many_members": (gzip.compress(b"") * 101, "gzip", TooLarge, "more than 100 gzip members"),
}


@pytest.mark.parametrize(("data", "coding", "error", "message"), BAD.values(), ids=BAD)
def test_a_bad_body_is_refused(data: bytes, coding: str, error: type[BadRecord], message: str) -> None:
    with pytest.raises(error, match=message):
        unpack(data, coding, 1000)


def test_an_empty_body_needs_no_unpacking() -> None:
    assert unpack(b"", "gzip", 10) == b""


def test_chunks_past_the_limit_are_not_read() -> None:
    def chunks() -> Iterator[bytes]:
        yield from (b"123", b"456", b"7")
        raise AssertionError("read past the limit")

    assert join_chunks([b"12", b"", b"345"], 5) == b"12345"
    with pytest.raises(TooLarge, match="more than 6 bytes"):
        join_chunks(chunks(), 6)
