"""Files to documents: matching, unpacking, slices of JSON lines."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from schemas.errors import UsageError
from schemas.records import Document
from tests.archives import packed, warc_record
from transforms.read_documents import ReadDocuments, find_inputs, match_ranges
from transforms.read_files import FileRange, ReadLimits, read_range, split_file

LIMITS = ReadLimits(document=1000, slice=200)
READ_AT = 7


def lines(count: int) -> bytes:
    return b"".join(b'{"title": "%d", "body": "%s"}\n' % (number, b"x" * (number * 37 % 90)) for number in range(count))


def read(path: Path, data: bytes | None = None, limits: ReadLimits = LIMITS) -> list[Document]:
    """The documents of a file, read range by range as a pipeline does."""
    if data is not None:
        path.write_bytes(data)
    ranges = split_file(str(path), path.stat().st_size if path.exists() else 0, limits)
    return [document for part in ranges for document in read_range(part, READ_AT, limits)]


def test_a_file_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    assert read(path, b"<rss/>") == [Document(str(path), b"<rss/>", READ_AT)]


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    members = gzip.compress(b"<rss>") + gzip.compress(b"</rss>")
    assert [document.data for document in read(tmp_path / "a.xml", members)] == [b"<rss></rss>"]
    assert [document.data for document in read(tmp_path / "a.gz", b"<rss/>")] == [b"<rss/>"]


FAILURES: dict[str, tuple[bytes, str, str]] = {
    "over the limit": (b"<rss>" + b"x" * 1000, "TooLarge", "a file of over 1,000 bytes"),
    "unpacks over the limit": (gzip.compress(os.urandom(1500), 0), "TooLarge", "a file of over 1,000 bytes"),
    "unpacks a thousandfold": (gzip.compress(b"\0" * 5_000_000), "TooLarge", "a file of over 1,000 bytes"),
    "one long line in gzip": (
        gzip.compress(b'{"a": 1}\n{"b": "' + b"x" * 5_000_000),
        "TooLarge",
        "over 200 times its size",
    ),
    "cut off": (gzip.compress(os.urandom(500))[:-20], "UnreadableFile", "EOFError"),
    "corrupt": (gzip.compress(b"abc" * 100)[:20] + b"\xff" * 30, "UnreadableFile", "CRC"),
    "wrong checksum": (gzip.compress(b"abc" * 100)[:-8] + b"\0" * 8, "UnreadableFile", "CRC"),
    "junk after it": (gzip.compress(b"abc") + b"junk", "UnreadableFile", "gzip"),
}


@pytest.mark.parametrize(("data", "reason", "detail"), FAILURES.values(), ids=FAILURES)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, data: bytes, reason: str, detail: str) -> None:
    failed = read(tmp_path / "a", data)[-1]
    assert (failed.failure, failed.source) == (reason, str(tmp_path / "a"))
    assert detail in failed.detail


def test_at_the_limit_a_file_is_read(tmp_path: Path) -> None:
    (document,) = read(tmp_path / "a", b"x" * 1000)
    assert (document.failure, len(document.data)) == ("", 1000)


def test_a_vanished_file_says_so(tmp_path: Path) -> None:
    (failed,) = read(tmp_path / "gone")
    assert failed.failure == "UnreadableFile"
    assert "gone" in failed.detail


def test_a_folder_that_became_of_a_file_says_so(tmp_path: Path) -> None:
    (failed,) = read_range(FileRange(os.fsencode(tmp_path)), READ_AT, LIMITS)
    assert failed.failure == "UnreadableFile"


PACKINGS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress}


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
@pytest.mark.parametrize("size", [*range(60, 130, 7), 200, 399, 5000])
def test_every_line_is_in_one_slice(tmp_path: Path, pack: Callable[[bytes], bytes], size: int) -> None:
    data = lines(40)
    documents = read(tmp_path / "a", pack(data), ReadLimits(document=1000, slice=size))
    assert b"".join(document.data for document in documents) == data
    assert all(document.is_lines and document.data.endswith(b"\n") for document in documents)
    assert len(documents) > 1 or size == 5000


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_the_last_line_needs_no_end(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = lines(40)[:-1]
    assert b"".join(document.data for document in read(tmp_path / "a", pack(data))) == data


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
@pytest.mark.parametrize("length", [990, 1001, 1200, 5000])
def test_a_line_over_the_limit_is_left_out_alone(tmp_path: Path, pack: Callable[[bytes], bytes], length: int) -> None:
    noise = os.urandom(length).hex().encode()[: length - 1] + b"\n"
    documents = read(tmp_path / "a", pack(lines(10) + noise + lines(10)))
    kept = b"".join(document.data for document in documents if not document.failure)
    failed = [document for document in documents if document.failure]
    assert kept == lines(10) + (noise if length <= 1000 else b"") + lines(10)
    assert [(document.failure, document.detail) for document in failed] == (
        [("TooLarge", "a line of over 1,000 bytes")] if length > 1000 else []
    )


def test_lines_of_corrupt_gzip_are_kept_up_to_there(tmp_path: Path) -> None:
    documents = read(tmp_path / "a", gzip.compress(lines(40), 0)[:-500])
    assert documents[0].data.startswith(b'{"title": "0"')
    assert [document.failure for document in documents[-2:]] == ["", "UnreadableFile"]


WHOLE = {
    "object over lines": b'{\n "title": "a"\n}' + b" " * 300,
    "array": b'[{"title": "a"},\n{"title": "b"}]' + b" " * 300,
    "one line": b'{"title": "a"}' + b" " * 300,
    "text": b"A title\n" + b"x" * 300,
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_other_files_are_not_split(tmp_path: Path, data: bytes) -> None:
    (document,) = read(tmp_path / "a", data)
    assert (document.data, document.is_lines) == (data, False)


def test_large_lines_are_ranges_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(lines(40))
    ranges = split_file(str(path), path.stat().st_size, LIMITS)
    assert len(ranges) == -(-path.stat().st_size // LIMITS.slice)
    assert all(len(list(read_range(part, READ_AT, LIMITS))) == 1 for part in ranges)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_bytes(b"<rss/>")
    (tmp_path / "b.xml").write_bytes(b"<feed/>")
    (tmp_path / "c[1].txt").write_bytes(b"Text")
    (tmp_path / "folder.xml").mkdir()
    (tmp_path / "link.xml").symlink_to(tmp_path / "a.xml")
    (tmp_path / "dead.xml").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.xml")
    return tmp_path


MATCHES = {
    "glob": (["*.xml"], ["a.xml", "b.xml", "link.xml"]),
    "a file": (["a.xml"], ["a.xml"]),
    "brackets in a name": (["c[1].txt"], ["c[1].txt"]),
    "brackets as a pattern": (["[ab].xml"], ["a.xml", "b.xml"]),
    "twice": (["*.xml", "a.*", "b.xml"], ["a.xml", "b.xml", "link.xml"]),
}


@pytest.mark.parametrize(("patterns", "names"), MATCHES.values(), ids=MATCHES)
def test_matching(folder: Path, patterns: list[str], names: list[str]) -> None:
    full = [str(folder / pattern) for pattern in patterns]
    assert [Path(file.path).name for file in find_inputs(full)] == names
    assert [Path(os.fsdecode(part.name)).name for part in match_ranges(full, LIMITS)] == names


NO_MATCHES = {
    "no such file": ("gone.xml", "gone.xml: matches no file"),
    "glob of nothing": ("*.json", r"\*.json: matches no file"),
    "a folder": ("folder.xml", "a folder is read by FOLDER/"),
    "a pipe": ("pipe.xml", "matches no file"),
}


@pytest.mark.parametrize(("pattern", "message"), NO_MATCHES.values(), ids=NO_MATCHES)
def test_inputs_that_match_nothing_are_errors(folder: Path, pattern: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_inputs([str(folder / "a.xml"), str(folder / pattern)])


def test_a_worker_that_does_not_see_the_files_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert len(list(match_ranges(["*.xml"], LIMITS))) == len(find_inputs(["*.xml"]))
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    with pytest.raises(UsageError, match=r"\*\.xml: matches no file from .*/elsewhere, where"):
        list(match_ranges(["*.xml"], LIMITS))


def test_a_filesystem_that_is_none_is_an_error() -> None:
    with pytest.raises(UsageError, match="carrier-pigeon://a/b"):
        find_inputs(["carrier-pigeon://a/b"])


def test_a_name_that_is_not_text_is_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.xml"
    with open(path, "wb") as file:
        file.write(b"<rss/>")
    (part,) = match_ranges([str(tmp_path / "*.xml")], LIMITS)
    (document,) = read_range(part, READ_AT, LIMITS)
    assert (document.source, document.data) == (f"{tmp_path}/caf\ufffd.xml", b"<rss/>")


def test_pipeline(folder: Path) -> None:
    (folder / "lines").write_bytes(lines(40))
    expected = [
        (str(folder / "a.xml"), b"<rss/>", False),
        (str(folder / "b.xml"), b"<feed/>", False),
        (str(folder / "link.xml"), b"<rss/>", False),
        *((document.source, document.data, True) for document in read(folder / "lines")),
    ]
    patterns = [str(folder / "*.xml"), str(folder / "lines")]
    with beam.Pipeline() as pipeline:
        documents = pipeline | ReadDocuments(patterns, READ_AT, LIMITS)
        assert documents.element_type is Document
        found = documents | beam.Map(lambda document: (document.source, document.data, document.is_lines))
        assert_that(found, equal_to(expected))


def test_no_patterns_are_no_documents() -> None:
    with beam.Pipeline() as pipeline:
        assert_that(pipeline | ReadDocuments([], READ_AT), equal_to([]))


def test_a_web_archive_is_known_by_its_bytes(tmp_path: Path) -> None:
    """Plain, or gzipped record by record or as a whole; what is damaged is one failure."""
    one, two = warc_record(1), warc_record(2)
    for data in (one + two, packed(one, two), gzip.compress(one + two)):
        assert [document.url for document in read(tmp_path / "a.txt", data)] == [
            "https://harbour.example.org/1",
            "https://harbour.example.org/2",
        ]
    first, damaged, last = read(tmp_path / "a", packed(one) + b"junk" + packed(two))
    assert (first.failure, damaged.failure, last.failure) == ("", "DamagedRecord", "")
    assert (damaged.source, damaged.read_at) == (str(tmp_path / "a"), READ_AT)
    assert damaged.detail.startswith("at byte 0 or after it: ")
    assert damaged.data.startswith(packed(one))
