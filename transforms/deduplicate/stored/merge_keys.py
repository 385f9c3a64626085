"""Prepares a commit: the keys of a run become one sorted file, joined with earlier ones where those are many.

So do the lines, of which only those of the newest articles are kept.
"""

import pyarrow as pa

from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.tables import Table
from transforms.boilerplate.window import keep_newest, lines_table, read_lines
from transforms.write.staged import Staged, StagedFile
from transforms.write.stored import list_files, read_stored

# A start reads all key files, so a commit that finds this many joins them.
MANY_FILES = 12


def merge_keys(staged: Staged) -> None:
    """One file of exact keys, one of versions, one of lines, and one of signatures for each date."""
    for table in (EXACT, VERSIONS, LINES):
        _merge(staged, table, staged.of(table), table.name)
    for date in sorted({file.date for file in staged.of(SIGNATURES)}):
        parts = [file for file in staged.of(SIGNATURES) if file.date == date]
        _merge(staged, SIGNATURES, parts, f"{SIGNATURES.name}/date={date}")


def _merge(staged: Staged, table: Table, parts: list[StagedFile], folder: str) -> None:
    stored = list_files(staged.run.output, folder)
    replaced = stored if len(stored) >= MANY_FILES else []
    if not parts or len(parts) + len(replaced) == 1:
        return
    rows = pa.concat_tables([*(staged.read(part) for part in parts), *map(read_stored, replaced)])
    for part in list(parts):
        staged.drop(part)
    for path in replaced:
        staged.remove(path)
    if table is LINES:
        rows = lines_table(keep_newest(read_lines([rows])))
    staged.add(table, f"{folder}/part-{staged.run.run_id}.parquet", rows)
