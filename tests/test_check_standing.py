"""How stored rows stand to each other."""

import numpy as np
import pytest

from transforms.check.rows import ARTICLE_ROWS, SIGHTING_ROWS
from transforms.check.standing import stand_articles

# Article, content, version and commit of each row.
RENUMBERED = {
    "each has its own number": ([(1, 1, 1, 0), (1, 2, 2, 1)], [1, 2]),
    "several of one number": ([(1, 1, 1, 0), (1, 2, 1, 1), (1, 3, 1, 2)], [1, 2, 3]),
    "later numbers are taken": ([(1, 1, 1, 0), (1, 2, 2, 2), (1, 3, 1, 1)], [1, 2, 3]),
    "of several articles": ([(2, 1, 1, 0), (1, 2, 4, 0), (1, 3, 4, 1), (2, 4, 1, 1)], [1, 4, 5, 2]),
    "the same text twice": ([(1, 1, 1, 0), (1, 1, 1, 1)], [1, 1]),
}


@pytest.mark.parametrize(("rows", "versions"), RENUMBERED.values(), ids=RENUMBERED)
def test_later_texts_of_a_number_are_counted_on(rows: list[tuple[int, ...]], versions: list[int]) -> None:
    articles = np.zeros(len(rows), ARTICLE_ROWS)
    names = ("article", "content", "version", "ingested_at")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        articles[name] = values
    assert stand_articles(articles, np.zeros(0, SIGHTING_ROWS)).value.tolist() == versions
