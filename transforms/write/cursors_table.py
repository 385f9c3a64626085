"""The cursors of a stream's sources: one row for each item, in one file that each commit with new ones replaces."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from schemas.cursors import CURSORS, Cursor
from transforms.write.staged import Staged
from transforms.write.stored import list_files, read_stored


def read_cursors(output: str, source: str) -> list[Cursor]:
    """How far a source has been read; empty where it never was. DatasetError names a file that cannot be read."""
    rows = _read(output)
    rows = rows.filter(pc.equal(rows["source"], source))
    modified = rows["modified"].cast(pa.int64())
    columns = [column.to_pylist() for column in (*rows.select(Cursor._fields[:3]), modified)]
    return [Cursor(*values) for values in zip(*columns, strict=True)]


def cursors_table(cursors: Iterable[Cursor]) -> pa.Table:
    """Cursors as rows of the table."""
    columns = list(zip(*cursors, strict=True)) or [()] * len(CURSORS.schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, CURSORS.schema, strict=True)]
    return pa.table(arrays, schema=CURSORS.schema)


def merge_cursors(stored: pa.Table, moved: pa.Table) -> pa.Table:
    """The stored rows, replaced by those moved; of several moves of an item that to the last position, then time."""
    by_place = [(name, "ascending", "at_start") for name in ("position", "modified")]
    moved = moved.take(pc.sort_indices(moved, sort_keys=by_place))
    rows = pa.concat_tables([stored, moved]).combine_chunks()
    items = zip(rows["source"].to_pylist(), rows["item"].to_pylist(), strict=True)
    last = {item: row for row, item in enumerate(items)}
    return rows.take(pa.array(sorted(last.values()), pa.int64()))


def replace_cursors(staged: Staged) -> None:
    """Prepares a commit: merges the staged cursors, if there are any, with the stored ones."""
    parts = staged.of(CURSORS)
    if parts:
        moved = pa.concat_tables([staged.read(part) for part in parts])
        staged.replace(CURSORS, merge_cursors(_read(staged.run.output), moved))


def _read(output: str) -> pa.Table:
    stored = map(read_stored, list_files(output, CURSORS.name))
    return pa.concat_tables([CURSORS.schema.empty_table(), *stored])
