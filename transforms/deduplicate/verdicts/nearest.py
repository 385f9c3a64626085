"""Near-duplicates: for each new article the kept article that its text is most like, and the story it is of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.keys import EXCERPT, NEAR_DUPLICATE
from transforms.deduplicate.texts.likeness import EXCERPT_OF, UNLIKE, Texts, compare, confirm, is_alike, says_the_same
from transforms.deduplicate.verdicts.stories import ROOTS, Stories

Rows = NDArray[np.void]
_Ints = NDArray[np.int64]

# Of so many that a text is most like, borderline estimates are confirmed: enough, and linear in a flood.
_CLOSEST = 8


@dataclass(frozen=True)
class Near:
    """The kept article nearest to a new one, and the story that the new one is of; `drop` where it adds nothing."""

    article: int
    story: int
    score: float
    relation: int
    drop: bool


def nearest_kept(texts: Texts, stands_for: _Ints, candidates: Rows, stories: Stories, keep: bool) -> dict[int, Near]:
    """What new articles are near to, by their rows; those that are near to nothing are left out.

    `texts` are in the order in which they are judged, stored ones first. `stands_for` has for each the row of the
    article that it is an occurrence of, its own for an article, and -1 for what is not to be compared. `candidates`
    are LIKES of rows with later ones. A text is judged against articles that are kept, never by way of a copy.
    """
    stands_for, story_of = stands_for.copy(), texts.facts["story"].copy()
    articles = texts.facts["article"]
    near: dict[int, Near] = {}
    for row, likes in _by_second(candidates[stands_for[candidates["second"]] == candidates["second"]]):
        alike = _closest(texts, likes, stands_for)
        if not len(alike):
            continue
        best = alike[np.argmax(alike["score"] + says_the_same(alike))]
        kept, drop = int(best["first"]), bool(says_the_same(best)) and not keep
        if drop:
            stands_for[row] = kept
        else:
            roots = _roots(texts.facts, story_of, alike)
            story_of[row] = stories.join(roots, int(articles[row])) if len(roots) else articles[row]
        relation = EXCERPT if best["how"] == EXCERPT_OF else NEAR_DUPLICATE
        near[row] = Near(int(articles[kept]), int(story_of[row]), float(best["score"]), relation, drop)
    return near


def _roots(facts: Rows, story_of: NDArray[np.uint64], likes: Rows) -> Rows:
    """ROOTS of those first rows of LIKES that are the roots of their stories."""
    likes = likes[facts["article"][likes["first"]] == story_of[likes["first"]]]
    roots = np.zeros(len(likes), ROOTS)
    roots["story"], roots["published"] = story_of[likes["first"]], facts["published"][likes["first"]]
    roots["score"] = likes["score"]
    return roots


def _by_second(likes: Rows) -> Iterator[tuple[int, Rows]]:
    likes = likes[np.lexsort((likes["first"], likes["second"]))]
    rows, starts = np.unique(likes["second"], return_index=True)
    for row, (start, end) in zip(rows.tolist(), pairwise([*starts.tolist(), len(likes)]), strict=True):
        yield row, likes[start:end]


def _closest(texts: Texts, likes: Rows, stands_for: _Ints) -> Rows:
    """The kept ones that a text is alike, of those it is a candidate with, and of those that these stand behind."""
    kept = stands_for[likes["first"]]
    kept = np.where(kept < 0, kept, stands_for[kept])
    if (kept != likes["first"]).any():
        moved = np.setdiff1d(kept[kept != likes["first"]], [-1, *likes["first"][kept == likes["first"]]])
        compared = compare(texts, moved, np.full(len(moved), likes["second"][0]))
        likes = np.concatenate([likes[kept == likes["first"]], compared])
        likes = likes[np.argsort(likes["first"])]
    likes = likes[likes["how"] != UNLIKE]
    closest = np.argsort(-likes["score"], kind="stable")[:_CLOSEST]
    likes[closest] = confirm(texts, likes[closest])
    return likes[is_alike(likes)]
