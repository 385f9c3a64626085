"""The cursors of a stream's sources: one row for each item, in one file that each commit with new ones replaces."""

from collections.abc import Iterable
from typing import Any

import numpy as np
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
    """The stored rows, replaced by those moved, and without those that are gone (see `gone`).

    Of several moves of an item that to the last position, then time, counts.
    """
    by_place = [(name, "ascending", "at_start") for name in ("position", "modified")]
    moved = moved.take(pc.sort_indices(moved, sort_keys=by_place))
    last = {_item(row): row for row in moved.to_pylist()}
    keep = np.ones(stored.num_rows, bool)
    touched = np.flatnonzero(pc.is_in(stored["item"], moved["item"].combine_chunks()))
    keep[touched] = [not _ends(last.get(_item(row)), row) for row in stored.take(touched).to_pylist()]
    here = [row for row in last.values() if row["position"] >= 0]
    return pa.concat_tables([stored.filter(pa.array(keep)), pa.Table.from_pylist(here, stored.schema)])


def gone(cursor: Cursor) -> Cursor:
    """What takes a cursor off the table, unless it has been replaced: the bits of its position inverted."""
    return cursor._replace(position=~cursor.position)


def _item(row: dict[str, Any]) -> tuple[str, str]:
    return row["source"], row["item"]


def _ends(moved: dict[str, Any] | None, stored: dict[str, Any]) -> bool:
    """Whether a move ends a stored row: it replaces it, or says that this very row is gone."""
    if moved is None or moved["position"] >= 0:
        return moved is not None
    return bool(~moved["position"] == stored["position"] and moved["modified"] == stored["modified"])


def replace_cursors(staged: Staged) -> None:
    """Prepares a commit: merges the staged cursors, if there are any, with the stored ones."""
    parts = staged.of(CURSORS)
    if parts:
        moved = pa.concat_tables([staged.read(part) for part in parts])
        staged.replace(CURSORS, merge_cursors(_read(staged.run.output), moved))


def _read(output: str) -> pa.Table:
    stored = map(read_stored, list_files(output, CURSORS.name))
    return pa.concat_tables([CURSORS.schema.empty_table(), *stored])
