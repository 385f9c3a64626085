"""What earlier runs left under `_keys`, as sorted arrays that a batch is looked up in at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.keys import EXACT, FACTS, NEVER, PERMUTATIONS, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.tables import Table
from transforms.deduplicate.signatures import band_keys, mix
from transforms.write.stored import list_files, read_stored

_Ints = NDArray[np.uint64]

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


@dataclass(frozen=True)
class Remembered:
    """Stored keys sorted by (key, day), and stored versions sorted by (article, time, version)."""

    exact: NDArray[np.void]
    versions: NDArray[np.void]
    # The sorted columns once more, contiguous: a search in a column of rows would copy it each time.
    keys: _Ints
    articles: _Ints

    def find(self, keys: _Ints) -> NDArray[np.void]:
        """For each key its latest row, or zeros where it is not remembered."""
        return _last_rows(self.exact, self.keys, keys)

    def find_nearest(self, keys: _Ints, days: NDArray[np.int32]) -> NDArray[np.void]:
        """The same, but of several rows of a key the one filed nearest to the day given."""
        found = self.find(keys)
        first, last = (np.searchsorted(self.keys, keys, side) for side in ("left", "right"))
        for i in np.flatnonzero(last - first > 1).tolist():
            rows = self.exact[first[i] : last[i]]
            found[i] = rows[::-1][np.argmin(np.abs(rows["day"] - days[i])[::-1])]
        return found

    def has(self, keys: _Ints) -> NDArray[np.bool_]:
        """Which keys are remembered."""
        found: NDArray[np.bool_] = self.find(keys)["key"] != 0
        return found

    def current(self, articles: _Ints) -> NDArray[np.void]:
        """For each article the row of its current text, or zeros where it is not stored."""
        return _last_rows(self.versions, self.articles, articles)

    def count_versions(self, articles: _Ints) -> NDArray[np.int64]:
        """For each article the number of its remembered texts, returns to an earlier one included."""
        left, right = (np.searchsorted(self.articles, articles, side) for side in ("left", "right"))
        return right - left

    def versions_of(self, article: int) -> NDArray[np.void]:
        """All versions of a stored article, oldest first, the current one last; empty if there is none."""
        first, last = (np.searchsorted(self.articles, np.uint64(article), side) for side in ("left", "right"))
        return self.versions[first:last]


def _last_rows(rows: NDArray[np.void], column: _Ints, wanted: _Ints) -> NDArray[np.void]:
    found = np.zeros(len(wanted), rows.dtype)
    if len(rows):
        at = np.searchsorted(column, wanted, side="right") - 1
        hit = (at >= 0) & (column[at] == wanted) & (wanted != 0)
        found[hit] = rows[at[hit]]
    return found


def list_key_files(output: str) -> KeyFiles:
    """The key files that a dataset has now."""
    return KeyFiles(output, *(tuple(list_files(output, table.name)) for table in (EXACT, VERSIONS, LINES)))


@lru_cache(maxsize=2)
def remember(files: KeyFiles) -> Remembered:
    """Read the keys, once a process. Raises DatasetError naming a file that cannot be read."""
    try:
        return build_remembered(read_rows(files.exact, EXACT_ROWS), read_rows(files.versions, VERSION_ROWS))
    except DatasetError as error:
        if not _is_gone(error):
            raise
        # Another run has joined them to one meanwhile, which holds all that they held.
        return remember(list_key_files(files.output))


def _is_gone(error: DatasetError) -> bool:
    return isinstance(error.__cause__, FileNotFoundError)


def build_remembered(exact: NDArray[np.void], versions: NDArray[np.void]) -> Remembered:
    """Sort rows in any order for looking up."""
    # Where both the article's own source and a copy have a key, the last row found is the article's own.
    by_key = np.lexsort((exact["article"], ~exact["alias"], exact["day"], exact["key"]))
    by_article = np.lexsort((versions["version"], versions["ingested_at"], versions["article"]))
    exact, versions = exact[by_key], versions[by_article]
    return Remembered(exact, versions, exact["key"].copy(), versions["article"].copy())


def read_rows(paths: Iterable[str], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """The rows of Parquet files whose columns are the fields of `dtype`."""
    tables = [read_stored(path) for path in paths]
    return to_rows(pa.concat_tables(tables), dtype) if tables else np.zeros(0, dtype)


def to_rows(table: pa.Table, dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """A structured array of shape (rows,) from a table's columns of the same names."""
    rows = np.zeros(table.num_rows, dtype)
    for name in dtype.names or ():
        column = table[name].combine_chunks()
        rows[name] = (column.cast(pa.int64()) if name == "ingested_at" else column).to_numpy(zero_copy_only=False)
    return rows


def to_table(rows: NDArray[np.void], table: Table) -> pa.Table:
    """The inverse of `to_rows`, in the schema of a key table."""
    return pa.table({field.name: pa.array(rows[field.name]).cast(field.type) for field in table.schema}, table.schema)


def read_signatures(output: str, date: str) -> NDArray[np.void]:
    """FACTS of the stored articles filed under a date whose signatures are kept."""
    try:
        tables = [read_stored(path) for path in list_files(output, f"{SIGNATURES.name}/date={date}")]
    except DatasetError as error:
        if not _is_gone(error):
            raise
        return read_signatures(output, date)
    return _signature_facts(pa.concat_tables([SIGNATURES.schema.empty_table(), *tables]), date)


def _signature_facts(table: pa.Table, date: str) -> NDArray[np.void]:
    facts = np.zeros(table.num_rows, FACTS)
    for name in ("article", "story", "published"):
        facts[name] = table[name].to_numpy()
    values = table["signature"].combine_chunks().flatten().to_numpy()
    facts["signature"] = values.reshape(-1, PERMUTATIONS)
    facts["uid"] = stored_uids(facts)
    facts["updated"], facts["day"] = NEVER, np.datetime64(date, "D").astype(np.int32)
    facts["stored"] = facts["comparable"] = True
    return facts


def stored_uids(facts: NDArray[np.void]) -> NDArray[np.uint64]:
    """A uid for each stored signature: the versions of an article have one each."""
    return mix(facts["article"] + band_keys(facts["signature"])[:, 0])
