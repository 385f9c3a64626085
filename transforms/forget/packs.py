"""What waits for the commit of a stream's window, without what was taken down.

Rows stay, for they are counted: blank but for their hashes, by which they are held back when the window is judged.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.deduplicate.packing import unpack_facts
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.mentions import is_reject_held
from transforms.stream.packs import encode_pack, list_packs, packs_at_hand, read_pack
from transforms.write import files
from transforms.write.run import staged_path
from transforms.write.staged import Staged

_KEPT = ("facts", "lines", "reason")
_SAYS_LEAST = {pa.string(): "", pa.binary(): b""}


def blank_packs(staged: Staged, forgotten: Forgotten) -> int:
    """Stages packs anew in which rows are blank; the number of rows. One that was not written to its end goes."""
    blanked = 0
    for name in list_packs(staged.run.output):
        if not name.endswith(".arrow"):
            staged.remove(f"_stream/{name}")  # who writes it yet, writes it again
            continue
        try:
            with packs_at_hand(staged.run.output, [name]) as (path,):
                rows = read_pack(path)
        except FileNotFoundError:  # its window was committed meanwhile
            continue
        held = _held(rows, forgotten)
        if held.any():
            blanked += int(held.sum())
            target = f"_stream/{name}"
            files.write_whole(staged_path(staged.run.staging, target), encode_pack(_blank(rows, held)))
            staged.aside.append(target)
    return blanked


def _held(rows: pa.Table, forgotten: Forgotten) -> NDArray[np.bool_]:
    if "facts" in rows.column_names:
        return forgotten.holds_taken_down(unpack_facts(rows))
    return np.array([is_reject_held(row, forgotten) for row in rows.to_pylist()], bool)


def _blank(rows: pa.Table, held: NDArray[np.bool_]) -> pa.Table:
    """Those that are held come last. Arrow's own masks would leave the bytes of a value where it was."""
    blank, count = rows.filter(pa.array(held)), int(held.sum())
    columns = [blank[field.name] if field.name in _KEPT else _empty(field, count) for field in rows.schema]
    return pa.concat_tables([rows.filter(pa.array(~held)), pa.table(columns, schema=rows.schema)])


def _empty(field: pa.Field, count: int) -> pa.Array:
    """Nulls, or the values that say least."""
    if field.nullable:
        return pa.nulls(count, field.type)
    value = [] if pa.types.is_list(field.type) else _SAYS_LEAST.get(field.type, 0)
    return pa.array([value] * count, field.type)
