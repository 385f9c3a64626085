"""Sorted sequences of rows merged into one: a k-way merge over columns, a few batches in memory."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.write.parquet import ascending

# What the runs of a merge may have in memory together.
MERGE_BYTES = 32 * 2**20


def sort_rows(rows: pa.Table, order: Sequence[str]) -> pa.Table:
    """The rows sorted by the columns of `order`, nulls last; equal ones stay as they are."""
    rows = rows.combine_chunks()
    return rows.take(_sorted_positions(rows, order))


def merge_sorted(
    runs: Sequence[Iterator[pa.Table]], order: Sequence[str], held_bytes: int = MERGE_BYTES
) -> Iterator[pa.Table]:
    """The rows of sorted runs as one sorted sequence; of equal rows, those of the earlier run come first.

    Of each run at least its share of `held_bytes` is at hand, or all that is left of it. What sorts up to the
    first last row of a run that goes on can be given out: no row to come sorts before it.
    """
    share = held_bytes // max(1, len(runs))
    going = dict(enumerate(runs))
    held: list[list[pa.Table]] = [[] for _ in runs]
    while True:
        for i in list(going):
            if not _fill(held[i], going[i], share):
                del going[i]
        if not any(held):
            return
        rows = pa.concat_tables([piece for pieces in held for piece in pieces]).combine_chunks()
        ends = np.cumsum([sum(piece.num_rows for piece in pieces) for pieces in held])
        positions = _sorted_positions(rows, order)
        ranks = np.empty(len(positions), np.int64)
        ranks[positions] = np.arange(len(positions))
        ready = positions[: min((ranks[ends[i] - 1] + 1 for i in going), default=len(positions))]
        yield rows.take(pa.array(ready))
        given = np.bincount(np.searchsorted(ends, ready, side="right"), minlength=len(runs))
        starts = np.concatenate([[0], ends[:-1]]) + given
        held = [[rows.slice(a, b - a)] if b > a else [] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def _fill(pieces: list[pa.Table], run: Iterator[pa.Table], size: int) -> bool:
    """Take from a run until `size` bytes are at hand; whether it may have more."""
    held = sum(piece.nbytes for piece in pieces)
    while held < size or not pieces:
        piece = next(run, None)
        if piece is None:
            return False
        if piece.num_rows:
            pieces.append(piece)
            held += piece.nbytes
    return True


def _sorted_positions(rows: pa.Table, order: Sequence[str]) -> NDArray[np.int64]:
    positions: NDArray[np.int64] = pc.sort_indices(rows, sort_keys=ascending(order)).to_numpy().astype(np.int64)
    return positions
