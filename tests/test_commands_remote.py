"""The commands on a filesystem without folders, locks or fsync: they leave there what they leave on a local disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.check import check_dataset, repair_dataset
from pipelines.command import main
from pipelines.compact import compact_dataset
from schemas.errors import DatasetError
from tests.make import READ_AT
from tests.object_store import OBJECTS
from tests.small_dataset import RUNS, make_dataset, make_inputs, run_ingest, tables
from transforms.check.refuse_damage import refuse_lost_keys
from transforms.compact import EVERYTHING
from transforms.write.stored import list_files, read_stored

OUTPUT = "objects://bucket/out"


@pytest.fixture(autouse=True)
def _emptied() -> Iterator[None]:
    yield
    OBJECTS.clear()


@pytest.fixture
def stored(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The small dataset, in the store."""
    made = make_dataset(tmp_path_factory.getbasetemp())
    for path in made.rglob("*"):
        if path.is_file():
            OBJECTS[f"{OUTPUT}/{path.relative_to(made)}"] = (path.read_bytes(), path.stat().st_mtime)


def downloaded(folder: Path) -> Path:
    """The dataset as files on this machine."""
    for path, (data, _) in OBJECTS.items():
        file = folder / path.removeprefix(f"{OUTPUT}/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


@pytest.mark.slow
def test_runs_a_compaction_and_a_repair(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    local, inputs = tables(make_dataset(base)), make_inputs(base)
    for number in RUNS:
        run_ingest(OUTPUT, inputs / number / "*", f"r{number}")
    assert tables(downloaded(tmp_path / "runs")) == local
    assert main(["compact", OUTPUT]) == main(["check", OUTPUT]) == 0
    (lost, *_) = [path for path in OBJECTS if "/_keys/exact/" in path]
    del OBJECTS[lost]
    assert main(["check", OUTPUT]) == 1
    assert main(["check", OUTPUT, "--repair"]) == 0
    run_ingest(OUTPUT, inputs / "3" / "*", "r4")
    assert main(["check", OUTPUT]) == 0
    assert tables(downloaded(tmp_path / "after")) == local
    assert not any("/_staging/" in path for path in OBJECTS)


def articles() -> list[str]:
    return sorted(repr(row) for path in list_files(OUTPUT, "articles") for row in read_stored(path).to_pylist())


def damage() -> list[str]:
    return [problem.where for problem in check_dataset(OUTPUT).damage]


@pytest.mark.usefixtures("stored")
def test_files_are_joined() -> None:
    before = articles()
    folders = {path.rpartition("/")[0] for path in list_files(OUTPUT, "articles")}
    assert len(list_files(OUTPUT, "articles")) > len(folders)
    assert compact_dataset(OUTPUT, EVERYTHING, READ_AT)
    assert articles() == before
    assert len(list_files(OUTPUT, "articles")) == len(folders)
    assert damage() == []


@pytest.mark.usefixtures("stored")
def test_articles_are_tagged_again() -> None:
    before, names = articles(), list_files(OUTPUT, "articles")
    assert main(["retag", OUTPUT, "--again"]) == 0
    assert articles() == before
    assert not set(list_files(OUTPUT, "articles")).intersection(names)
    assert damage() == []


@pytest.mark.usefixtures("stored")
def test_a_damaged_file_is_found_and_moved_aside() -> None:
    path = list_files(OUTPUT, "articles")[0]
    OBJECTS[path] = (OBJECTS[path][0][:-9], OBJECTS[path][1])
    assert path.removeprefix(f"{OUTPUT}/") in damage()
    repair_dataset(OUTPUT, READ_AT)
    assert damage() == []
    assert path not in OBJECTS
    name = path.rpartition("/")[2]
    assert [kept for kept in OBJECTS if kept.startswith(f"{OUTPUT}/_quarantine/") and kept.endswith(name)]


@pytest.mark.usefixtures("stored")
def test_key_files_that_are_gone_are_missed() -> None:
    refuse_lost_keys(OUTPUT)
    del OBJECTS[list_files(OUTPUT, "_keys/exact")[0]]
    with pytest.raises(DatasetError, match="_keys: 1 file missing"):
        refuse_lost_keys(OUTPUT)
