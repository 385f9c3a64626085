"""Which occurrences share a key: arrays of keys are sorted, and equal neighbours are pairs."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.keys import ALWAYS, KEYS, PAIRS
from transforms.deduplicate.texts.fingerprints import fingerprint_keys
from transforms.deduplicate.texts.openings import opening_keys
from transforms.deduplicate.texts.signatures import band_keys

# Each is paired with the first that has the key, and with so many neighbours: linear in a flood of copies.
_NEIGHBOURS = 8
# Whole floods are published at one time. Among so few as share these bits, too, all are neighbours.
_TIE_BITS = 10
_FAR = 1 << 52  # microseconds, over a century

Rows = NDArray[np.void]


def exact_keys(facts: Rows) -> Rows:
    """KEYS of every URL, guid and text."""
    return keys_of(facts, np.stack([facts[name] for name in ("url", "guid", "text")], axis=1))


def near_keys(facts: Rows) -> Rows:
    """KEYS of the signature bands, the openings and the fingerprints of texts that are long enough to compare."""
    able = facts[facts["comparable"]]
    return keys_of(able, near_matrix(able))


def near_matrix(facts: Rows | dict[str, NDArray[Any]]) -> NDArray[np.uint64]:
    """The same keys of FACTS, or of some columns of them: of shape (facts, 42); 0 for none."""
    bands, openings = band_keys(facts["signature"]), opening_keys(facts["openings"])
    return np.hstack([bands, openings, fingerprint_keys(facts["fingerprint"])])


def keys_of(facts: Rows, keys: NDArray[np.uint64]) -> Rows:
    """KEYS of the keys of each of the facts, of shape (facts, keys); 0 is none."""
    present = keys != 0
    owner = np.nonzero(present)[0]
    rows = np.empty(len(owner), KEYS)
    rows["key"], rows["uid"] = keys[present], facts["uid"][owner]
    rows["order"] = _order(facts)[owner]
    return rows


def _order(facts: Rows) -> NDArray[np.int64]:
    """Stored ones first, then as they are judged: by the time published and the first bits of the article."""
    published = np.clip(facts["published"], -_FAR, _FAR) << _TIE_BITS
    ties = (facts["article"] >> np.uint64(64 - _TIE_BITS)).astype(np.int64)
    return np.where(facts["stored"], ALWAYS, published + ties)


def split_by(rows: Rows, column: str, parts: int) -> dict[int, bytes]:
    """The rows as bytes, by `column` modulo `parts`; parts without rows are absent."""
    part = (rows[column] % np.uint64(parts)).astype(np.int64)
    rows = rows[np.argsort(part, kind="stable")]
    bounds = np.searchsorted(np.sort(part), np.arange(parts + 1))
    return {p: rows[a:b].tobytes() for p, (a, b) in enumerate(pairwise(bounds)) if b > a}


def find_pairs(keys: Rows, exact: bool) -> Rows:
    """PAIRS of occurrences with an equal key: each with the first of them, and with some neighbours in order.

    Two that are stored have been judged before: they make no pair.
    """
    keys = unique_rows(_shared(keys))
    key, uid, stored = keys["key"].copy(), keys["uid"].copy(), keys["order"] == ALWAYS
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    firsts = np.repeat(starts, np.diff(starts, append=len(key)))
    found = [(firsts, np.arange(len(key)))]
    for step in range(1, _NEIGHBOURS):
        left = np.flatnonzero(key[step:] == key[:-step])
        found.append((left, left + step))
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    fresh = ~(stored[left] & stored[right])
    return _pairs(uid[left[fresh]], uid[right[fresh]], exact)


def _shared(keys: Rows) -> Rows:
    """The few rows whose key another row has too: sorting keys alone is ten times faster than sorting rows."""
    key = keys["key"].copy()
    ordered = np.sort(key)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    shared: Rows = keys[_contains(repeated, key)]
    return shared


def _contains(ordered: NDArray[np.uint64], values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[at] == values
    return found


def _pairs(left: NDArray[np.uint64], right: NDArray[np.uint64], exact: bool) -> Rows:
    apart = left != right
    pairs = np.zeros(np.count_nonzero(apart), PAIRS)
    pairs["left"], pairs["right"] = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
    pairs["exact"] = exact
    return unique_rows(pairs)


def unique_rows(rows: Rows) -> Rows:
    """The distinct rows, sorted by their fields in order (100 times faster than np.unique on rows)."""
    names = rows.dtype.names or ()
    rows = rows[np.lexsort([rows[name] for name in reversed(names)])]
    if not len(rows):
        return rows
    fresh = np.any([rows[name][1:] != rows[name][:-1] for name in names], axis=0)
    return rows[np.r_[True, fresh]]


def positions(uids: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each wanted uid stands in `uids`; -1 where it does not."""
    if not len(uids):
        return np.full(len(wanted), -1)
    order = np.argsort(uids)
    at = order[np.minimum(np.searchsorted(uids, wanted, sorter=order), len(uids) - 1)]
    return np.where(uids[at] == wanted, at, -1)
