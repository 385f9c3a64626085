"""What waits in a runner's state for the commit of its window, which may be another version's."""

import pickle
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest

from schemas.cursors import Cursor
from schemas.errors import DatasetError
from schemas.records import FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state
from transforms.stream import packs
from transforms.stream.packs import read_pack, write_pack
from transforms.stream.parcels import Kind, unwrap, wrap

STATE = current_state(Feed(url="https://example.org/fil\u00e9"), None)

CONTENTS: dict[Kind, tuple[Any, list[Any]]] = {
    "articles": ("articles-1.arrow", ["articles-1.arrow"]),
    "counts": ({"reads": 3}, [{"reads": 3}]),
    "levels": ({"kafka_behind a": 2**40}, [{"kafka_behind a": 2**40}]),
    "states": ([STATE], [STATE]),
    "cursors": ([Cursor("in/*", "in/\\udcff", 5, 7), Cursor("kafka://a", "0", 2)],) * 2,
}


@pytest.mark.parametrize(("kind", "given", "found"), [(kind, *each) for kind, each in CONTENTS.items()], ids=CONTENTS)
def test_what_is_wrapped_is_unwrapped(kind: Kind, given: Any, found: list[Any]) -> None:
    assert getattr(unwrap([wrap(kind, given)]), kind) == found


def parcel(kind: str, content: Any) -> tuple[str, bytes]:
    return kind, zlib.compress(orjson.dumps(content))


def test_fields_that_other_code_knows_are_left_and_those_it_lacks_are_unknown() -> None:
    state = {name: value for name, value in asdict(STATE).items() if name != "etag"}
    cursor = {"source": "in/*", "item": "in/a", "position": 5, "owner": "nobody"}
    found = unwrap([parcel("states", [state | {"mood": "good"}]), parcel("cursors", [cursor])])
    assert found.states == [STATE]
    assert found.cursors == [Cursor("in/*", "in/a", 5)]


@pytest.mark.parametrize("data", [pickle.dumps({"reads": 1}), zlib.compress(b"{"), b""], ids=["pickled", "cut", "none"])
def test_state_that_cannot_be_read_says_how_to_go_on(data: bytes) -> None:
    with pytest.raises(DatasetError, match="without --savepoint_path"):
        unwrap([("counts", data)])


def test_rows_that_wait_from_another_schema_say_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(packs, "_VERSION", {b"schema_version": b"1"})
        (name,) = unwrap([write_pack(str(tmp_path), "articles", pa.table({"a": [1]}))]).articles
    with pytest.raises(DatasetError, match=rf"{name}: .* without --savepoint_path"):
        read_pack(str(tmp_path / "_stream" / name))


def test_a_state_is_a_few_hundred_bytes() -> None:
    states = [FeedState(**asdict(STATE) | {"url": f"https://example.org/{number}"}) for number in range(500)]
    assert len(wrap("states", states)[1]) < 500 * 100
