"""Which of several articles a new one is a copy of."""

import numpy as np
import pytest

from schemas.keys import CHECKPOINTS, EXCERPT, FACTS, NEAR_DUPLICATE
from transforms.deduplicate.texts.likeness import Texts, compare
from transforms.deduplicate.verdicts.nearest import nearest_kept
from transforms.deduplicate.verdicts.stories import NO_JOINS, Stories

NUMBERS, NAMES = 0, 16
NEWS = {NUMBERS: (0b0111, 0b1011), NAMES: (0b01, 0b10)}  # another number and another name, and two numbers shared


def texts(shares: tuple[int, int], has_news: tuple[bool, bool], summarised: bool) -> Texts:
    """A summary, and before it two texts that share so many of the 128 values of its signature."""
    facts = np.zeros(3, FACTS)
    for name in ("uid", "article", "story", "outlet"):
        facts[name] = 1, 2, 3
    facts["fingerprint"][2, NUMBERS], facts["fingerprint"][2, NAMES] = NEWS[NUMBERS][1], NEWS[NAMES][1]
    for row, (share, has) in enumerate(zip(shares, has_news, strict=True)):
        facts["signature"][row, share:] = row + 1
        for place, (other, same) in NEWS.items():
            facts["fingerprint"][row, place] = other if has else same
    if summarised:
        facts["words"][:, 0] = 0, 300, 24
        facts["openings"][1:, 0] = np.where(np.array(CHECKPOINTS) <= 20, 7, 0)
    return Texts(facts, near_days=3)


CASES = {
    "the nearer": (texts((110, 120), (False, False), False), 2, 120 / 128, NEAR_DUPLICATE, True),
    "the first of two as near": (texts((120, 120), (False, False), False), 1, 120 / 128, NEAR_DUPLICATE, True),
    "what has no news, though not the nearer": (
        texts((120, 110), (True, False), False),
        2,
        110 / 128,
        NEAR_DUPLICATE,
        True,
    ),
    "the full text, though not the nearer": (texts((120, 0), (True, False), True), 2, 20 / 24, EXCERPT, True),
    "none, where the nearest has news": (texts((120, 90), (True, False), False), 1, 120 / 128, NEAR_DUPLICATE, False),
}


@pytest.mark.parametrize(("given", "article", "score", "relation", "drop"), CASES.values(), ids=CASES.keys())
def test_the_nearest_of_two(given: Texts, article: int, score: float, relation: int, drop: bool) -> None:
    likes = compare(given, np.array([0, 1]), np.array([2, 2]))
    (near,) = nearest_kept(given, np.arange(3), likes, Stories(NO_JOINS), keep=False).values()
    assert (near.article, near.relation, near.drop) == (article, relation, drop)
    assert near.score == pytest.approx(score)
