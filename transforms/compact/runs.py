"""The rows of stored files in one order, however many they are: sorted in portions, which wait on disk to be merged."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from schemas.tables import Table
from transforms.write import files
from transforms.write.merge import merge_sorted, sort_rows
from transforms.write.parquet import conform
from transforms.write.stored import read_row_groups

PORTION_BYTES = 64 * 2**20  # unpacked
BATCH_BYTES = 512 * 1024


def read_in_order(
    paths: Sequence[str], table: Table, scratch: str, portion_bytes: int = PORTION_BYTES
) -> Iterator[pa.Table]:
    """The rows of stored files in the table's full order, in pieces; equal rows as their files are listed.

    Rows that do not fit in memory together wait in files whose paths start with `scratch`.

    Raises:
        DatasetError: a file cannot be read, or its rows do not fit the table.
    """
    order = full_order(table)
    waiting: list[str] = []
    held, size = list[pa.Table](), 0
    for rows in (rows for path in paths for rows in _read(path, table)):
        if held and size + rows.nbytes > portion_bytes:
            waiting.append(_put_aside(f"{scratch}{len(waiting)}", sort_rows(pa.concat_tables(held), order)))
            held, size = [], 0
        held.append(rows)
        size += rows.nbytes
    last = sort_rows(pa.concat_tables([table.schema.empty_table(), *held]), order)
    held = []
    if not waiting:
        yield last
        return
    waiting.append(_put_aside(f"{scratch}{len(waiting)}", last))
    del last
    yield from merge_sorted([_take_back(path) for path in waiting], order)
    files.remove(waiting)


def full_order(table: Table) -> list[str]:
    """The columns that all rows can be told apart by, those that the table is sorted by first.

    Of a row that was written twice the one stored first comes first.
    """
    stamps = [name for name in ("ingested_at", "run_id") if name in table.schema.names]
    return list(dict.fromkeys([*table.sort, *table.identity, *stamps]))


def _read(path: str, table: Table) -> Iterator[pa.Table]:
    for rows in read_row_groups(path):
        try:
            yield conform(table, rows)
        except ValueError as error:
            raise DatasetError(f"{path}: the stored rows do not fit the table: {error}") from error


def _put_aside(path: str, rows: pa.Table) -> str:
    """Writes sorted rows as an Arrow stream of small batches; gives its path."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    size = max(1, rows.num_rows * BATCH_BYTES // max(1, rows.nbytes))
    with (
        files.naming(path),
        FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as file,
        pa.ipc.new_stream(file, rows.schema, options=options) as stream,
    ):
        stream.write_table(rows, max_chunksize=size)
    return path


def _take_back(path: str) -> Iterator[pa.Table]:
    with (
        FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file,
        pa.ipc.open_stream(file) as stream,
    ):
        for batch in stream:
            yield pa.Table.from_batches([batch])
