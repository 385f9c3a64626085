"""How often each combination of some columns occurs, in bounded memory."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

LIMIT = 300_000
_COUNT = "count_all"


class Tally:
    """Counts of combinations. Of more than `limit` the rarest are let go: what is counted later is counted anew."""

    def __init__(self, *names: str, limit: int = LIMIT) -> None:
        self.names = names
        self._limit = limit
        self._parts: list[pa.Table] = []
        self._size = 0

    def add(self, *columns: pa.Array | pa.ChunkedArray) -> None:
        """Count the rows of these columns, in the order of the names."""
        counted = pa.table(columns, self.names).group_by(self.names).aggregate([([], _COUNT)])
        self._parts.append(counted)
        self._size += counted.num_rows
        if self._size > 2 * self._limit:
            self._merge()

    def most(self, limit: int | None = None, **where: str) -> list[tuple[Any, ...]]:
        """The most frequent combinations, best first, equal ones by name: their values, and how often each is."""
        counts = self._merge()
        for name, value in where.items():
            counts = counts.filter(pc.equal(counts[name], value))
        order = [(_COUNT, "descending"), *((name, "ascending") for name in self.names)]
        ordered = counts.take(pc.sort_indices(counts, order).slice(0, limit))
        return [tuple(row.values()) for row in ordered.to_pylist()]

    def sums(self, name: str) -> dict[Any, int]:
        """How often each value of one column occurs, the most frequent first."""
        sums = self._merge().group_by(name).aggregate([(_COUNT, "sum")])
        return dict(sorted(_pairs(sums), key=lambda pair: (-pair[1], str(pair[0]))))

    @property
    def total(self) -> int:
        """How many rows were counted."""
        return int(pc.sum(self._merge()[_COUNT]).as_py() or 0)

    def __len__(self) -> int:
        """How many combinations there are, `limit` at most."""
        return int(self._merge().num_rows)

    def _merge(self) -> pa.Table:
        empty = pa.table([pa.array([], pa.string())] * len(self.names) + [pa.array([], pa.int64())], self._columns)
        if not self._parts:
            return empty
        sums = pa.concat_tables(self._parts).group_by(self.names).aggregate([(_COUNT, "sum")])
        merged = sums.rename_columns(self._columns)
        if merged.num_rows > self._limit:
            merged = merged.take(pc.select_k_unstable(merged, self._limit, [(_COUNT, "descending")]))
        self._parts, self._size = [merged], merged.num_rows
        return merged

    @property
    def _columns(self) -> list[str]:
        return [*self.names, _COUNT]


def _pairs(sums: pa.Table) -> Iterator[tuple[Any, int]]:
    values: Sequence[Any] = sums.columns[0].to_pylist()
    yield from zip(values, sums.columns[1].to_pylist(), strict=True)
