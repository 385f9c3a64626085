"""Rows of sorted files to look up in: columns mapped into memory, of which only what is looked at takes any."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from transforms.write.files import is_local, naming
from transforms.write.stored import read_row_groups

Rows = NDArray[np.void]
Read = Callable[[pa.Table, np.dtype[np.void]], dict[str, NDArray[Any]]]

_BOUNDS = "bounds"


@dataclass(frozen=True)  # without slots: what is mapped is shared by a weak reference
class Segment:
    """The rows of one file, sorted by the first column: `columns` are the fields of `dtype`, of shape (rows,)."""

    dtype: np.dtype[np.void]
    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.key)

    @property
    def key(self) -> NDArray[np.uint64]:
        """The first column."""
        return next(iter(self.columns.values()))

    def find(self, ordered: NDArray[np.uint64]) -> tuple[NDArray[np.int64], Rows]:
        """The rows whose key is one of `ordered`, and where in it each has it."""
        left = np.searchsorted(self.key, ordered)
        found = np.flatnonzero(self.key[np.minimum(left, len(self) - 1)] == ordered)
        left = left[found]
        counts = np.searchsorted(self.key, ordered[found], side="right") - left
        return np.repeat(found, counts), self.take(_ranges(left, counts))

    def take(self, rows: NDArray[np.int64] | slice) -> Rows:
        """Some rows by their numbers."""
        taken = np.empty(len(self.key[rows]), self.dtype)
        for name, column in self.columns.items():
            taken[name] = column[rows]
        return taken


@dataclass(frozen=True)
class SortedRows:
    """The rows of several files, none of which is empty."""

    dtype: np.dtype[np.void]
    segments: list[Segment]

    def find(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], Rows]:
        """The rows whose first column is one of `wanted`, and where in `wanted` each has it."""
        order = np.argsort(wanted)  # a search for values in order stays within the processor's cache
        ordered = wanted[order]
        at, rows = [np.zeros(0, np.int64)], [np.zeros(0, self.dtype)]
        for segment in self.segments:
            places, found = segment.find(ordered)
            at.append(order[places])
            rows.append(found)
        return np.concatenate(at), np.concatenate(rows)

    def all(self) -> Rows:
        """All rows, in memory."""
        return np.concatenate([np.zeros(0, self.dtype), *(segment.take(slice(None)) for segment in self.segments)])


# What this process has mapped, by path, for as long as anything looks up in it. Committed files never change.
_mapped: WeakValueDictionary[str, Segment] = WeakValueDictionary()


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as counted."""
    return np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())


def sort_rows(rows: Rows) -> SortedRows:
    """Rows in any order, in memory."""
    names = rows.dtype.names or ()
    rows = rows[np.argsort(rows[names[0]], kind="stable")]
    segment = Segment(rows.dtype, {name: rows[name].copy() for name in names})
    return SortedRows(rows.dtype, [segment] if len(rows) else [])


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


def map_rows(paths: Sequence[str], dtype: np.dtype[np.void], staging: str = "", read: Read = to_columns) -> SortedRows:
    """The rows of Parquet files through files of plain numbers: of what `read` makes the fields of `dtype` from.

    In a run's local `staging` folder these are made once for all processes; else they are this process's own, and a
    file that it has mapped is not read again. Raises DatasetError naming a file that cannot be read or is not sorted.
    """
    if staging and is_local(staging):
        return SortedRows(dtype, _map_shared(paths, dtype, staging, read))
    return SortedRows(dtype, [segment for path in paths for segment in _map_own(path, dtype, read)])


def _map_shared(paths: Sequence[str], dtype: np.dtype[np.void], staging: str, read: Read) -> list[Segment]:
    name = blake2b("\n".join(paths).encode(), digest_size=8).hexdigest()
    shared = f"{staging}/rows-{name}"
    if os.path.isdir(shared):
        return _open(shared, dtype)
    with TemporaryDirectory(dir=staging) as folder:
        _unpack(paths, dtype, folder, read)
        segments = _open(folder, dtype)
        with suppress(OSError):  # another process has made it meanwhile
            os.rename(folder, shared)
        return segments


def _map_own(path: str, dtype: np.dtype[np.void], read: Read) -> list[Segment]:
    if segment := _mapped.get(path):
        return [segment]
    with TemporaryDirectory() as folder:
        _unpack([path], dtype, folder, read)
        segments = _open(folder, dtype)
    for segment in segments:
        _mapped[path] = segment
    return segments


def _unpack(paths: Iterable[str], dtype: np.dtype[np.void], folder: str, read: Read) -> None:
    """Writes each column as a file of its numbers, a row group at a time."""
    bounds = [0]
    with naming(folder), ExitStack() as opened:
        files = {name: opened.enter_context(open(f"{folder}/{name}", "wb")) for name in (_BOUNDS, *(dtype.names or ()))}
        for path in paths:
            bounds.append(bounds[-1])
            for columns in _read_sorted(path, dtype, read):
                for name, column in columns.items():
                    files[name].write(column.data)  # tofile says nothing of what a full disk has cut off
                bounds[-1] += len(column)
        files[_BOUNDS].write(np.unique(bounds).data)


def _read_sorted(path: str, dtype: np.dtype[np.void], read: Read) -> Iterator[dict[str, NDArray[Any]]]:
    last = 0
    for table in read_row_groups(path):
        columns = read(table, dtype)
        keys = np.append(np.uint64(last), next(iter(columns.values())))
        if (keys[1:] < keys[:-1]).any():
            raise DatasetError(f"{path}: the stored rows are not sorted; dateline check --repair makes the keys anew")
        last = keys[-1]
        yield columns


def _open(folder: str, dtype: np.dtype[np.void]) -> list[Segment]:
    bounds = np.fromfile(f"{folder}/{_BOUNDS}", np.int64).tolist()
    if len(bounds) == 1:
        return []
    columns = {name: np.asarray(np.memmap(f"{folder}/{name}", dtype[name], "r")) for name in dtype.names or ()}
    return [
        Segment(dtype, {name: column[start:end] for name, column in columns.items()}) for start, end in pairwise(bounds)
    ]
