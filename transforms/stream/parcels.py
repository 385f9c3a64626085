"""What goes into a window: pieces of a few kinds, small enough for a runner to hold, for one place to commit.

Articles and rejects wait in files of their own, and their parcels name these: a runner's checkpoints stay small, and
a window may be larger than the memory of any worker.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from schemas.cursors import Cursor
from schemas.records import FeedState

Kind = Literal["articles", "rejects", "counts", "levels", "states", "cursors"]
Parcel = tuple[str, bytes]  # kind and content; Beam's coders know both


class Contents(NamedTuple):
    """The parcels of a window by kind: names of packs, counts to add up, levels, rows of what is known of sources."""

    articles: list[str]
    rejects: list[str]
    counts: list[dict[str, int]]
    levels: list[dict[str, int]]  # of which the highest of the window is told
    states: list[FeedState]
    cursors: list[Cursor]


def wrap(kind: Kind, content: Any) -> Parcel:
    """A name, a dict of counts or levels, or a list of FeedStates or Cursors as a parcel."""
    return kind, pickle.dumps(content)


def unwrap(parcels: Iterable[Parcel]) -> Contents:
    """All that a window holds; the order of parcels means nothing."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for kind, data in parcels:
        content = pickle.loads(data)
        found[kind] += content if isinstance(content, list) else [content]
    return Contents(*(found[kind] for kind in Contents._fields))
