"""Rows of sorted files to look up in: columns mapped into memory, of which only what is looked at takes any."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from transforms.write.files import is_local, naming
from transforms.write.stored import read_row_groups

Rows = NDArray[np.void]

_BOUNDS = "bounds"


@dataclass(frozen=True)
class SortedRows:
    """The rows of one file after the other, each file sorted by the first column.

    `columns` are the fields of `dtype`, of shape (rows,); `bounds` of shape (files + 1,) is where each file begins.
    """

    dtype: np.dtype[np.void]
    columns: dict[str, NDArray[Any]]
    bounds: list[int]

    def find(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], Rows]:
        """The rows whose first column is one of `wanted`, and where in `wanted` each has it."""
        column = self.columns[self._first]
        order = np.argsort(wanted)  # a search for values in order stays within the processor's cache
        at, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for first, last in pairwise(self.bounds):
            left = np.searchsorted(column[first:last], wanted[order]) + first
            found = np.flatnonzero(column[np.minimum(left, last - 1)] == wanted[order])
            left = left[found]
            counts = np.searchsorted(column[first:last], wanted[order[found]], side="right") + first - left
            at.append(np.repeat(order[found], counts))
            rows.append(_ranges(left, counts))
        return np.concatenate(at), self.take(np.concatenate(rows))

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """Some rows by their numbers."""
        taken = np.empty(len(rows), self.dtype)
        for name, column in self.columns.items():
            taken[name] = column[rows]
        return taken

    def all(self) -> Rows:
        """All rows, in memory."""
        return self.take(np.arange(self.bounds[-1]))

    @property
    def _first(self) -> str:
        return next(iter(self.columns))


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as counted."""
    return np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())


def sort_rows(rows: Rows) -> SortedRows:
    """Rows in any order, in memory."""
    names = rows.dtype.names or ()
    rows = rows[np.argsort(rows[names[0]], kind="stable")]
    return SortedRows(rows.dtype, {name: rows[name].copy() for name in names}, [0, len(rows)] if len(rows) else [0])


def map_rows(paths: Sequence[str], dtype: np.dtype[np.void], staging: str = "") -> SortedRows:
    """The rows of Parquet files whose columns are the fields of `dtype`, through files of plain numbers.

    In a run's local `staging` folder these are made once for all processes; else they are this process's own.
    Raises DatasetError naming a file that cannot be read or is not sorted.
    """
    name = blake2b("\n".join(paths).encode(), digest_size=8).hexdigest()
    shared = f"{staging}/rows-{name}" if staging and is_local(staging) else ""
    if os.path.isdir(shared):
        return _open(shared, dtype)
    with TemporaryDirectory(dir=os.path.dirname(shared) or None) as folder:
        _unpack(paths, dtype, folder)
        rows = _open(folder, dtype)
        if shared:
            with suppress(OSError):  # another process has made it meanwhile
                os.rename(folder, shared)
        return rows


def _unpack(paths: Iterable[str], dtype: np.dtype[np.void], folder: str) -> None:
    """Writes each column as a file of its numbers, a row group at a time."""
    bounds = [0]
    with naming(folder), ExitStack() as opened:
        files = {name: opened.enter_context(open(f"{folder}/{name}", "wb")) for name in (_BOUNDS, *(dtype.names or ()))}
        for path in paths:
            bounds.append(bounds[-1])
            for columns in _read_sorted(path, dtype):
                for name, column in columns.items():
                    files[name].write(column.data)  # tofile says nothing of what a full disk has cut off
                bounds[-1] += len(column)
        files[_BOUNDS].write(np.unique(bounds).data)


def _read_sorted(path: str, dtype: np.dtype[np.void]) -> Iterator[dict[str, NDArray[Any]]]:
    last = 0
    for table in read_row_groups(path):
        columns = to_columns(table, dtype)
        keys = np.append(np.uint64(last), next(iter(columns.values())))
        if (keys[1:] < keys[:-1]).any():
            raise DatasetError(f"{path}: the stored rows are not sorted; dateline check --repair makes the keys anew")
        last = keys[-1]
        yield columns


def _open(folder: str, dtype: np.dtype[np.void]) -> SortedRows:
    bounds = np.fromfile(f"{folder}/{_BOUNDS}", np.int64).tolist()
    names = dtype.names or ()
    if len(bounds) == 1:
        return sort_rows(np.zeros(0, dtype))
    columns = {name: np.asarray(np.memmap(f"{folder}/{name}", dtype[name], "r")) for name in names}
    return SortedRows(dtype, columns, bounds)


def to_rows(table: pa.Table, dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """A structured array of shape (rows,) from a table's columns of the same names."""
    rows = np.zeros(table.num_rows, dtype)
    for name, column in to_columns(table, dtype).items():
        rows[name] = column
    return rows


def to_columns(table: pa.Table, dtype: np.dtype[np.void]) -> dict[str, NDArray[Any]]:
    """The columns of a table that are the fields of `dtype`, each of shape (rows,)."""
    columns = {}
    for name in dtype.names or ():
        column = table[name].cast(pa.int64()) if pa.types.is_timestamp(table[name].type) else table[name]
        columns[name] = column.to_numpy().astype(dtype[name])
    return columns
