"""Prepares a commit that takes rows out of files: what is left of a file takes its place."""

import sys
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.tables import Table
from transforms.write.parquet import conform
from transforms.write.row_groups import cut, write_groups
from transforms.write.run import staged_path
from transforms.write.staged import Staged, StagedFile
from transforms.write.stored import list_files, read_row_groups
from transforms.write.write_table import file_name

Mask = NDArray[np.bool_]


def take_out(
    staged: Staged,
    table: Table,
    columns: Sequence[str],
    is_out: Callable[[pa.Table], Mask],
    days: Container[str] | None = None,
) -> int:
    """Take rows out of a table's stored and staged files, or of those of some days; how many were taken.

    `is_out` is given some columns of each row group once, and says which of its rows go. Memory does not grow with
    the files. Raises DatasetError for a file that cannot be read.
    """
    output, taken, number = staged.run.output, 0, 0
    stored = [path for path in list_files(output, table.name) if path.removeprefix(f"{output}/") not in staged.removed]
    mine = {part.path: part for part in staged.of(table)}
    for path in chain(stored, mine):
        day = (mine[path].target if path in mine else path).partition("/date=")[2].partition("/")[0]
        if days is not None and day not in days:
            continue
        masks = [is_out(rows) for rows in read_row_groups(path, columns)]
        out = sum(int(mask.sum()) for mask in masks)
        if not out:
            continue
        if out < sum(map(len, masks)):
            _stage_rest(staged, table, file_name(table, (day, "rest", number), staged.run.run_id), path, masks)
        if path in mine:
            staged.drop(mine[path])
        else:
            staged.remove(path)
        taken, number = taken + out, number + 1
    return taken


def _stage_rest(staged: Staged, table: Table, target: str, path: str, masks: Iterable[Mask]) -> None:
    rest = (
        conform(table, rows.filter(pa.array(~mask))) for rows, mask in zip(read_row_groups(path), masks, strict=True)
    )
    file = StagedFile(table, target, staged_path(staged.run.staging, target))
    write_groups(file.path, table, (rows for _, rows in cut(rest, sys.maxsize)), staged.run)
    staged.parts.append(file)
