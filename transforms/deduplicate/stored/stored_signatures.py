"""The signatures that earlier runs left under `_keys`, of which a run needs those that share a key with its own texts.

There may be a hundred times as many of them as new texts, so it is the keys of the new ones that travel: to the days
that near-duplicates may be filed under, where they are looked for.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from schemas.keys import FACTS, KEYS, SIGNATURES, SOUGHT
from transforms.deduplicate.candidates import keys_of, near_matrix
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.remembered import KeyFiles, remember
from transforms.deduplicate.stored.signature_files import map_signatures, to_facts
from transforms.write.sorted_rows import Segment
from transforms.write.stored import list_files, read_anew

Rows = NDArray[np.void]

# Places in a table of keys for each key in it.
_TABLE = 16
_SLICE = 1 << 16


class Wanted:
    """Keys that are sought, 0 being none: few others get past a table by their lower bits, and those are looked for."""

    def __init__(self, keys: NDArray[np.uint32]) -> None:
        self._keys = np.sort(keys[keys != 0])  # ten times faster than np.unique
        self._table = np.zeros(1 << (_TABLE * len(self._keys)).bit_length(), np.bool_)
        self._lower = np.uint32(len(self._table) - 1)
        self._table[self._keys & self._lower] = True

    def contain(self, values: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which of an array of values of any shape are among the keys."""
        found: NDArray[np.bool_] = self._table[values & self._lower]
        passed = values[found]
        at = np.minimum(np.searchsorted(self._keys, passed), len(self._keys) - 1)
        found[found] = self._keys[at] == passed
        return found


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
            found += _find_in_day(output, date_of(day), near)
    facts, keys = zip(*found, strict=True)
    return np.concatenate(facts), np.concatenate(keys)


def find_remembered(keys: KeyFiles, block: int, sought: Rows, near_days: int) -> tuple[Rows, Rows]:
    """As `find_sought`, without what others have committed since the key files were listed: the commit meets that."""
    facts, found = find_sought(keys.output, block, sought, near_days)
    facts = facts[remember(keys).count_versions(facts["article"]) > 0]
    return facts, found[np.isin(found["uid"], facts["uid"])]


def _find_in_day(output: str, date: str, near: NDArray[np.uint32]) -> list[tuple[Rows, Rows]]:
    folder = f"{SIGNATURES.name}/date={date}"
    stored = read_anew(lambda: map_signatures(f"{output}/{folder}", list_files(output, folder)))
    wanted = Wanted(near if stored.segments else near[:0])
    return [_pick(to_facts(rows, date), wanted) for segment in stored.segments for rows in _meet(segment, wanted)]


def _meet(segment: Segment, wanted: Wanted) -> Iterator[Rows]:
    """The rows that have any of the keys, of some thousand at a time."""
    for start in range(0, len(segment), _SLICE):
        met = wanted.contain(segment.columns["keys"][start : start + _SLICE]).any(axis=1)
        yield segment.take(start + np.flatnonzero(met))


def _pick(facts: Rows, wanted: Wanted) -> tuple[Rows, Rows]:
    keys = near_matrix(facts)
    return facts, keys_of(facts, np.where(wanted.contain(keys.astype(np.uint32)), keys, 0))
