"""Datasets for tests of the sink: rows of any table, and a whole run in steps."""

import multiprocessing
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.keys import EXACT
from schemas.tables import ARTICLES, FEEDS, TABLES, Table
from transforms.write.commit import commit_steps
from transforms.write.feeds_table import replace_feeds
from transforms.write.files import read_bytes, write_whole
from transforms.write.raw import list_raw, raw_target
from transforms.write.run import Run, staged_path
from transforms.write.staged import Staged
from transforms.write.staging import begin
from transforms.write.stored import list_files, read_stored
from transforms.write.write_table import write_file

# Processes that start as copies of a small one with the modules loaded: quick, and without our threads.
CLEAN = multiprocessing.get_context("forkserver")
CLEAN.set_forkserver_preload(["tests.dataset"])
NOON = 1_742_644_800_000_000  # 2025-03-22T12:00Z, microseconds
DAYS = ("2025-03-20", "2025-03-21", "2025-03-22")
CONSTANTS = ("ingested_at", "run_id", "pipeline_version")
A_RUN = Run("out", "r1", "out/_staging/r1-0", NOON, NOON, 0, "9.9")


def rows(table: Table, given: list[dict[str, Any]], leave_out: tuple[str, ...] = CONSTANTS) -> pa.Table:
    """Rows of a table; what is not given is null, or the type's empty value where null is forbidden."""
    fields = [field for field in table.schema if field.name not in leave_out]
    filled = [{f.name: None if f.nullable else empty(f.type) for f in fields} | row for row in given]
    return pa.Table.from_pylist(filled, pa.schema(fields))


def empty(kind: pa.DataType) -> Any:
    """The value that says least."""
    if pa.types.is_list(kind):
        return []
    if pa.types.is_fixed_size_list(kind):
        return [0] * kind.list_size
    return {pa.string(): "", pa.binary(): b"", pa.bool_(): False}.get(kind, 0)


def articles(numbers: range | list[int]) -> pa.Table:
    """One article for each number."""
    return rows(ARTICLES, [article(n) for n in numbers])


def article(number: int) -> dict[str, Any]:
    """What one article has of its own."""
    body = f"text {number} " * 50
    return {"article_id": f"{number:016x}", "version": 1, "body": body, "signature": [number] * 128}


def run_in_steps(output: str, run_id: str, numbers: range, read_at: int = NOON) -> Iterator[str]:
    """A run that adds a raw file and, over three days, the articles that are not stored; it replaces feeds and keys."""
    with begin(output, run_id, read_at) as run:
        yield "begin"
        for i, day in enumerate(DAYS):
            write_file(ARTICLES, (day, 0, 0), articles(list(numbers)[i :: len(DAYS)]), run)
        write_file(FEEDS, ("", 0, 0), rows(FEEDS, [{"url": "https://example.org/feed", "failures": 0}]), run)
        write_whole(staged_path(run.staging, raw_target(DAYS[-1], run_id, 0)), b"raw " + run_id.encode())
        yield "stage"
        changes = [drop_stored, replace_feeds, replace_keys]
        yield from commit_steps(run, (*TABLES, EXACT), {"run_id": run_id}, changes)


def add_articles(output: str, run_id: str, numbers: range, read_at: int = NOON) -> list[str]:
    """The whole of `run_in_steps`."""
    return list(run_in_steps(output, run_id, numbers, read_at))


def drop_stored(staged: Staged) -> None:
    """Drops the staged articles that are stored, as deduplication does with its keys."""
    ids = pa.array(stored_ids(staged.run.output), pa.string())
    for part in staged.of(ARTICLES):
        fresh = staged.read(part)
        staged.rewrite(part, fresh.filter(pc.invert(pc.is_in(fresh["article_id"], ids))))


def replace_keys(staged: Staged) -> None:
    """Puts all keys in a new file, and removes the old one."""
    ids = stored_ids(staged.run.output)
    for part in staged.of(ARTICLES):
        ids += staged.read(part, ["article_id"])["article_id"].to_pylist()
    for path in list_files(staged.run.output, EXACT.name):
        staged.remove(path)
    keys = rows(EXACT, [{"key": int(i, 16), "article": int(i, 16)} for i in ids])
    staged.add(EXACT, f"{EXACT.name}/part-{staged.run.run_id}.parquet", keys)


def stored_ids(output: str) -> list[str]:
    """The ids of all stored articles, sorted."""
    paths = list_files(output, ARTICLES.name)
    return sorted(i for path in paths for i in read_stored(path, ["article_id"])["article_id"].to_pylist())


def contents(output: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of a dataset by table, without what differs between runs."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in (ARTICLES, FEEDS, EXACT):
        read = [read_stored(path) for path in list_files(output, table.name)]
        merged = pa.concat_tables([table.schema.empty_table(), *read]).drop_columns(
            [name for name in CONSTANTS if name in table.schema.names]
        )
        found[table.name] = sorted(merged.to_pylist(), key=repr)
    found["raw"] = [{"path": path.removeprefix(output), "data": read_bytes(path)} for path in list_raw(output)]
    return found
