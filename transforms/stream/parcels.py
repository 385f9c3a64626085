"""What goes into a window: pieces of a few kinds, small enough for a runner to hold, for one place to commit.

Articles and rejects wait in files of their own, and their parcels name these: a runner's checkpoints stay small, and
a window may be larger than the memory of any worker.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import orjson

from schemas.cursors import Cursor
from schemas.errors import DatasetError
from schemas.records import FeedState
from transforms.stream.sources.feed_cursors import read_state

START_WITHOUT = "start it without --savepoint_path; it goes on from the dataset, and nothing is lost"

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
    """A name, a dict of counts or levels, or a list of FeedStates or Cursors as a parcel.

    As JSON by name of field, deflated: it waits in the runner's state, which outlives the code that wrote it.
    """
    return kind, zlib.compress(orjson.dumps(content, default=Cursor._asdict), 1)


def unwrap(parcels: Iterable[Parcel]) -> Contents:
    """All that a window holds; the order of parcels means nothing. DatasetError for one of an unknown form."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for kind, data in parcels:
        found[kind] += _read(kind, data)
    return Contents(*(found[kind] for kind in Contents._fields))


def _read(kind: str, data: bytes) -> list[Any]:
    try:
        content = orjson.loads(zlib.decompress(data))
    except (zlib.error, orjson.JSONDecodeError) as error:
        raise DatasetError(f"the stream's state, of another version, cannot be read: {START_WITHOUT}") from error
    if kind == "states":
        return list(map(read_state, content))
    if kind == "cursors":
        return [Cursor(**{name: row[name] for name in Cursor._fields if name in row}) for row in content]
    return [content]
