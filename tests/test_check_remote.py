"""Checks, repairs and compactions on a filesystem without folders, locks or fsync."""

from collections.abc import Iterator

import pytest

from pipelines.check import check_dataset, repair_dataset
from pipelines.compact import compact_dataset
from schemas.errors import DatasetError
from tests.make import READ_AT
from tests.object_store import OBJECTS
from tests.small_dataset import make_dataset
from transforms.check.start import refuse_lost_keys
from transforms.compact import EVERYTHING
from transforms.write.stored import list_files, read_stored

OUTPUT = "objects://bucket/out"


@pytest.fixture(autouse=True)
def _store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    made = make_dataset(tmp_path_factory.getbasetemp())
    for path in made.rglob("*"):
        if path.is_file():
            OBJECTS[f"{OUTPUT}/{path.relative_to(made)}"] = (path.read_bytes(), path.stat().st_mtime)
    yield
    OBJECTS.clear()


def articles() -> list[str]:
    return sorted(repr(row) for path in list_files(OUTPUT, "articles") for row in read_stored(path).to_pylist())


def damage() -> list[str]:
    return [problem.where for problem in check_dataset(OUTPUT).damage]


def test_files_are_joined() -> None:
    before = articles()
    folders = {path.rpartition("/")[0] for path in list_files(OUTPUT, "articles")}
    assert len(list_files(OUTPUT, "articles")) > len(folders)
    assert compact_dataset(OUTPUT, EVERYTHING, READ_AT)
    assert articles() == before
    assert len(list_files(OUTPUT, "articles")) == len(folders)
    assert damage() == []


def test_a_damaged_file_is_found_and_moved_aside() -> None:
    path = list_files(OUTPUT, "articles")[0]
    OBJECTS[path] = (OBJECTS[path][0][:-9], OBJECTS[path][1])
    assert path.removeprefix(f"{OUTPUT}/") in damage()
    repair_dataset(OUTPUT, READ_AT)
    assert damage() == []
    assert path not in OBJECTS
    name = path.rpartition("/")[2]
    assert [kept for kept in OBJECTS if kept.startswith(f"{OUTPUT}/_quarantine/") and kept.endswith(name)]


def test_key_files_that_are_gone_are_missed() -> None:
    refuse_lost_keys(OUTPUT)
    del OBJECTS[list_files(OUTPUT, "_keys/exact")[0]]
    with pytest.raises(DatasetError, match="_keys: 1 files are missing"):
        refuse_lost_keys(OUTPUT)
