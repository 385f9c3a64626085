"""Prepares a commit: the keys of a run become one sorted file, joined with earlier ones where those are many.

So do the lines, of which only those of the newest articles are kept.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import pyarrow as pa

from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.tables import Table
from transforms.boilerplate.window import newest_of_sorted
from transforms.write import files
from transforms.write.merge import merge_sorted
from transforms.write.parquet import conform
from transforms.write.row_groups import cut, write_groups
from transforms.write.run import staged_path
from transforms.write.staged import Staged, StagedFile
from transforms.write.stored import list_files, read_row_groups

# A start looks into all key files, so a commit that finds this many joins some of them.
MANY_FILES = 12


def merge_keys(staged: Staged) -> None:
    """One file of exact keys, one of versions, one of lines, and one of signatures for each date."""
    for table in (EXACT, VERSIONS, LINES):
        merge_table(staged, table, staged.of(table), table.name)
    by_date = attrgetter("date")
    for date, parts in groupby(sorted(staged.of(SIGNATURES), key=by_date), by_date):
        merge_table(staged, SIGNATURES, list(parts), f"{SIGNATURES.name}/date={date}")


def merge_table(staged: Staged, table: Table, parts: list[StagedFile], folder: str) -> None:
    """Joins staged files of one folder into one, and with stored ones where those are many."""
    if not parts:
        return
    output, run = staged.run.output, staged.run
    sizes = {path: files.size(path) for path in list_files(output, folder)}
    replaced = choose(sizes, sum(files.size(part.path) for part in parts))
    if len(parts) + len(replaced) == 1 and table is not LINES:
        return
    pieces = merge_sorted([_read(table, path) for path in [*(part.path for part in parts), *replaced]], table.sort)
    if table is LINES:
        pieces = newest_of_sorted(pieces)
    target = f"{folder}/part-{run.run_id}.parquet"
    groups = (rows for _, rows in cut(pieces, sys.maxsize))
    write_groups(staged_path(run.staging, target), table, groups, run)
    for part in parts:
        staged.drop(part)
    staged.parts.append(StagedFile(table, target, staged_path(run.staging, target)))
    for path in replaced:
        staged.remove(path)


def choose(sizes: dict[str, int], size: int) -> list[str]:
    """The stored files that new ones of some bytes are joined with: where there are many, the smallest.

    To it comes the next as long as that is no larger than all that is joined so far. So each row is written anew as
    often as the joined file doubles, and there are never more than MANY_FILES.
    """
    if len(sizes) < MANY_FILES:
        return []
    smallest, *others = sorted(sizes, key=lambda path: sizes[path])
    chosen = [smallest]
    size += sizes[smallest]
    for path in others:
        if sizes[path] > size:
            break
        chosen.append(path)
        size += sizes[path]
    return chosen


def _read(table: Table, path: str) -> Iterator[pa.Table]:
    return (conform(table, rows) for rows in read_row_groups(path))
