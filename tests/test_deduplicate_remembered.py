"""Keys and versions of several files, looked up at once, against a search through all their rows."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.keys import EXACT, VERSIONS
from schemas.tables import Table
from tests.dataset import A_RUN
from tests.object_store import OBJECTS
from transforms.deduplicate.stored.remembered import (
    EXACT_ROWS,
    VERSION_ROWS,
    KeyFiles,
    Remembered,
    build_remembered,
    list_key_files,
    remember,
    to_table,
)
from transforms.write.files import make_folder, write_whole
from transforms.write.parquet import encode
from transforms.write.sorted_rows import map_rows

Rows = NDArray[Any]
CHANCE = np.random.default_rng(5)
WANTED = np.arange(0, 60, dtype=np.uint64)


def random_rows(dtype: np.dtype[Any], count: int) -> Rows:
    """Rows whose first column has 40 values, and the others few, so that many are alike."""
    rows = np.zeros(count, dtype)
    names = dtype.names or ()
    rows[names[0]] = CHANCE.integers(1, 41, count)
    for name in names[1:]:
        rows[name] = CHANCE.integers(0, 2 if dtype[name] == np.bool_ else 5, count)
    return rows


def write(output: str, table: Table, number: int, rows: Rows) -> str:
    path = f"{output}/{table.name}/part-{number}.parquet"
    make_folder(path.rpartition("/")[0])
    write_whole(path, encode(table, to_table(rows, table), A_RUN))
    return path


EXACT_FILES = [random_rows(EXACT_ROWS, count) for count in (50, 1, 200, 30)]
VERSION_FILES = [random_rows(VERSION_ROWS, count) for count in (40, 25)]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset of key files."""
    folder = str(tmp_path_factory.mktemp("keys"))
    for table, files in ((EXACT, EXACT_FILES), (VERSIONS, VERSION_FILES)):
        for number, rows in enumerate(files):
            write(folder, table, number, rows)
    return folder


@pytest.fixture(params=["files", "memory"])
def remembered(request: pytest.FixtureRequest, output: str) -> Remembered:
    """The same rows, from files and as arrays."""
    if request.param == "files":
        return remember(list_key_files(output))
    return build_remembered(np.concatenate(EXACT_FILES), np.concatenate(VERSION_FILES))


def exact_of(key: int) -> list[tuple[int, bool, int]]:
    """Day, ownership and article of all rows of a key, in the order in which later ones count more."""
    rows = np.concatenate(EXACT_FILES)
    rows = rows[rows["key"] == key]
    return sorted(zip(rows["day"].tolist(), (~rows["alias"]).tolist(), rows["article"].tolist(), strict=True))


def told(row: Any) -> tuple[int, bool, int]:
    return int(row["day"]), not row["alias"], int(row["article"])


def test_the_latest_row_of_a_key_is_found(remembered: Remembered) -> None:
    for key, row in zip(WANTED.tolist(), remembered.find(WANTED), strict=True):
        assert row["key"] == (key if exact_of(key) else 0)
        assert not exact_of(key) or told(row) == exact_of(key)[-1]
    assert remembered.has(WANTED).tolist() == [bool(exact_of(key)) for key in WANTED.tolist()]


@pytest.mark.parametrize("day", range(-1, 6))
def test_the_row_nearest_to_a_day_is_found_the_later_of_two(remembered: Remembered, day: int) -> None:
    found = remembered.find_nearest(WANTED, np.full(len(WANTED), day, np.int32))
    for key, row in zip(WANTED.tolist(), found, strict=True):
        rows = exact_of(key)
        assert not rows or told(row) == min(reversed(rows), key=lambda row: abs(row[0] - day))


def test_keys_may_be_asked_for_in_any_order_and_twice(remembered: Remembered) -> None:
    shuffled = np.concatenate([WANTED, CHANCE.permutation(WANTED)])
    assert remembered.find(shuffled)[np.argsort(shuffled, kind="stable")].tolist() == (
        np.repeat(remembered.find(WANTED), 2).tolist()
    )
    assert len(remembered.find(WANTED[:0])) == 0


def test_versions_are_in_order_of_time(remembered: Remembered) -> None:
    rows = np.concatenate(VERSION_FILES)
    for article, found in zip(WANTED.tolist(), remembered.versions_of(WANTED), strict=True):
        of_it = rows[rows["article"] == article]
        assert sorted(found.tolist()) == sorted(of_it.tolist())
        assert np.all(np.diff(found["ingested_at"]) >= 0)
        if len(of_it):
            assert remembered.current(np.array([article], np.uint64))[0] == found[-1]
    counts = [np.count_nonzero(rows["article"] == article) for article in WANTED.tolist()]
    assert remembered.count_versions(WANTED).tolist() == counts


def test_nothing_is_remembered_of_an_empty_dataset(tmp_path: Path) -> None:
    nothing = remember(list_key_files(str(tmp_path)))
    assert not nothing.has(WANTED).any()
    assert not nothing.current(WANTED)["article"].any()
    assert not any(map(len, nothing.versions_of(WANTED)))


def test_the_processes_of_a_run_read_the_files_once(tmp_path: Path) -> None:
    paths = [write(str(tmp_path), EXACT, number, rows) for number, rows in enumerate(EXACT_FILES)]
    staging = tmp_path / "staging"
    staging.mkdir()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: map_rows(paths, EXACT_ROWS, str(staging)), range(4)))
    assert len(list(staging.iterdir())) == 1
    for path in paths:
        os.remove(path)
    found.append(map_rows(paths, EXACT_ROWS, str(staging)))
    assert all(rows.all().tolist() == found[0].all().tolist() for rows in found)
    assert sorted(found[0].all().tolist()) == sorted(np.concatenate(EXACT_FILES).tolist())


def test_a_file_that_is_mapped_is_not_read_again(tmp_path: Path) -> None:
    first, second = (write(str(tmp_path), EXACT, number, EXACT_FILES[number]) for number in (0, 2))
    held = map_rows([first], EXACT_ROWS)
    os.remove(first)
    both = map_rows([first, second], EXACT_ROWS)
    assert sorted(both.all().tolist()) == sorted(np.concatenate([EXACT_FILES[0], EXACT_FILES[2]]).tolist())
    del held, both
    with pytest.raises(DatasetError, match=first):
        map_rows([first], EXACT_ROWS)


def test_without_a_folder_to_share_nothing_is_left_behind(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert map_rows(list_key_files(output).exact, EXACT_ROWS).find(WANTED)[1].size
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def remote() -> Iterator[str]:
    yield "objects://bucket/out"
    OBJECTS.clear()


def test_a_remote_dataset_is_read_by_each_process(remote: str) -> None:
    write(remote, EXACT, 0, EXACT_FILES[0])
    files = list_key_files(remote, f"{remote}/_staging/r1")
    assert remember(files).has(EXACT_FILES[0]["key"]).all()
    assert list(OBJECTS) == [files.exact[0]]


def test_files_that_were_joined_meanwhile_are_found(tmp_path: Path) -> None:
    old = write(str(tmp_path), EXACT, 0, EXACT_FILES[0])
    listed = list_key_files(str(tmp_path))
    os.remove(old)
    write(str(tmp_path), EXACT, 1, np.concatenate(EXACT_FILES[:2]))
    assert remember(listed).has(EXACT_FILES[0]["key"]).all()


def cut(path: str) -> None:
    Path(path).write_bytes(Path(path).read_bytes()[:-30])


def shuffle(path: str) -> None:
    unsorted = Table(EXACT.name, EXACT.schema, sort=("article",), dated=False)
    Path(path).write_bytes(encode(unsorted, to_table(EXACT_FILES[0], EXACT), A_RUN))


@pytest.mark.parametrize("damage", [cut, shuffle])
def test_a_file_that_cannot_be_looked_up_in_is_named(tmp_path: Path, damage: Any) -> None:
    path = write(str(tmp_path), EXACT, 0, EXACT_FILES[0])
    damage(path)
    with pytest.raises(DatasetError, match=path):
        remember(KeyFiles(str(tmp_path), (path,), (), ()))


@pytest.mark.parametrize(("day", "nearest"), [(-5, 0), (1, 0), (21, 40), (50, 40)])
def test_of_the_rows_of_a_text_the_one_filed_nearest_is_found(day: int, nearest: int) -> None:
    exact = np.array([(5, 7, 40, False), (5, 8, 0, False), (6, 9, day, False)], EXACT_ROWS)
    remembered = build_remembered(exact, np.zeros(0, VERSION_ROWS))
    found = remembered.find_nearest(np.array([5], np.uint64), np.array([day], np.int32))
    assert found["day"].tolist() == [nearest]
