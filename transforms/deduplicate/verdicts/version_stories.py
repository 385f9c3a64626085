"""What new versions make of stories: an article keeps its story, but its new text may show that two stories are one."""

import numpy as np
from numpy.typing import NDArray

from schemas.keys import NEW, VERSION
from transforms.deduplicate.candidates import positions
from transforms.deduplicate.texts.likeness import Texts, confirm, is_alike
from transforms.deduplicate.verdicts.stories import ROOTS, Stories

Rows = NDArray[np.void]


def join_stories_of_versions(texts: Texts, likes: Rows, verdicts: Rows, stories: Stories) -> None:
    """Join the stories of roots whose texts a new version is like, and its own where the article is its root.

    `likes` are LIKES of rows of `texts`; texts that are not stored and have no verdict are articles of their own.
    """
    article, story = texts.facts["article"].copy(), texts.facts["story"].copy()
    rows = positions(texts.facts["uid"], verdicts["uid"])
    article[rows] = verdicts["article"]
    story[rows] = np.where(np.isin(verdicts["outcome"], (NEW, VERSION)), verdicts["story"], 0)
    is_version = np.zeros(len(article), np.bool_)
    is_version[rows[verdicts["outcome"] == VERSION]] = True
    likes = likes[is_version[likes["first"]] | is_version[likes["second"]]]
    likes = confirm(texts, likes)
    likes = likes[is_alike(likes)]
    ends = np.stack([likes["first"], likes["second"]])
    for version in np.unique(ends[is_version[ends]]).tolist():
        mine = (ends == version).any(axis=0)
        others = ends[:, mine].sum(axis=0) - version
        known = (story[others] == article[others]) & (article[others] != article[version])
        roots = np.zeros(np.count_nonzero(known) + 1, ROOTS)
        roots["story"][:-1], roots["score"][:-1] = story[others[known]], likes["score"][mine][known]
        roots["published"][:-1] = texts.facts["published"][others[known]]
        roots[-1] = article[version], texts.facts["published"][version], 1
        roots = roots[: len(roots) - (story[version] != article[version])]
        if len(roots) > 1:
            stories.join(roots, int(article[version]))
