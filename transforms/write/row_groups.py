"""Sorted rows that need not be in memory together, as the row groups of files."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import pyarrow as pa
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.tables import Table
from transforms.write.files import naming
from transforms.write.parquet import ROW_GROUP_ROWS, open_writer
from transforms.write.run import Run

# Rows are held until a row group is full: large texts fill one before it has all its rows.
ROW_GROUP_BYTES = 128 * 2**20


def cut(pieces: Iterable[pa.Table], file_rows: int) -> Iterator[tuple[int, pa.Table]]:
    """Row groups, each with the number of the file that it belongs to."""
    held: list[pa.Table] = []
    count = size = done = 0
    for piece in pieces:
        while piece.num_rows:
            part = piece.slice(0, min(ROW_GROUP_ROWS - count, file_rows - (done + count) % file_rows))
            piece = piece.slice(part.num_rows)
            held.append(part)
            count, size = count + part.num_rows, size + part.nbytes
            if count == ROW_GROUP_ROWS or size >= ROW_GROUP_BYTES or (done + count) % file_rows == 0:
                yield done // file_rows, pa.concat_tables(held)
                held, count, size, done = [], 0, 0, done + count
    if held:
        yield done // file_rows, pa.concat_tables(held)


def write_groups(path: str, table: Table, groups: Iterable[pa.Table], run: Run) -> int:
    """Writes sorted rows as a file, each piece as a row group; the number of rows."""
    written = 0
    with naming(path), ExitStack() as life:
        file = life.enter_context(FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED))
        writer = None
        for rows in groups:
            writer = writer or life.enter_context(open_writer(file, table, rows, run))
            writer.write_table(rows, ROW_GROUP_ROWS)
            written += rows.num_rows
    return written
