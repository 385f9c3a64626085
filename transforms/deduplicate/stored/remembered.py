"""The exact keys and the versions that earlier runs left under `_keys`: a batch is looked up at once."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.forgotten import FORGOTTEN, FORGOTTEN_ROWS
from schemas.keys import EXACT, VERSIONS
from schemas.lines import LINES
from schemas.tables import Table
from transforms.deduplicate.stored.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.write.sorted_rows import SortedRows, map_rows, sort_rows
from transforms.write.stored import is_gone, list_files

_Keys = NDArray[np.uint64]

EXACT_ROWS = np.dtype([("key", np.uint64), ("article", np.uint64), ("day", np.int32), ("alias", np.bool_)])
VERSION_ROWS = np.dtype(
    [
        ("article", np.uint64),
        ("content", np.uint64),
        ("version", np.int32),
        ("full", np.bool_),
        ("source", np.uint64),
        ("story", np.uint64),
        ("day", np.int32),
        ("ingested_at", np.int64),
    ]
)


@dataclass(frozen=True)
class KeyFiles:
    """The files of remembered keys and lines that a run works with, listed once at its start."""

    output: str
    exact: tuple[str, ...]
    versions: tuple[str, ...]
    lines: tuple[str, ...]
    staging: str = ""  # the run's folder, where its processes share what they have read; without, each keeps its own
    forgotten: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remembered:
    """Stored keys, looked up by key, and stored versions, looked up by article; and what was forgotten."""

    exact: SortedRows
    versions: SortedRows
    forgotten: Forgotten = NOTHING_FORGOTTEN

    def find(self, keys: _Keys) -> NDArray[np.void]:
        """For each key its latest row, or zeros where it is not remembered."""
        at, rows = self._rows_of(keys)
        return _last_of_each(at, rows, len(keys))

    def find_nearest(self, keys: _Keys, days: NDArray[np.int32]) -> NDArray[np.void]:
        """The same, but of several rows of a key the one filed nearest to the day given."""
        at, rows = self._rows_of(keys)
        nearer = np.argsort(-np.abs(rows["day"] - days[at]), kind="stable")
        return _last_of_each(at[nearer], rows[nearer], len(keys))

    def has(self, keys: _Keys) -> NDArray[np.bool_]:
        """Which keys are remembered."""
        found = np.zeros(len(keys), np.bool_)
        found[self.exact.find(keys)[0]] = True
        return found

    def current(self, articles: _Keys) -> NDArray[np.void]:
        """For each article the row of its current text, or zeros where it is not stored."""
        at, rows = self._versions_of(articles)
        return _last_of_each(at, rows, len(articles))

    def count_versions(self, articles: _Keys) -> NDArray[np.int64]:
        """For each article the number of its remembered texts, returns to an earlier one included."""
        return np.bincount(self.versions.find(articles)[0], minlength=len(articles))

    def versions_of(self, articles: _Keys) -> list[NDArray[np.void]]:
        """For each article all its versions, oldest first, the current one last; none if it is not stored."""
        at, rows = self._versions_of(articles)
        order = np.argsort(at, kind="stable")
        return np.split(rows[order], np.searchsorted(at[order], np.arange(1, len(articles))))[: len(articles)]

    def _rows_of(self, keys: _Keys) -> tuple[NDArray[np.int64], NDArray[np.void]]:
        at, rows = self.exact.find(keys)
        # Where both the article's own source and a copy have a key, the last row is the article's own.
        order = np.lexsort((rows["article"], ~rows["alias"], rows["day"]))
        return at[order], rows[order]

    def _versions_of(self, articles: _Keys) -> tuple[NDArray[np.int64], NDArray[np.void]]:
        at, rows = self.versions.find(articles)
        order = np.lexsort((rows["version"], rows["ingested_at"]))
        return at[order], rows[order]


def _last_of_each(at: NDArray[np.int64], rows: NDArray[np.void], count: int) -> NDArray[np.void]:
    """The last row of each place, or zeros."""
    found = np.zeros(count, rows.dtype)
    found[at] = rows
    return found


def list_key_files(output: str, staging: str = "") -> KeyFiles:
    """The key files that a dataset has now, for the run that has this staging folder."""
    tables = (EXACT, VERSIONS, LINES, FORGOTTEN)
    exact, versions, lines, forgotten = (tuple(list_files(output, table.name)) for table in tables)
    return KeyFiles(output, exact, versions, lines, staging, forgotten)


@lru_cache(maxsize=2)
def remember(files: KeyFiles) -> Remembered:
    """Read the keys, on a local disk once a run, else of each process once each file.

    Raises DatasetError naming a bad file.
    """
    try:
        return Remembered(
            map_rows(files.exact, EXACT_ROWS, files.staging),
            map_rows(files.versions, VERSION_ROWS, files.staging),
            read_forgotten(files),
        )
    except DatasetError as error:
        if not is_gone(error):
            raise
        return remember(list_key_files(files.output, files.staging))


def read_forgotten(files: KeyFiles) -> Forgotten:
    """What was forgotten, as `remember` gives it, without the keys. DatasetError for a file that cannot be read."""
    return Forgotten(map_rows(files.forgotten, FORGOTTEN_ROWS, files.staging))


def build_remembered(exact: NDArray[np.void], versions: NDArray[np.void]) -> Remembered:
    """From rows in any order."""
    return Remembered(sort_rows(exact), sort_rows(versions))


def to_table(rows: NDArray[np.void], table: Table) -> pa.Table:
    """A structured array as rows of a key table, whose columns are its fields."""
    return pa.table({field.name: pa.array(rows[field.name]).cast(field.type) for field in table.schema}, table.schema)
