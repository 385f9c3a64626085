"""What was forgotten, looked up by the keys of entries: they are held back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schemas.forgotten import AGED, BEFORE, FORGOTTEN_ROWS, KINDS, SOURCE, TAKEN_DOWN
from transforms.deduplicate.keys import name_key
from transforms.write.sorted_rows import SortedRows

Rows = NDArray[np.void]
_Keys = NDArray[np.uint64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Forgotten:
    """FORGOTTEN_ROWS, to look up by key."""

    rows: SortedRows

    @cached_property
    def _kinds(self) -> frozenset[int]:
        columns = [segment.columns["kind"] for segment in self.rows.segments]
        return frozenset(kind for kind in KINDS if any((column == kind).any() for column in columns))

    @cached_property
    def before(self) -> int:
        """The day (since the epoch) before which nothing is held; 0 where there is none."""
        days = [segment.key[segment.columns["kind"] == BEFORE] for segment in self.rows.segments]
        return int(np.concatenate([np.zeros(1, np.uint64), *days]).max()) if BEFORE in self._kinds else 0

    @property
    def has_takedowns(self) -> bool:
        """Whether documents that are kept as they came must be looked through."""
        return not self._kinds.isdisjoint({TAKEN_DOWN, SOURCE})

    def has(self, keys: _Keys, *kinds: int) -> _Flags:
        """Which keys there are of some kinds; of any kind where none is given."""
        found = np.zeros(len(keys), np.bool_)
        if not kinds or not self._kinds.isdisjoint(kinds):
            at, rows = self.rows.find(keys)
            found[at[np.isin(rows["kind"], kinds)] if kinds else at] = True
        return found

    def has_source(self, source: str) -> bool:
        """Whether all that comes from a source is held back."""
        return SOURCE in self._kinds and bool(self.has(np.array([name_key("source", source)], np.uint64), SOURCE)[0])

    def holds(self, facts: Rows) -> _Flags:
        """Which FACTS, or fields of them, are of entries that were forgotten, whatever day they are filed under."""
        return self._hold(facts, TAKEN_DOWN, AGED)

    def holds_taken_down(self, facts: Rows) -> _Flags:
        """The same, without those that went by their age."""
        return self._hold(facts, TAKEN_DOWN)

    def _hold(self, facts: Rows, *kinds: int) -> _Flags:
        held = self.has(np.ascontiguousarray(facts["source"]), SOURCE)
        for name in ("uid", "url", "guid", "text"):
            held |= self.has(np.ascontiguousarray(facts[name]), *kinds) & (facts[name] != 0)
        return held


NOTHING_FORGOTTEN = Forgotten(SortedRows(FORGOTTEN_ROWS, []))
