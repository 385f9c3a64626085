"""Rows that were written twice."""

from collections.abc import Iterable, Iterator
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import Table


class RepeatFilter:
    """Leaves out of rows in their full order those that repeat the one before; counts them in `dropped`."""

    def __init__(self, table: Table) -> None:
        self._columns = [*table.sort, *table.identity] if table.identity else []
        self.dropped = 0

    def apply(self, pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The pieces without repeats, within and across them."""
        last = None
        for rows in pieces:
            if not self._columns or not rows.num_rows:
                yield rows
                continue
            keys = rows.select(self._columns)
            repeats = _repeats(keys if last is None else pa.concat_tables([last, keys]))
            last = keys.slice(keys.num_rows - 1)
            repeats = repeats[-rows.num_rows :]
            self.dropped += repeats.true_count
            yield rows.filter(pc.invert(repeats)) if repeats.true_count else rows


def _repeats(rows: pa.Table) -> pa.BooleanArray:
    """Which rows equal the one before in all columns, null and null being equal; never the first."""
    rows = rows.combine_chunks()
    count = rows.num_rows - 1
    same = [_same(rows.slice(1)[name], rows.slice(0, count)[name]) for name in rows.column_names]
    return pa.concat_arrays([pa.array([False]), *pa.chunked_array(reduce(pc.and_, same)).chunks])


def _same(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.ChunkedArray:
    equal = pc.fill_null(pc.equal(left, right), False)
    return pc.or_(equal, pc.and_(pc.is_null(left), pc.is_null(right)))
