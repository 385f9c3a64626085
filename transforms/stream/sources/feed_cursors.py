"""What a runner keeps of the feeds of a bucket: their states, as few bytes."""

import zlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from schemas.records import FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state

_UNKNOWN = current_state(Feed(url=""), None)


def pack_states(states: Iterable[FeedState]) -> bytes:
    """The states as JSON by name of field, deflated."""
    return zlib.compress(orjson.dumps(list(states)), 1)


def unpack_states(packed: bytes) -> dict[str, FeedState]:
    """The states by URL."""
    return {row["url"]: read_state(row) for row in orjson.loads(zlib.decompress(packed))}


def read_state(row: dict[str, Any]) -> FeedState:
    """A state by name of field.

    It outlives the code that wrote it: fields that it lacks are unknown, and those that it alone has are left.
    """
    names = FeedState.__dataclass_fields__
    return replace(_UNKNOWN, **{name: value for name, value in row.items() if name in names})
