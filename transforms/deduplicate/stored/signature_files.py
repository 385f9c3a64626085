"""The signatures in stored files, as FACTS, and mapped into memory with the keys that near-duplicates may share."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import FACTS, NEVER, PERMUTATIONS, SIGNATURES, SOUGHT
from transforms.deduplicate.candidates import near_matrix
from transforms.deduplicate.texts.signatures import BAND_VALUES, mix
from transforms.write.sorted_rows import SortedRows, map_rows
from transforms.write.stored import read_row_groups

Rows = NDArray[np.void]
Columns = dict[str, NDArray[Any]]

_NAMES = SIGNATURES.schema.names
# What a file holds, and the lower halves of the keys of each text.
_MAPPED = np.dtype([(name, FACTS[name]) for name in _NAMES] + [("keys", SOUGHT["keys"])])
_FACTORS = mix(np.arange(1, PERMUTATIONS // BAND_VALUES + 1, dtype=np.uint64))
_HELD = 366  # days


def read_signatures(path: str, date: str) -> Iterator[Rows]:
    """FACTS of the stored articles in a file of signatures, a row group at a time."""
    return (to_facts(_read(table), date) for table in read_row_groups(path))


def map_signatures(folder: str, paths: Sequence[str]) -> SortedRows:
    """The files of a day, of which those that this process has mapped for it before are not read again."""
    rows = map_rows(paths, _MAPPED, read=_read_with_keys)
    _held(folder)[:] = [rows]
    return rows


def forget_signatures() -> None:
    """Lets go of all that is mapped."""
    _held.cache_clear()


@lru_cache(maxsize=_HELD)
def _held(folder: str) -> list[SortedRows]:
    """What keeps the files of a day mapped: a list of one."""
    return []


def _read(table: pa.Table) -> Columns:
    """The fields of FACTS that a file holds."""
    columns = {name: table[name].to_numpy() for name in ("article", "story", "published")}
    columns["outlet"] = table["outlet"].fill_null(0).to_numpy()
    for name in ("signature", "fingerprint", "words", "openings"):
        columns[name] = _values(table[name], name)
    return columns


def _values(lists: pa.ChunkedArray, name: str) -> NDArray[np.uint16]:
    """The values of a field, of its shape; zeros where there is none."""
    given = lists.is_valid().to_numpy()
    values = np.zeros((len(given), *FACTS[name].shape), np.uint16)
    values[given] = lists.combine_chunks().flatten().to_numpy().reshape(-1, *FACTS[name].shape)
    return values


def _read_with_keys(table: pa.Table, dtype: np.dtype[np.void]) -> Columns:
    columns = _read(table)
    return columns | {"keys": near_matrix(columns).astype(np.uint32)}


def to_facts(rows: Rows | Columns, date: str) -> Rows:
    """FACTS of what stored files hold of texts, for those of a date."""
    facts = np.zeros(len(rows["article"]), FACTS)
    for name in _NAMES:
        facts[name] = rows[name]
    facts["uid"] = stored_uids(facts)
    facts["updated"], facts["day"] = NEVER, np.datetime64(date, "D").astype(np.int32)
    facts["stored"] = facts["comparable"] = True
    return facts


def stored_uids(facts: Rows) -> NDArray[np.uint64]:
    """A uid for each stored signature: the versions of an article have one each."""
    return mix(facts["article"] + np.ascontiguousarray(facts["signature"]).view(np.uint64) @ _FACTORS)
