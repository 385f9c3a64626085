"""The kinds of damage that a dataset may take, and what a check says of each."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def one(output: Path, pattern: str) -> Path:
    """The first file of a pattern."""
    return sorted(output.glob(pattern))[0]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Other rows in a file, with its metadata."""
    rows = pq.read_table(path, partitioning=None)
    pq.write_table(change(rows).replace_schema_metadata(rows.schema.metadata), path)


def without_keys(output: Path) -> None:
    shutil.rmtree(output / "_keys")


def without(pattern: str) -> Callable[[Path], None]:
    def change(output: Path) -> None:
        one(output, pattern).unlink()

    return change


def cut(pattern: str) -> Callable[[Path], None]:
    def change(output: Path) -> None:
        path = one(output, pattern)
        path.write_bytes(path.read_bytes()[:-100])

    return change


def flip_a_page(output: Path) -> None:
    path = one(output, "articles/**/*.parquet")
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(data)


def foreign(name: str, content: bytes) -> Callable[[Path], None]:
    def change(output: Path) -> None:
        (output / name).write_bytes(content)

    return change


def changed(pattern: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    return lambda output: rewrite(one(output, pattern), change)


def reverse(rows: pa.Table) -> pa.Table:
    return rows.take(list(range(rows.num_rows))[::-1])


def twice(rows: pa.Table) -> pa.Table:
    return pa.concat_tables([rows.slice(0, 1), rows])


def other_file_again(output: Path) -> None:
    path = one(output, "articles/*/part-r1-*.parquet")
    shutil.copy(path, path.with_name(path.name.replace("r1", "r1-copy")))


def to_another_day(output: Path) -> None:
    path = one(output, "articles/date=2025-03-21/part-r1-*.parquet")
    (output / "articles/date=2025-03-19").mkdir()
    path.rename(output / "articles/date=2025-03-19" / path.name)


def wrong_date_in_place(output: Path) -> None:
    """As if the run had filed it there."""
    to_another_day(output)
    manifest = output / "_manifests/r1.json"
    text = manifest.read_text()
    name = one(output, "articles/date=2025-03-19/*").name
    manifest.write_text(text.replace(f"articles/date=2025-03-21/{name}", f"articles/date=2025-03-19/{name}"))


def other_version(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.column_names.index("version"), "version", pa.array([1] * rows.num_rows, pa.int32()))


def back(output: Path) -> None:
    (output / "_manifests/_last").write_text('{"ingested_at": 1}')


def half_a_commit(output: Path) -> None:
    staging = output / "_staging/r9-0"
    staging.mkdir()
    (staging / "intent.json").write_text('{"format": 1, "run_id": "r9", "files": ["x"]')


def intent(output: Path, **given: object) -> None:
    staging = output / "_staging/r9-0"
    staging.mkdir()
    (staging / "intent.json").write_text(json.dumps({"format": 1, "run_id": "r9", "ingested_at": 1} | given))


def no_file_is_staged(output: Path) -> None:
    intent(output, files=["articles/date=2025-03-21/part-r9-0-0.parquet"], removed=[], manifest={})


@contextmanager
def edited(path: Path) -> Iterator[dict[str, Any]]:
    """A manifest, written again with what is done to it."""
    manifest = json.loads(path.read_bytes())
    yield manifest
    path.write_text(json.dumps(manifest))


def file_without_rows(output: Path) -> None:
    with edited(output / "_manifests/r2.json") as manifest:
        del manifest["tables"]["articles"]["files"][0]["rows"]


def a_key_file_and_its_manifest(output: Path) -> None:
    """What is left says nothing of the file, but for the cursor."""
    without("_keys/signatures/*/part-r2-*.parquet")(output)
    with edited(output / "_manifests/r2.json") as manifest:
        del manifest["tables"]["_keys/signatures"]


def fewer_rejects(output: Path) -> None:
    rewrite(one(output, "rejects/*/part-r1-*.parquet"), lambda rows: rows.slice(1))


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no keys": (without_keys, "keys missing or leading elsewhere"),
    "no exact keys of a run": (without("_keys/exact/*r2*"), "_keys/exact"),
    "no versions of a run": (without("_keys/versions/*r2*"), "missing"),
    "no signatures of a day": (without("_keys/signatures/*/*.parquet"), "missing"),
    "a cut key file": (cut("_keys/exact/*.parquet"), "_keys/exact/part-r1"),
    "keys in disorder": (changed("_keys/exact/*r1*", reverse), "the rows are not sorted"),
    "a lost file of articles": (without("articles/*/part-r1-*.parquet"), "the file is missing"),
    "a lost later version": (without("articles/*/part-r2-*.parquet"), "the file is missing"),
    "a lost file of sightings": (without("sightings/*/part-r1-*.parquet"), "the file is missing"),
    "a lost file of rejects": (without("rejects/*/part-r1-*.parquet"), "the file is missing"),
    "a cut file": (cut("articles/*/part-r1-*.parquet"), "cannot be read"),
    "a flipped bit": (flip_a_page, "cannot be read"),
    "a page gone from sightings": (cut("sightings/*/part-r1-*.parquet"), "cannot be read"),
    "lines that cannot be read": (cut("_lines/*.parquet"), "_lines/part-r"),
    "another's Parquet file": (
        lambda output: pq.write_table(pa.table({"a": [1]}), one(output, "articles/date*") / "notes.parquet"),
        "notes.parquet: the file is in no manifest",
    ),
    "another's table": (foreign("articles/news.csv", b"a,b"), "news.csv: the file is in no manifest"),
    "a copy of a file": (other_file_again, "r1-copy"),
    "rows in disorder": (changed("articles/*/part-r1-*.parquet", reverse), "the rows are not sorted"),
    "a row twice": (changed("articles/*/part-r1-*.parquet", twice), "1 row written twice"),
    "a sighting twice": (changed("sightings/*/part-r1-*.parquet", twice), "1 row written twice"),
    "a reject twice": (changed("rejects/*/part-r1-*.parquet", twice), "1 row written twice"),
    "a version of a number that is taken": (changed("articles/*/part-r2-*.parquet", other_version), "wrong version"),
    "a file moved by hand": (to_another_day, "date=2025-03-19"),
    "rows under the wrong date": (wrong_date_in_place, "filed under the wrong date"),
    "a cursor that went back": (back, "the cursor is at"),
    "a cursor that cannot be read": (foreign("_manifests/_last", b"{"), "the cursor cannot be read"),
    "a manifest gone": (without("_manifests/r1.json"), "the manifest of its run r1 is missing"),
    "a manifest that cannot be read": (foreign("_manifests/r2.json", b"{"), "_manifests/r2.json: the manifest"),
    "no manifest at all": (lambda output: shutil.rmtree(output / "_manifests"), "manifest of its run r3 is missing"),
    "a manifest that lacks something": (file_without_rows, "is none that Dateline wrote: KeyError('rows')"),
    "a key file gone that no manifest tells of": (a_key_file_and_its_manifest, "1 key file missing"),
    "a lost row of rejects": (fewer_rejects, "written"),
    "an intent that cannot be read": (half_a_commit, "cannot be carried out"),
    "an intent that lacks something": (intent, "cannot be carried out"),
    "an intent without its files": (no_file_is_staged, "neither there nor staged"),
    "a backfill's file that cannot be read": (foreign("_manifests/_backfill-1", b"{"), "_backfill-1: cannot be read"),
}
