"""Near-duplicates: for each new article the kept article that its text is most like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.candidates import positions
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
    near: dict[int, Near] = {}
    kept = dict.fromkeys(range(len(stored)), True)
    stories = [int(story) for story in nodes["story"]]
    candidates = _scored(nodes, len(stored), pairs, settings.near_days)
    for node, row in enumerate(winners, start=len(stored)):
        options = [(score, -other) for other, score in candidates.get(node, ()) if kept[other]]
        score, other = max(options, default=(0.0, 0))
        drop = score >= DUPLICATE_SCORE and not settings.keep
        kept[node] = not drop
        if options:
            stories[node] = stories[-other]
            near[row] = Near(int(nodes["article"][-other]), stories[node], score, drop)
    return near


def _scored(nodes: Rows, first_new: int, pairs: Rows, near_days: int) -> dict[int, list[tuple[int, float]]]:
    """By node: the nodes before it that it shares a band with, and how alike they are."""
    near = pairs[~pairs["exact"]]
    ends = np.sort([positions(nodes["uid"], near[side]) for side in ("left", "right")], axis=0)
    before, after = ends[:, (ends[0] >= 0) & (ends[1] >= first_new)]
    close = np.abs(nodes["day"][before] - nodes["day"][after]) <= near_days
    before, after = before[close], after[close]
    scores = estimate_jaccard(nodes["signature"][before], nodes["signature"][after])
    found: dict[int, list[tuple[int, float]]] = {}
    for a, b, score in zip(before.tolist(), after.tolist(), scores.tolist(), strict=True):
        if score >= RELATED_SCORE:
            found.setdefault(b, []).append((a, score))
    return found
