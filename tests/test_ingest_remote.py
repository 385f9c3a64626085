"""The commands on a filesystem without folders and locks: they leave there what they leave on a local disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.command import main
from tests.object_store import OBJECTS
from tests.small_dataset import RUNS, make_dataset, make_inputs, tables

OUTPUT = "objects://bucket/out"


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    yield
    OBJECTS.clear()


def ingest(inputs: Path, run_id: str) -> None:
    clock = f"2025-03-22T12:0{run_id[-1]}:00Z"
    given = ["--input", f"{inputs}/*", "--as_of", clock, "--run_id", run_id, "--compact", "never"]
    assert main(["ingest", "--output", OUTPUT, *given]) == 0


def downloaded(folder: Path) -> Path:
    """The dataset as files on this machine."""
    for path, (data, _) in OBJECTS.items():
        file = folder / path.removeprefix(f"{OUTPUT}/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def test_runs_a_compaction_and_a_repair(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    local, inputs = tables(make_dataset(base)), make_inputs(base)
    for number in RUNS:
        ingest(inputs / number, f"r{number}")
    assert tables(downloaded(tmp_path / "runs")) == local
    assert main(["compact", OUTPUT]) == main(["check", OUTPUT]) == 0
    (lost, *_) = [path for path in OBJECTS if "/_keys/exact/" in path]
    del OBJECTS[lost]
    assert main(["check", OUTPUT]) == 1
    assert main(["check", OUTPUT, "--repair"]) == 0
    ingest(inputs / "3", "r4")
    assert main(["check", OUTPUT]) == 0
    assert tables(downloaded(tmp_path / "after")) == local
    assert not any("/_staging/" in path for path in OBJECTS)
