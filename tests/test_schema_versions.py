"""Datasets of an older schema are ingested into, checked, repaired and compacted; nothing is stored twice."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.command import main
from schemas.tables import ARTICLES, SCHEMA_VERSION
from tests.small_dataset import ingest, make_dataset, make_inputs, tables
from transforms.write.stored import open_stored, read_stored

# What version 1 did not have.
SINCE = {
    "articles": ["from_page", "keys", "fingerprint"],
    "sightings": ["keys"],
    "rejects": ["context"],
    "_keys/signatures": ["fingerprint", "outlet", "words", "openings"],
}


def as_version_1(output: Path) -> None:
    """Make the files and manifests of a dataset those that version 1 would have written."""
    sizes = {}
    for path in output.rglob("*.parquet"):
        where = path.relative_to(output).as_posix()
        rows = pq.read_table(path, partitioning=None)
        added = SINCE.get(where.rpartition("/")[0].partition("/date=")[0], [])
        metadata = rows.schema.metadata | {b"schema_version": b"1"}
        pq.write_table(rows.drop_columns(added).replace_schema_metadata(metadata), path)
        sizes[where] = path.stat().st_size
    for path in output.glob("_manifests/*.json"):
        manifest = json.loads(path.read_bytes())
        manifest["schema_version"] = 1
        for file in (file for table in manifest["tables"].values() for file in table["files"]):
            file["bytes"] = sizes.get(file["path"], file["bytes"])
        path.write_text(json.dumps(manifest))


@pytest.fixture
def older(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path / "out"
    shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), output)
    as_version_1(output)
    return output


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_inputs(tmp_path_factory.getbasetemp())


def identities(output: Path) -> dict[str, list[Any]]:
    """What tells whether anything is stored twice, or under another id."""
    found = tables(output)
    return {
        "articles": sorted((row["article_id"], row["version"], row["content_hash"]) for row in found["articles"]),
        "sightings": sorted((row["article_id"], row["source"], row["relation"]) for row in found["sightings"]),
        "rejects": sorted((row["reason"], row["source"]) for row in found["rejects"]),
    }


def schema_versions(output: Path) -> set[bytes]:
    return {open_stored(str(path)).schema_arrow.metadata[b"schema_version"] for path in output.rglob("*.parquet")}


def test_columns_of_later_versions_come_out_null(older: Path) -> None:
    path = sorted(older.glob("articles/**/*.parquet"))[0]
    rows = read_stored(str(path))
    assert rows.schema.equals(ARTICLES.schema, check_metadata=False)
    assert rows["keys"].null_count == rows.num_rows
    assert read_stored(str(path), ["keys", "version"]).column_names == ["version", "keys"]


def test_an_older_dataset_is_sound(older: Path) -> None:
    assert schema_versions(older) == {b"1"}
    assert main(["check", str(older)]) == 0


@pytest.mark.parametrize("repaired", [False, True], ids=["as it is", "its keys made anew"])
def test_an_ingest_adds_nothing_twice_and_counts_versions_on(
    repaired: bool, older: Path, inputs: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if repaired:
        shutil.rmtree(older / "_keys")
        assert main(["check", str(older), "--repair"]) == 0
    counts = ingest(older, inputs / "[123]" / "*", "r4")
    assert counts["repeats"] + counts["rejects"] == counts["reads"]
    assert identities(older) == identities(make_dataset(tmp_path_factory.getbasetemp()))
    ingest(older, inputs / "later" / "*", "r5")
    present = older.parent / "present"
    shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), present)
    ingest(present, inputs / "later" / "*", "r5")
    assert identities(older) == identities(present)
    assert main(["check", str(older)]) == 0


def test_compaction_brings_an_older_dataset_to_the_present(older: Path, inputs: Path) -> None:
    before = identities(older)
    assert main(["compact", str(older)]) == 0
    assert str(SCHEMA_VERSION).encode() in schema_versions(older)
    assert identities(older) == before
    assert main(["check", str(older)]) == 0
