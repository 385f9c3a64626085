"""Writes a table's rows to the staging folder of a run, a file for each group."""

import re
import secrets
from collections.abc import Iterator
from datetime import date

import apache_beam as beam
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from schemas.tables import Table
from transforms.write import files
from transforms.write.parquet import encode
from transforms.write.run import Run, staged_path

SHARD = re.compile(r"[A-Za-z0-9.]+")  # no hyphen, or the names of two runs could meet

Key = tuple[str, str | int, int]  # date (empty for a table that is not dated), shard, part
Group = tuple[Key, pa.Table]


class WriteTable(beam.PTransform[PCollection[tuple[Key, pa.Table]], PCollection[str]]):
    """Writes each ((date, shard, part), rows) as one staged Parquet file; gives the files' paths.

    A key always names the same file, so a retried bundle rewrites what it wrote; its rows must be cut into
    the same keys again. Groups without rows are left out.
    """

    def __init__(self, table: Table, run: Run) -> None:
        super().__init__()
        self._table = table
        self._run = run

    def expand(self, groups: PCollection[tuple[Key, pa.Table]]) -> PCollection[str]:
        paths: PCollection[str] = groups | "Write" >> beam.FlatMap(write_group, self._table, self._run)
        return paths


def write_group(group: tuple[Key, pa.Table], table: Table, run: Run) -> Iterator[str]:
    """Writes and counts one group; gives the path of its file, if it has rows."""
    key, rows = group
    if rows.num_rows:
        yield write_file(table, key, rows, run)
        Metrics.counter("dateline", f"rows_{table.name}").inc(rows.num_rows)


def write_file(table: Table, key: Key, rows: pa.Table, run: Run) -> str:
    """Stages rows as one file and returns its path; it appears whole, over an earlier file of the same key.

    Raises:
        ValueError: the rows do not fit the table's schema, or the key does not fit a file's name.
    """
    path = staged_path(run.staging, file_name(table, key, run.run_id))
    files.write_whole(path, encode(table, rows, run), attempt=secrets.token_hex(4))
    return path


def file_name(table: Table, key: Key, run_id: str) -> str:
    """The path of a key's file below the dataset's folder, once it is committed."""
    day, shard, part = key
    if table.dated != bool(day) or not SHARD.fullmatch(str(shard)):
        raise ValueError(f"{table.name}: no file can be named after {key!r}")
    folder = f"{table.name}/date={date.fromisoformat(day)}" if day else table.name
    return f"{folder}/part-{run_id}-{shard}-{part}.parquet"
