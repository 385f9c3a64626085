"""Stories: groups of articles whose texts are like that of one of them, and which of them turned out to be one.

A story has the id of its first article, its root. An article joins the story of a root that it is like, never by
way of another member. One that is like the roots of two stories makes them one: that is written down, the story of
the earlier root stays, and no row changes.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import JOINS, NEVER
from schemas.tables import STORY_JOINS
from transforms.deduplicate.file_rows import hex_ids
from transforms.write.stored import list_files, read_anew, read_stored

Rows = NDArray[np.void]
ROOTS = np.dtype([("story", np.uint64), ("published", np.int64), ("score", np.float32)])
NO_JOINS = np.zeros(0, JOINS)
_READ = ("story_id", "joined_to", "published_at")


class Stories:
    """Which stories have become part of which; new joins are collected."""

    def __init__(self, joins: Rows) -> None:
        self._into = dict(zip(joins["story"].tolist(), joins["into"].tolist(), strict=True))
        self._published = dict(zip(joins["into"].tolist(), joins["published"].tolist(), strict=True))
        self._added: list[tuple[int, int, int, float, int]] = []

    def current(self, story: int) -> int:
        """The story that this one has become part of, or itself; the least of stories joined in a circle."""
        path = [story]
        while (story := self._into.get(story, 0)) and story not in path:
            path.append(story)
        return min(path[path.index(story) :]) if story else path[-1]

    def join(self, roots: Rows, article: int) -> int:
        """The one story of ROOTS that an article is like; where they are of several, these are joined to the first."""
        scores: dict[int, float] = {}
        for story, published, score in roots.tolist():
            current = self.current(story)
            self._published.setdefault(current, published)
            scores[current] = max(score, scores.get(current, 0.0))
        first, *others = sorted(scores, key=lambda story: (self._published[story], story))
        for story in others:
            self._into[story] = first
            self._added.append((story, first, article, scores[story], self._published[first]))
        return first

    def added(self) -> Rows:
        """JOINS rows of the joins that are new."""
        return np.array(self._added, JOINS)


def read_joins(output: str) -> Rows:
    """JOINS of a dataset: which story (and when the root of the story that it joined was published)."""
    tables = read_anew(lambda: [read_stored(path, _READ) for path in list_files(output, STORY_JOINS.name)])
    table = pa.concat_tables([STORY_JOINS.schema.empty_table().select(_READ), *tables])
    joins = np.zeros(table.num_rows, JOINS)
    for name, column in (("story", "story_id"), ("into", "joined_to")):
        joins[name] = [int(story, 16) for story in table[column].to_pylist()]
    joins["published"] = table["published_at"].cast(pa.int64()).fill_null(NEVER).to_numpy()
    return joins


def joins_table(joins: Rows, read_at: int) -> pa.Table:
    """Rows of `story_joins`, first seen at `read_at`."""
    published = pa.array(joins["published"], mask=joins["published"] == NEVER)
    time = STORY_JOINS.schema.field("published_at").type
    columns = {
        "story_id": hex_ids(joins["story"]),
        "joined_to": hex_ids(joins["into"]),
        "published_at": published.cast(time),
        "article_id": hex_ids(joins["article"]),
        "score": pa.array(joins["score"]),
        "first_seen_at": pa.array(np.full(len(joins), read_at), pa.int64()).cast(time),
    }
    return pa.table(columns)
