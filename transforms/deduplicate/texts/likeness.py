"""How alike the texts of candidates are, and in what way: pairs of rows in, scores out."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.texts.fingerprints import has_news, tells_apart
from transforms.deduplicate.texts.openings import excerpt_scores
from transforms.deduplicate.texts.shingles import jaccard_of
from transforms.deduplicate.texts.signatures import estimate_jaccard

Rows = NDArray[np.void]
_Ints = NDArray[np.int64]

# From the first on a text has been told already; from the second on it is related, with news of its own.
DUPLICATE_SCORE = 0.8
RELATED_SCORE = 0.5
# An estimate this near to one of them is confirmed by the shingles themselves, where both texts are at hand.
_BORDER = 0.1
# What is estimated below this is not like it, whatever the error.
_LEAST = 0.3
_CHUNK = 1 << 15

# How the second text is like the first: not at all; by its shingles; as a summary of it; as the full text of it.
UNLIKE, NEAR, EXCERPT_OF, FULLER = range(4)
# Two candidates, and how alike they are.
LIKES = np.dtype(
    [
        ("first", np.int64),  # rows of texts
        ("second", np.int64),
        ("score", np.float32),
        ("how", np.uint8),
        ("news", np.bool_),  # another number and another name, however alike the texts are
    ]
)


@dataclass(frozen=True)
class Texts:
    """FACTS of texts, how many days apart two may be filed, and the shingles of those that are at hand, by uid."""

    facts: Rows
    near_days: int
    shingles: dict[int, NDArray[np.uint32]] = field(default_factory=dict)
    stock: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))  # openings that say nothing


def compare(texts: Texts, first: _Ints, second: _Ints) -> Rows:
    """LIKES of the texts in rows `first` with those in rows `second`; UNLIKE where numbers or names tell them apart."""
    starts = range(0, len(first), _CHUNK)
    parts = [_compare(texts, first[at : at + _CHUNK], second[at : at + _CHUNK]) for at in starts]
    return np.concatenate([np.zeros(0, LIKES), *parts])


def _compare(texts: Texts, first: _Ints, second: _Ints) -> Rows:
    one, other = texts.facts[first], texts.facts[second]
    likes = np.zeros(len(first), LIKES)
    likes["first"], likes["second"] = first, second
    score = estimate_jaccard(one["signature"], other["signature"])
    score[tells_apart(one["fingerprint"], other["fingerprint"])] = 0
    likes["news"] = has_news(one["fingerprint"], other["fingerprint"])
    # In the order of what they say: the last that holds counts, an estimate only where it cannot turn out to be less.
    for how, scores, least in (
        (NEAR, score, _LEAST),
        (FULLER, excerpt_scores(one, other, texts.stock), 0),
        (NEAR, score, RELATED_SCORE + _BORDER),
        (EXCERPT_OF, excerpt_scores(other, one, texts.stock), 0),
        (NEAR, score, DUPLICATE_SCORE + _BORDER),
    ):
        holds = scores > least if how != NEAR else scores >= least
        likes["score"][holds], likes["how"][holds] = scores[holds], how
    likes["how"][np.abs(one["day"] - other["day"]) > texts.near_days] = UNLIKE
    return likes


def confirm(texts: Texts, likes: Rows) -> Rows:
    """LIKES with the exact similarity in the place of borderline estimates, where the shingles of both are at hand."""
    likes = likes.copy()
    margin = np.minimum(*(np.abs(likes["score"] - limit) for limit in (RELATED_SCORE, DUPLICATE_SCORE)))
    uids = texts.facts["uid"]
    for row in np.flatnonzero((likes["how"] == NEAR) & (margin <= _BORDER)).tolist():
        sides = [texts.shingles.get(int(uids[likes[row][side]])) for side in ("first", "second")]
        if sides[0] is not None and sides[1] is not None:
            likes["score"][row] = jaccard_of(sides[0], sides[1])
    return likes


def is_alike(likes: Rows) -> NDArray[np.bool_]:
    """Which are alike enough to be of one story."""
    alike: NDArray[np.bool_] = (likes["how"] != UNLIKE) & ((likes["how"] != NEAR) | (likes["score"] >= RELATED_SCORE))
    return alike


def says_the_same(likes: Rows) -> NDArray[np.bool_]:
    """Which of the second texts add nothing to the first."""
    same: NDArray[np.bool_] = (likes["how"] == EXCERPT_OF) | (
        (likes["how"] == NEAR) & (likes["score"] >= DUPLICATE_SCORE) & ~likes["news"]
    )
    return same
