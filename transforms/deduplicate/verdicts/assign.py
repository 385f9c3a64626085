"""Which article each entry is an occurrence of, and how that was found."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.keys import EXCERPT, NEAR_DUPLICATE, SAME_TEXT, SAME_URL
from transforms.deduplicate.stored.lookup import Hits
from transforms.deduplicate.verdicts.judge import Columns, Occurrence
from transforms.deduplicate.verdicts.nearest import Near

_Ints = NDArray[np.int64]


def assign(columns: Columns, hits: Hits, firsts: _Ints, near: dict[int, Near]) -> dict[int, list[Occurrence]]:
    """The occurrences of each article, in order; entries that share nothing are left out.

    `firsts` has for each entry the first of its group, and `near` what the first of a group is near to.
    """
    assigned: dict[int, list[Occurrence]] = {}
    for group in _groups(columns, hits, firsts, near):
        for occurrence in _of_group(columns, hits, group, near.get(group[0])):
            assigned.setdefault(occurrence.article, []).append(occurrence)
    for occurrences in assigned.values():
        occurrences.sort(key=lambda occurrence: (occurrence.relation in (NEAR_DUPLICATE, EXCERPT), occurrence.row))
    return assigned


def _groups(columns: Columns, hits: Hits, firsts: _Ints, near: dict[int, Near]) -> Iterator[list[int]]:
    kept = {found.article for found in near.values() if found.drop}
    shares = np.bincount(firsts, minlength=len(firsts)) > 1
    shares[firsts[hits.article != 0]] = True
    shares[[*near, *(row for row, article in enumerate(columns["article"]) if article in kept)]] = True
    rows = np.flatnonzero(shares[firsts])
    rows = rows[np.argsort(firsts[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(firsts[rows], prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(rows)]):
        yield rows[start:end].tolist()


def _of_group(columns: Columns, hits: Hits, group: list[int], near: Near | None) -> Iterator[Occurrence]:
    articles = hits.article[group].tolist()
    first_hit = next((row for row, article in zip(group, articles, strict=True) if article), None)
    seen: set[int] = set()
    for row, article in zip(group, articles, strict=True):
        keys = {columns["url"][row], columns["guid"][row]} - {0}
        relation = SAME_URL if keys & seen else SAME_TEXT
        seen |= keys
        if article:
            yield Occurrence(row, article, int(hits.relation[row]), 1.0, bool(hits.alias[row]))
        elif first_hit is not None:
            yield Occurrence(row, int(hits.article[first_hit]), relation, 1.0, bool(hits.alias[first_hit]))
        elif near and near.drop:
            yield Occurrence(row, near.article, near.relation, near.score, True)
        else:
            yield Occurrence(row, columns["article"][group[0]], relation, 1.0, False)
