"""Openings that are no evidence: those with which several articles of one outlet begin, as a daily column does."""

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.candidates import unique_rows

Rows = NDArray[np.void]
_OPENED = np.dtype([("opening", np.uint32), ("outlet", np.uint64), ("article", np.uint64)])
_HASH = np.uint32(0xFFFF)


def stock_openings(facts: Rows, articles: NDArray[np.uint64], openings: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Which of `openings` (as `shared_openings` gives them) are stock, given FACTS and the article of each row."""
    opened = [np.zeros(0, _OPENED)]
    for place in np.unique(openings >> np.uint32(16)).tolist():
        hashes = (openings[openings >> np.uint32(16) == place] & _HASH).astype(np.uint16)
        owners, sides = np.nonzero(np.isin(facts["openings"][:, :, place], hashes))
        found = np.zeros(len(owners), _OPENED)
        found["opening"] = facts["openings"][owners, sides, place] | np.uint32(place << 16)
        found["outlet"], found["article"] = facts["outlet"][owners], articles[owners]
        opened.append(found)
    rows = unique_rows(np.concatenate(opened))
    again = (rows["opening"][1:] == rows["opening"][:-1]) & (rows["outlet"][1:] == rows["outlet"][:-1])
    stock: NDArray[np.uint32] = np.unique(rows["opening"][1:][again])
    return stock
