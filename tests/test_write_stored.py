import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import DatasetError
from schemas.tables import ARTICLES, SCHEMA_VERSION
from tests.dataset import A_RUN, articles
from transforms.write.parquet import encode
from transforms.write.stored import check_files, list_files, open_stored, read_stored

GOOD = bytes(encode(ARTICLES, articles(range(20)), A_RUN))


def with_version(version: str | None) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(articles([1]).replace_schema_metadata({"schema_version": version} if version else {}), sink)
    return bytes(sink.getvalue())


BAD = {
    "empty": b"",
    "text": b"not parquet at all",
    "truncated": GOOD[: len(GOOD) // 2],
    "last byte gone": GOOD[:-1],
    "footer overwritten": GOOD[:-200] + b"\xff" * 190 + GOOD[-10:],
    "newer schema": with_version(str(SCHEMA_VERSION + 1)),
    "schema that is no number": with_version("one"),
    "not ours": with_version(None),
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    folder = tmp_path / "articles" / "date=2025-03-22"
    folder.mkdir(parents=True)
    return str(folder / "part-r1-0-0.parquet")


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
@pytest.mark.parametrize("read", [open_stored, read_stored])
def test_a_file_that_cannot_be_used_is_named(path: str, content: bytes, read: Callable[[str], object]) -> None:
    Path(path).write_bytes(content)
    with pytest.raises(DatasetError, match=re.escape(path)):
        read(path)


def test_a_damaged_page_is_named(path: str) -> None:
    at = GOOD.index(b"text 7 text 7") if b"text 7 text 7" in GOOD else GOOD.index(b"0000000000000007")
    Path(path).write_bytes(GOOD[:at] + b"X" + GOOD[at + 1 :])
    open_stored(path).close()
    with pytest.raises(DatasetError, match=re.escape(path)):
        read_stored(path)


def test_a_file_that_is_gone_is_named(path: str) -> None:
    with pytest.raises(DatasetError, match=re.escape(path)):
        open_stored(path)


def test_reads_rows_and_columns(path: str) -> None:
    Path(path).write_bytes(GOOD)
    assert read_stored(path).num_rows == 20
    assert read_stored(path, ["version"]).column_names == ["version"]


def test_lists_committed_files_alone(tmp_path: Path, path: str) -> None:
    folder = Path(path).parent
    for name in ("b.parquet", "a.parquet", "c.parquet.staged", "d.parquet-unfinished", "note.txt"):
        (folder / name).touch()
    (tmp_path / "articles_of_mine").mkdir()
    (tmp_path / "articles_of_mine" / "x.parquet").touch()
    assert list_files(str(tmp_path), "articles") == [str(folder / "a.parquet"), str(folder / "b.parquet")]
    assert list_files(str(tmp_path), "sightings") == []


@pytest.mark.parametrize("bad", [b"", b"PA", GOOD[:100], GOOD[1:], b"no Parquet at all"])
def test_checking_ends_names_the_one_bad_file(tmp_path: Path, path: str, bad: bytes) -> None:
    Path(path).write_bytes(GOOD)
    check_files(str(tmp_path), ["articles"])
    Path(f"{path[:-8]}x.parquet").write_bytes(bad)
    with pytest.raises(DatasetError, match=r"part-r1-0-0x\.parquet"):
        check_files(str(tmp_path), ["articles"])
