"""The feeds table, written and read."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.errors import DatasetError
from schemas.records import FeedState
from schemas.tables import FEEDS
from tests.make import READ_AT
from transforms.fetch.feed_states import read_feed_states, states_table
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state

EMPTY = current_state(Feed("https://example.org/b"), None)
FULL = FeedState(
    "https://example.org/a", "A", "News", "https://example.org/2", '"1"', "then", "ab", 200, "E: x", 3,
    READ_AT, READ_AT + 1, READ_AT + 2, READ_AT + 3, False,
    READ_AT + 4, READ_AT + 5,
)  # fmt: skip


def write(folder: Path, name: str, *states: FeedState) -> None:
    (folder / "feeds").mkdir(exist_ok=True)
    pq.write_table(states_table(states), folder / "feeds" / name)


def test_states_come_back_as_they_were(tmp_path: Path) -> None:
    write(tmp_path, "part-1.parquet", EMPTY, FULL)
    assert read_feed_states(str(tmp_path)) == {FULL.url: FULL, EMPTY.url: EMPTY}


def test_absent_text_is_null_and_rows_are_sorted() -> None:
    table = states_table([EMPTY, FULL])
    assert table.schema.equals(FEEDS.schema, check_metadata=True)
    assert table["url"].to_pylist() == [FULL.url, EMPTY.url]
    assert table.slice(1).to_pylist()[0] == {
        name: {"url": EMPTY.url, "failures": 0}.get(name) for name in FEEDS.schema.names
    }


def test_no_states_are_an_empty_table_and_an_empty_dataset(tmp_path: Path) -> None:
    assert states_table([]).num_rows == 0
    assert read_feed_states(str(tmp_path / "none")) == {}


def test_the_latest_row_of_a_feed_counts(tmp_path: Path) -> None:
    later = replace(FULL, last_fetched_at=READ_AT + 9, etag='"2"')
    not_reached = replace(later, last_error="FetchFailed: not reached")
    write(tmp_path, "part-1.parquet", later)
    write(tmp_path, "part-2.parquet", not_reached)
    write(tmp_path, "part-3.parquet", FULL)
    assert read_feed_states(str(tmp_path)) == {FULL.url: not_reached}


def test_an_older_file_may_lack_a_column_that_can_be_null(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    pq.write_table(states_table([FULL]).drop_columns(["moved_to"]), tmp_path / "feeds" / "a.parquet")
    assert read_feed_states(str(tmp_path)) == {FULL.url: replace(FULL, moved_to="")}


def broken(path: Path) -> None:
    path.write_bytes(b"PAR1 and no more")


def foreign(path: Path) -> None:
    pq.write_table(states_table([FULL]).drop_columns(["url"]), path)


@pytest.mark.parametrize("spoil", [broken, foreign])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, spoil: object) -> None:
    write(tmp_path, "part-1.parquet", FULL)
    spoil(tmp_path / "feeds" / "part-2.parquet")  # type: ignore[operator]
    with pytest.raises(DatasetError, match=r"part-2\.parquet"):
        read_feed_states(str(tmp_path))
