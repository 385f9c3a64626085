"""How alike two texts are: what counts where a summary and a full text have shingles in common too."""

import numpy as np
import pytest

from schemas.keys import CHECKPOINTS, FACTS
from transforms.deduplicate.texts.likeness import EXCERPT_OF, FULLER, NEAR, UNLIKE, Texts, compare

_PLACES = len(CHECKPOINTS)


def pair(equal: int, words: tuple[int, int] = (0, 0), days: int = 0) -> Texts:
    """Two texts of two outlets that have so many values of their signatures in common, and their openings."""
    facts = np.zeros(2, FACTS)
    facts["uid"], facts["outlet"], facts["day"] = (1, 2), (1, 2), (0, days)
    facts["signature"][1, equal:] = 1
    facts["words"][:, 0] = words
    for row, count in enumerate(words):
        facts["openings"][row, 0] = np.where(np.array(CHECKPOINTS) <= count, np.arange(1, _PLACES + 1), 0)
    return Texts(facts, near_days=3)


CASES = {
    "a quarter": (pair(35), UNLIKE, 0),
    "a third": (pair(42), NEAR, 42 / 128),
    "all, three days apart": (pair(128, days=3), NEAR, 1),
    "all, four days apart": (pair(128, days=-4), UNLIKE, 1),
    "a summary first": (pair(0, (20, 300)), FULLER, 1),
    "a summary second": (pair(0, (300, 20)), EXCERPT_OF, 1),
    "a summary first, about half": (pair(70, (20, 300)), FULLER, 1),
    "a summary first, two thirds": (pair(85, (20, 300)), NEAR, 85 / 128),
    "a summary first, nearly all": (pair(125, (84, 96)), NEAR, 125 / 128),
    "a summary second, two thirds": (pair(85, (300, 20)), EXCERPT_OF, 1),
    "a summary second, about four fifths": (pair(105, (300, 20)), EXCERPT_OF, 1),
    "a summary second, nearly all": (pair(125, (96, 84)), NEAR, 125 / 128),
}


@pytest.mark.parametrize(("texts", "how", "score"), CASES.values(), ids=CASES.keys())
def test_what_counts(texts: Texts, how: int, score: float) -> None:
    (likes,) = compare(texts, np.array([0]), np.array([1]))
    assert (likes["how"], likes["score"]) == (how, pytest.approx(score))
