"""The signatures that earlier runs left under `_keys`, of which a run needs those that share a key with its own texts.

There may be a hundred times as many of them as new texts, so it is the keys of the new ones that travel: to the days
that near-duplicates may be filed under, where they are looked for.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.keys import FACTS, KEYS, NEVER, PERMUTATIONS, SIGNATURES, SOUGHT
from transforms.deduplicate.candidates import keys_of, near_matrix
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.texts.signatures import BAND_VALUES, mix
from transforms.write.stored import is_gone, list_files, read_row_groups

Rows = NDArray[np.void]

# Places in a table of keys for each key in it.
_TABLE = 16
_FACTORS = mix(np.arange(1, PERMUTATIONS // BAND_VALUES + 1, dtype=np.uint64))


def seek(facts: Rows, near_days: int) -> dict[int, bytes]:
    """SOUGHT rows as bytes, by the blocks of days that near-duplicates of comparable facts may be filed in."""
    facts = facts[facts["comparable"]]
    sought = np.empty(len(facts), SOUGHT)
    sought["day"], sought["keys"] = facts["day"], near_matrix(facts)
    first, last = (block_of(facts["day"] + days, near_days) for days in (-near_days, near_days))
    blocks = np.concatenate([first, last[last != first]])
    rows = np.concatenate([sought, sought[last != first]])
    return {int(block): rows[blocks == block].tobytes() for block in np.unique(blocks)}


def block_of(days: NDArray[np.int32], near_days: int) -> NDArray[np.int32]:
    """The block of each day, of as many days as near-duplicates of one may be filed in: they are in two at most."""
    return days // (2 * near_days + 1)


def find_sought(output: str, block: int, sought: Rows, near_days: int) -> tuple[Rows, Rows]:
    """FACTS of the stored articles filed in a block of days that share a key with SOUGHT rows, and those KEYS."""
    width = 2 * near_days + 1
    found = [(np.zeros(0, FACTS), np.zeros(0, KEYS))]
    for day in range(block * width, (block + 1) * width):
        near = sought["keys"][np.abs(sought["day"] - day) <= near_days]
        if len(near):
            found += _find_in_day(output, date_of(day), np.unique(near))
    facts, keys = zip(*found, strict=True)
    return np.concatenate(facts), np.concatenate(keys)


def _find_in_day(output: str, date: str, sought: NDArray[np.uint32]) -> list[tuple[Rows, Rows]]:
    try:
        paths = list_files(output, f"{SIGNATURES.name}/date={date}")
        return [_pick(facts, sought) for path in paths for facts in read_signatures(path, date)]
    except DatasetError as error:
        if not is_gone(error):
            raise
        return _find_in_day(output, date, sought)


def _pick(facts: Rows, sought: NDArray[np.uint32]) -> tuple[Rows, Rows]:
    keys = near_matrix(facts)
    found = _contains(sought, keys.astype(np.uint32)) & (keys != 0)
    rows = found.any(axis=1)
    return facts[rows], keys_of(facts[rows], np.where(found, keys, 0)[rows])


def _contains(sought: NDArray[np.uint32], values: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which values are among those sought: few get past a table by their lower bits, in which the others are found."""
    table = np.zeros(1 << (_TABLE * len(sought)).bit_length(), np.bool_)
    lower = np.uint32(len(table) - 1)
    table[sought & lower] = True
    found: NDArray[np.bool_] = table[values & lower]
    found[found] = np.isin(values[found], sought)
    return found


def read_signatures(path: str, date: str) -> Iterator[Rows]:
    """FACTS of the stored articles in a file of signatures, a row group at a time."""
    return (_signature_facts(table, date) for table in read_row_groups(path))


def _signature_facts(table: pa.Table, date: str) -> NDArray[np.void]:
    facts = np.zeros(table.num_rows, FACTS)
    for name in ("article", "story", "published"):
        facts[name] = table[name].to_numpy()
    values = table["signature"].combine_chunks().flatten().to_numpy()
    facts["signature"] = values.reshape(-1, PERMUTATIONS)
    for name in ("fingerprint", "words", "openings"):
        given = table[name].is_valid().to_numpy()
        values = table[name].combine_chunks().flatten().to_numpy()
        facts[name][given] = values.reshape(-1, *facts[name].shape[1:])
    facts["outlet"] = table["outlet"].fill_null(0).to_numpy()
    facts["uid"] = stored_uids(facts)
    facts["updated"], facts["day"] = NEVER, np.datetime64(date, "D").astype(np.int32)
    facts["stored"] = facts["comparable"] = True
    return facts


def stored_uids(facts: NDArray[np.void]) -> NDArray[np.uint64]:
    """A uid for each stored signature: the versions of an article have one each."""
    return mix(facts["article"] + np.ascontiguousarray(facts["signature"]).view(np.uint64) @ _FACTORS)
