"""Chunks: where files are cut, what is planned of them, and that cutting changes nothing of what is read."""

import argparse
import gzip
import io
import os
import random
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.declare_options import add_ingest_options
from pipelines.options import read_options
from pipelines.progress import Behind, describe
from schemas.records import Document
from tests.archives import HTML, packed, warc_record
from transforms.chunks.chunk import LEAST_BYTES, Piece, chunk_size, describe_chunk, join_parts
from transforms.chunks.cut import cut_file, weigh_file
from transforms.chunks.unpack_lines import LineUnpacker
from transforms.group_by_size import group_by_size
from transforms.progress import note
from transforms.read_files import FileRange, ReadLimits, read_range

READ_AT = 2_000_000_000_000_000
LIMITS = ReadLimits(document=6_000, slice=4_000)


def piece(name: bytes, size: int) -> Piece:
    return Piece(FileRange(name), size)


def test_a_chunk_says_what_it_reads() -> None:
    chunk = [
        Piece(FileRange(b"a", 400, 500), 100),
        piece(b"b", 50),
        Piece(FileRange(b"c", 7, -1, skip=2, records=3), 9),
    ]
    assert describe_chunk(chunk) == {
        "files": 3,
        "bytes": 159,
        "from": {"path": "a", "byte": 400},
        "to": {"path": "c", "byte": 7, "record": 5},
    }
    assert describe_chunk(chunk[:1])["to"] == {"path": "a", "byte": 500}
    assert describe_chunk(chunk[1:2])["to"] == {"path": "b"}


def test_small_entries_and_packed_files_count_for_more_than_their_bytes(tmp_path: Path) -> None:
    assert (weigh_file("a.xml", 10), weigh_file("a.gz", 10_000)) == (LEAST_BYTES, 50_000)
    path = tmp_path / "a"
    path.write_bytes(b'{"title": "A"}\n' * 1_000)
    for data in (path.read_bytes(), gzip.compress(path.read_bytes(), 0)):
        path.write_bytes(data)
        assert 900_000 < chunk_size(cut_file(str(path), len(data), LIMITS)) <= 1_000_000


def lines(count: int, seed: int = 1) -> bytes:
    """JSON lines of up to 400 bytes, some of them no JSON, one over the limit."""
    chooser = random.Random(seed)
    made = [
        b'{"title": "%d %s"}\n' % (n, chooser.randbytes(chooser.randint(0, 190)).hex().encode()) for n in range(count)
    ]
    made[count // 3] = b"{no json\n"
    made[count // 2] = b'{"title": "%s"}\n' % (b"long" * 5_000)
    return b"".join(made)


RECORDS = [
    warc_record(n, random.Random(n).randbytes(600).hex().encode(), HTML if n % 3 else b"HTTP/1.1 404 Gone\r\n")
    for n in range(40)
]
REQUESTS = [warc_record(n, WARC_Type="request") for n in range(40)]
PAIRS = [record for pair in zip(REQUESTS, RECORDS, strict=True) for record in pair]
MEMBERS = [packed(record) for record in PAIRS]

DAMAGED = MEMBERS[31][:200] + bytes(4) + MEMBERS[31][204:]


def grouped(size: int) -> bytes:
    """A gzip member for so many records at a time."""
    return b"".join(gzip.compress(b"".join(PAIRS[at : at + size]), mtime=0) for at in range(0, len(PAIRS), size))


FILES: dict[str, bytes] = {
    "lines": lines(100),
    "lines, the last one without an end": lines(100)[:-1],
    "packed lines": gzip.compress(lines(100)),
    "packed lines in members": gzip.compress(lines(60)) + gzip.compress(lines(60, 2)),
    "packed lines, cut": gzip.compress(lines(200), 0)[:-9_000],
    "packed lines, corrupt": gzip.compress(lines(100), 0)[:-8] + bytes(8),
    "archive": b"".join(PAIRS),
    "archive, cut": b"".join(PAIRS)[:-300],
    "packed archive": b"".join(MEMBERS),
    "packed archive, cut": b"".join(MEMBERS)[:-300],
    "packed archive with junk": b"".join([*MEMBERS[:30], b"junk" * 9, *MEMBERS[30:]]),
    "packed archive with a damaged member": b"".join([*MEMBERS[:31], DAMAGED, *MEMBERS[32:]]),
    "archive packed as a whole": gzip.compress(b"".join(PAIRS)),
    "archive packed as a whole, cut": gzip.compress(b"".join(PAIRS))[:-3_000],
    "archive packed two at a time": grouped(2),
    "archive packed seven at a time": grouped(7),
    "archive packed three at a time, cut": grouped(3)[:-500],
}  # fmt: skip
WHOLE: dict[str, bytes] = {
    "a text": b"A title\n\n" + b"A long text. " * 1_000,
    "an array": b'[{"title": "a"},\n' + b'{"title": "b"},\n' * 1_000 + b'{"title": "c"}]',
    "a packed text": gzip.compress(random.Random(1).randbytes(9_000).hex().encode()),
    "broken gzip": b"\x1f\x8b" + bytes(9_000),
}


def read_all(parts: list[FileRange], limits: ReadLimits = LIMITS) -> list[Document]:
    return [document for part in parts for document in read_range(part, READ_AT, limits)]


def told(documents: list[Document]) -> list[tuple[str, ...]]:
    """What is read, however lines are spread over documents."""
    found: list[tuple[str, ...]] = []
    for document in documents:
        rows = document.data.splitlines(keepends=True) if document.is_lines else [document.data[:1_000]]
        found += [(document.source, row.decode("latin-1"), document.url, document.failure) for row in rows]
    return found


@pytest.mark.parametrize("chunk_bytes", [1, 9_000, 30_000])
@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_in_chunks_a_file_reads_as_in_one_go(tmp_path: Path, data: bytes, chunk_bytes: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    whole = told(read_all([FileRange(os.fsencode(path))]))
    chunks = group_by_size(cut_file(str(path), len(data), LIMITS), chunk_bytes)
    assert len(chunks) > 1
    assert told([document for chunk in chunks for document in read_all(join_parts(chunk))]) == whole
    copies = []
    with closing(LineUnpacker(LIMITS)) as unpacker:
        for number, chunk in enumerate(chunks):
            (tmp_path / f"{number}").mkdir()
            copies += read_all(unpacker.copy(join_parts(chunk), str(tmp_path / f"{number}")))
    assert told(copies) == whole


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_a_document_is_not_cut(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert [piece.part for piece in cut_file(str(path), len(data), LIMITS)] == [FileRange(os.fsencode(path))]


def test_where_records_can_be_found_each_range_is_read_by_itself(tmp_path: Path) -> None:
    """Of an archive that was gzipped as a whole the ranges of a chunk are read in one go."""
    counts: dict[str, int] = {}
    for name in ("archive", "packed archive", "archive packed as a whole"):
        path = tmp_path / name
        path.write_bytes(FILES[name])
        counts[name] = len(join_parts(cut_file(str(path), len(FILES[name]), LIMITS)))
    assert counts["archive"] == counts["packed archive"] > 5
    assert counts["archive packed as a whole"] == 1


def test_packed_lines_are_unpacked_once_for_all_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(FILES["packed lines"])
    pieces = cut_file(str(path), len(FILES["packed lines"]), LIMITS)
    opened: list[str] = []

    def count(name: str) -> io.BufferedReader:
        opened.append(name)
        return open(name, "rb")

    monkeypatch.setattr("transforms.chunks.unpack_lines.open_plainly", count)
    with closing(LineUnpacker(LIMITS)) as unpacker:
        for each in pieces:
            (copied,) = unpacker.copy([each.part], str(tmp_path))
            assert copied.copy
        assert opened == [str(path)]
        unpacker.copy([pieces[1].part], str(tmp_path))  # a chunk once more
    assert len(opened) == 2


SIZES = {"0": 0, "1000": 1_000, "64MB": 64_000_000, "2K": 2_000, "1 G": 1_000_000_000, "7kB": 7_000, "5B": 5}


@pytest.mark.parametrize(("text", "expected"), SIZES.items())
def test_sizes(text: str, expected: int) -> None:
    assert chunk_bytes_of(text) == expected


@pytest.mark.parametrize("text", ["", "1.5MB", "64 mega", "MB", "9" * 20])
def test_what_is_no_size_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        chunk_bytes_of(text)
    assert "is not a size such as 64MB" in capsys.readouterr().err


def chunk_bytes_of(text: str) -> int:
    parser = argparse.ArgumentParser()
    add_ingest_options(parser)
    given = parser.parse_args(["--input", "x", "--output", "y", "--chunk_bytes", text])
    return read_options(given, []).chunk_bytes


def test_progress_is_that_of_all_chunks(tmp_path: Path) -> None:
    note(str(tmp_path), documents=1, entries=10, bytes=2_000_000)
    behind = Behind(3, 40, {"documents": 20, "reads": 5_000}, 10_000_000, 0.0)
    expected = "    6 s  chunk 3 of 40: 21 documents, 5,010 entries read at 2.0 MB/s, 0 files staged"
    assert describe(str(tmp_path), 6, behind) == expected
