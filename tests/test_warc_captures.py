"""Captures of a WARC file to documents: which are taken, their bytes, their time; and our own records read back."""

import gzip
import io
import zlib
from dataclasses import replace
from functools import partial

import brotli
import pytest

from schemas.records import Document
from tests.archives import PAGE, packed, warc_record
from tests.dataset import A_RUN
from tests.make import READ_AT, micros
from transforms.warc.captures import read_capture
from transforms.warc.records import Damaged, read_records
from transforms.warc.writing import describe_run, keep_document

LIMIT = 10_000
LATIN = "<p>Tide at the café</p>".encode("latin-1")


def captures(data: bytes, limit: int = LIMIT) -> list[Document | Damaged | None]:
    return list(read_records(io.BytesIO(data), partial(read_capture, archive="a.warc", now=READ_AT, limit=limit)))


def answer(status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_a_capture_is_a_document() -> None:
    (document,) = captures(warc_record(1, LATIN, answer(Content_Type="text/html; charset=latin-1")))
    assert document == Document(
        source="https://harbour.example.org/1",
        data=LATIN,
        read_at=micros("2025-03-20T10:00"),
        url="https://harbour.example.org/1",
        media_type="text/html; charset=latin-1",
    )


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


HUGE = b"x" * 200_000
BODIES: dict[str, tuple[bytes, dict[str, str], bytes]] = {
    "gzip": (gz(PAGE), {"Content_Encoding": "gzip"}, PAGE),
    "deflate": (zlib.compress(PAGE), {"Content_Encoding": "deflate"}, PAGE),
    "brotli": (brotli.compress(PAGE), {"Content_Encoding": "br"}, PAGE),
    "chunked": (b"5\r\n<html\r\n6;a=b\r\n> tide\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}, b"<html> tide"),
    "chunked and packed": (
        b"%x\r\n%s\r\n0\r\nTrailer: 1\r\n\r\n" % (len(gz(PAGE)), gz(PAGE)),
        {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"},
        PAGE,
    ),
    "chunks that break off": (b"5\r\n<html\r\nff\r\n>", {"Transfer_Encoding": "chunked"}, b"<html>"),
    "no chunks at all": (PAGE, {"Transfer_Encoding": "chunked"}, PAGE),
    "unpacked by the crawler": (PAGE, {"Content_Encoding": "gzip"}, PAGE),
    "unpacked by the crawler, brotli": (PAGE, {"Content_Encoding": "br"}, PAGE),
    "a coding that nobody knows": (PAGE, {"Content_Encoding": "sdch"}, PAGE),
}


@pytest.mark.parametrize(("body", "headers", "expected"), BODIES.values(), ids=BODIES)
def test_bodies_are_decoded(body: bytes, headers: dict[str, str], expected: bytes) -> None:
    (document,) = captures(warc_record(1, body, answer(Content_Type="text/html", **headers)))
    assert isinstance(document, Document)
    assert (document.failure, document.data) == ("", expected)


TYPES = {
    "text/html": True, "TEXT/HTML;charset=utf-8": True, "text/plain": True, "application/rss+xml": True,
    "application/xhtml+xml": True, "text/xml": True, "application/json": True, "application/feed+json": True,
    "": True, "image/png": False, "image/svg+xml": False, "video/mp4": False, "text/css": False,
    "text/xml-external": True, "application/pdf": False, "application/javascript": False, "text/htmlx": False,
}  # fmt: skip


@pytest.mark.parametrize(("media_type", "is_taken"), TYPES.items(), ids=[name or "none" for name in TYPES])
def test_only_texts_are_taken(media_type: str, is_taken: bool) -> None:
    given = {"Content_Type": media_type} if media_type else {}
    (document,) = captures(warc_record(1, PAGE, answer(**given)))
    assert (document is not None) is is_taken


SKIPPED = {
    "not found": warc_record(1, http=answer("404 Not Found", Content_Type="text/html")),
    "redirect": warc_record(1, http=answer("301 Moved", Content_Type="text/html")),
    "part": warc_record(1, http=answer("206 Partial Content", Content_Type="text/html")),
    "no HTTP": warc_record(1, http=b"ICY 200 OK\r\nContent-Type: text/html\r\n"),
    "robots.txt": warc_record(1, http=answer(Content_Type="text/plain"), WARC_Target_URI="http://a.example/robots.txt"),
    "bytes of no type": warc_record(1, bytes(range(32)), answer()),
    "an answer of the DNS": warc_record(
        1, b"20250320100000\n", b"", Content_Type="text/dns", WARC_Target_URI="dns:harbour.example.org"
    ),
    "a response of no protocol": warc_record(1, PAGE, b"", Content_Type=""),
}


@pytest.mark.parametrize("data", SKIPPED.values(), ids=SKIPPED)
def test_what_is_no_text_is_skipped(data: bytes) -> None:
    assert captures(data) == [None]


def test_a_resource_is_taken_as_it_is() -> None:
    record = warc_record(
        1, PAGE, b"", WARC_Type="resource", Content_Type="text/html", WARC_Target_URI="file:///srv/tide.html"
    )
    (document,) = captures(record)
    assert isinstance(document, Document)
    assert (document.source, document.data) == ("file:///srv/tide.html", PAGE)


ADDRESSES = {
    "in brackets": ("<https://a.example/b>", "https://a.example/b"),
    "with a password": ("https://me:word@a.example/b#c", "https://a.example/b"),
    "no URL": ("http://[a/b", "http://[a/b"),
    "of letters": ("https://a.example/cafés", "https://a.example/cafés"),
}


@pytest.mark.parametrize(("address", "source"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_source_is_the_address(address: str, source: str) -> None:
    (document,) = captures(warc_record(1, WARC_Target_URI=address))
    assert isinstance(document, Document)
    assert document.source == source


@pytest.mark.parametrize("date", ["2025-03-20T10:00:00.123456Z", "2025-03-20T11:00:00.1234567+01:00"])
def test_it_was_read_when_it_was_captured(date: str) -> None:
    (document,) = captures(warc_record(1, WARC_Date=date))
    assert isinstance(document, Document)
    assert document.read_at == micros("2025-03-20T10:00") + 123_456


def test_no_capture_is_later_than_the_run() -> None:
    (document,) = captures(warc_record(1, WARC_Date="2999-01-01T00:00:00Z"))
    assert isinstance(document, Document)
    assert document.read_at == READ_AT


HTML = {"Content_Type": "text/html"}
FAILURES: dict[str, tuple[bytes, str, str]] = {
    "too large": (warc_record(1, HUGE), "TooLarge", "a capture of over 10,000 bytes"),
    "too large unpacked": (warc_record(1, gz(HUGE), answer(Content_Encoding="gzip", **HTML)), "TooLarge", "unpacks to"),
    "too large, brotli": (
        warc_record(1, brotli.compress(HUGE), answer(Content_Encoding="br", **HTML)),
        "TooLarge",
        "unpacks to more than 10,000",
    ),
    "cut gzip": (warc_record(1, gz(PAGE)[:-9], answer(Content_Encoding="gzip", **HTML)), "Malformed", "cut short"),
    "no date": (warc_record(1, WARC_Date=""), "Malformed", "WARC-Date ''"),
    "a date of no zone": (warc_record(1, WARC_Date="2025-03-20T10:00:00"), "Malformed", "WARC-Date '2025"),
    "a date before the web": (warc_record(1, WARC_Date="0001-01-01T00:00:00Z"), "Malformed", "WARC-Date '0001"),
    "no address": (warc_record(1, WARC_Target_URI=""), "Malformed", "WARC-Target-URI ''"),
    "an address with NUL": (warc_record(1, WARC_Target_URI="http://a.example/\0"), "Malformed", "WARC-Target-URI"),
    "no JSON": (warc_record(1, Dateline_Document="{"), "Malformed", "Dateline-Document '{'"),
    "JSON of something else": (warc_record(1, Dateline_Document='{"source": 1}'), "Malformed", "Dateline-Document"),
    "no such zone": (
        warc_record(1, Dateline_Document='{"source": "a", "is_feed": true, "collection": "", "zone": "Moon/Crater"}'),
        "Malformed",
        "Moon/Crater",
    ),
}


@pytest.mark.parametrize(("data", "reason", "detail"), FAILURES.values(), ids=FAILURES)
def test_a_capture_that_cannot_be_used_says_why(data: bytes, reason: str, detail: str) -> None:
    failed, following = captures(data + warc_record(2))
    assert isinstance(failed, Document)
    assert (failed.failure, failed.source) == (reason, "a.warc")
    assert detail in failed.detail
    assert "the record at byte 0" in failed.detail
    assert isinstance(following, Document)
    assert not following.failure


def test_a_capture_cut_short_is_a_damage() -> None:
    _, damaged = captures((warc_record(1) + warc_record(2))[:-30])
    assert isinstance(damaged, Damaged)
    assert "cut short" in damaged.detail


FEED = Document(
    source="https://harbour.example.org/feed",
    data="<rss>Tide ≈ 3 m</rss>".encode(),
    read_at=READ_AT - 1,
    url="https://www.harbour.example/feed?é",
    media_type="text/xml; charset=utf-8",
    is_feed=True,
    collection='Häfen/"Süd"\n',
    zone="Europe/Paris",
)
PAGE_KEPT = Document(
    "https://harbour.example.org/1", PAGE, READ_AT, "https://www.harbour.example/1", "application/octet\x07"
)


def test_what_was_kept_is_read_back() -> None:
    archive = describe_run(A_RUN) + keep_document(FEED, "r1") + keep_document(PAGE_KEPT, "r1")
    assert captures(archive) == [FEED, replace(PAGE_KEPT, media_type="application/octet")]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert keep_document(FEED, "r1") == keep_document(FEED, "r1") != keep_document(FEED, "r2")


def test_a_record_is_a_gzip_member_of_its_own() -> None:
    assert packed(gzip.decompress(keep_document(FEED, "r1"))) != b""
    first = zlib.decompressobj(31)
    first.decompress(keep_document(FEED, "r1") + b"rest")
    assert first.unused_data == b"rest"
