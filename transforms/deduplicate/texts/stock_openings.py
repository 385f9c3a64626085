"""Openings that are no evidence: those with which several articles begin, as the parts of a series do."""

import numpy as np
from numpy.typing import NDArray

from schemas.keys import CHECKPOINTS
from transforms.deduplicate.texts.fingerprints import tells_apart
from transforms.deduplicate.texts.openings import LEAST_SHARE, keys_at
from transforms.deduplicate.texts.signatures import estimate_jaccard

Rows = NDArray[np.void]
_Ints = NDArray[np.int64]
_Keys = NDArray[np.uint64]
# Two texts of one outlet that are less alike than this are of two articles.
_LEAST = 0.5


def stock_openings(facts: Rows, articles: _Keys, places: _Ints, keys: _Keys) -> _Keys:
    """Which openings (as `shared_openings` gives them) are stock, given FACTS and the article of each row.

    Those are stock that two unlike articles of one outlet begin with, or two articles of any outlets (of one owner)
    about other numbers and names. Each is compared with the first of its outlet and of all: linear in a flood.
    """
    parts = [_opened(facts, place, keys[places == place]) for place in np.unique(places[keys != 0]).tolist()]
    opening, rows = (np.concatenate(side) for side in zip((keys[:0], places[:0]), *parts, strict=True))
    outlet = facts["outlet"][rows]
    order = np.lexsort((rows, outlet, opening))
    opening, rows, outlet = opening[order], rows[order], outlet[order]
    first, of_outlet = _firsts(rows, opening), _firsts(rows, opening, outlet)
    unlike = estimate_jaccard(facts["signature"][of_outlet], facts["signature"][rows]) < _LEAST
    other = [
        (articles[one] != articles[rows]) & (tells_apart(facts["fingerprint"][one], facts["fingerprint"][rows]) | also)
        for one, also in ((of_outlet, unlike), (first, False))
    ]
    return np.unique(opening[np.any(other, axis=0)])


def _opened(facts: Rows, place: int, keys: _Keys) -> tuple[_Keys, _Ints]:
    """The keys, and the rows whose text or description goes on after each: a summary is no part of a series."""
    goes_on = facts["words"] * LEAST_SHARE > CHECKPOINTS[place]
    rows, sides = np.nonzero(goes_on)
    found = keys_at(facts["openings"][rows, sides], np.full(len(rows), place))
    is_sought = np.isin(found, keys)
    return found[is_sought], rows[is_sought]


def _firsts(rows: _Ints, *keys: _Keys) -> _Ints:
    """For each row the first of the run of rows with equal keys."""
    if not len(rows):
        return rows
    fresh = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    starts = np.flatnonzero(np.concatenate([[True], fresh]))
    return np.repeat(rows[starts], np.diff(starts, append=len(rows)))
