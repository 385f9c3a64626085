"""Near-duplicates: for each new article the kept article that its text is most like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.candidates import positions, unique_rows
from transforms.deduplicate.settings import DuplicateSettings
from transforms.deduplicate.signatures import estimate_jaccard

Rows = NDArray[np.void]

# From the first on a text has been told already; from the second on it is related, with news of its own.
DUPLICATE_SCORE = 0.8
RELATED_SCORE = 0.5


@dataclass(frozen=True)
class Near:
    """The kept article nearest to a new one; `drop` where it says the same."""

    article: int
    story: int
    score: float
    drop: bool


def nearest_kept(
    facts: Rows, winners: list[int], stored: Rows, pairs: Rows, settings: DuplicateSettings
) -> dict[int, Near]:
    """By row of `facts`: what each of the `winners` (rows in order) is near to, if anything."""
    nodes = np.concatenate([stored, facts[winners]])
    candidates = _earlier_candidates(nodes, len(stored), pairs)
    standing = list(range(len(nodes)))  # for each node the kept one that stands for it
    stories = nodes["story"].tolist()
    near: dict[int, Near] = {}
    for node, row in enumerate(winners, start=len(stored)):
        others = np.array(sorted({standing[other] for other in candidates.get(node, ())}), np.int64)
        found = _nearest(nodes, node, others, settings.near_days)
        if found is None:
            continue
        other, score = found
        drop = score >= DUPLICATE_SCORE and not settings.keep
        stories[node] = stories[other]
        standing[node] = other if drop else node
        near[row] = Near(int(nodes["article"][other]), stories[other], score, drop)
    return near


def _nearest(nodes: Rows, node: int, others: NDArray[np.int64], near_days: int) -> tuple[int, float] | None:
    """The most alike of `others`, the earliest of equals, if it is alike enough and filed near enough."""
    others = others[np.abs(nodes["day"][others] - nodes["day"][node]) <= near_days]
    if not len(others):
        return None
    scores = estimate_jaccard(nodes["signature"][others], nodes["signature"][node])
    best = int(np.argmax(scores))
    return (int(others[best]), float(scores[best])) if scores[best] >= RELATED_SCORE else None


def _earlier_candidates(nodes: Rows, first_new: int, pairs: Rows) -> dict[int, list[int]]:
    """By new node: the nodes before it that it shares a band with."""
    near = unique_rows(pairs[~pairs["exact"]])
    ends = np.sort([positions(nodes["uid"], near[side]) for side in ("left", "right")], axis=0)
    before, after = ends[:, (ends[0] >= 0) & (ends[1] >= first_new)].tolist()
    candidates: dict[int, list[int]] = {}
    for a, b in zip(before, after, strict=True):
        candidates.setdefault(b, []).append(a)
    return candidates
