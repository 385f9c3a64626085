"""The files of a partition joined: read in order, repeats dropped, written as few sorted files."""

from collections.abc import Iterable
from itertools import groupby

import pyarrow as pa

from schemas.errors import DatasetError
from transforms.compact.plan import Join, Joined
from transforms.compact.repeats import RepeatFilter
from transforms.compact.runs import read_in_order
from transforms.write.row_groups import cut, write_groups
from transforms.write.run import Run, staged_path
from transforms.write.stored import is_gone, row_count
from transforms.write.write_table import file_name


def join_all(joins: Iterable[Join], run: Run) -> list[Joined]:
    """Stages what the files of each partition become, unless others have joined them meanwhile.

    Raises DatasetError for a file that cannot be read.
    """
    joined = []
    for join in joins:
        try:
            joined.append(Joined(join, join_files(join, run)))
        except DatasetError as error:  # all are read before the first row is written
            if not is_gone(error):
                raise
    return joined


def join_files(join: Join, run: Run) -> int:
    """Stages what the files of a partition become; the number of repeats that were dropped.

    Memory does not grow with the files. Raises DatasetError for a file that cannot be read, or is gone.
    """
    paths = [file.path for file in join.files]
    rows = sum(map(row_count, paths))
    repeats = RepeatFilter(join.table)
    pieces = repeats.apply(read_in_order(paths, join.table, f"{run.staging}/sorted-"))
    written = write_in_order(pieces, join, run, -(-rows // join.outputs))
    if written + repeats.dropped != rows:
        raise AssertionError(f"{join.folder}: {rows} rows became {written}, and {repeats.dropped} repeats")
    return repeats.dropped


def write_in_order(pieces: Iterable[pa.Table], join: Join, run: Run, file_rows: int) -> int:
    """Stages sorted rows as files of up to `file_rows` rows each; the number of rows."""
    written = 0
    for number, groups in groupby(cut(pieces, file_rows), key=lambda group: group[0]):
        target = file_name(join.table, (join.folder.rpartition("=")[2], 0, number), run.run_id)
        written += write_groups(staged_path(run.staging, target), join.table, (rows for _, rows in groups), run)
    return written
