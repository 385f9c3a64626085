"""The feeds table of a dataset: what is known of every feed, kept between runs."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from schemas.records import FeedState
from schemas.tables import FEEDS

_TEXTS = {field.name for field in fields(FeedState) if field.type is str}


def read_feed_states(output: str) -> dict[str, FeedState]:
    """The state of every feed of the dataset at `output`, by URL; empty where there is none yet.

    Of several rows for a URL the one fetched last counts; of equals, the one in the file that sorts last.
    Raises DatasetError, naming the file, for one that cannot be read.
    """
    pattern = FileSystems.join(output, FEEDS.name, "*.parquet")
    paths = sorted(found.path for found in FileSystems.match([pattern])[0].metadata_list)
    latest: dict[str, FeedState] = {}
    for path in paths:
        for state in _read_file(path):
            known = latest.get(state.url)
            if known is None or (state.last_fetched_at or 0) >= (known.last_fetched_at or 0):
                latest[state.url] = state
    return latest


def states_table(states: Iterable[FeedState]) -> pa.Table:
    """The states as a table of the feeds schema, sorted by URL; absent text is null."""
    rows = [{name: None if value == "" else value for name, value in asdict(state).items()} for state in states]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: str(row["url"])), schema=FEEDS.schema)


def _read_file(path: str) -> list[FeedState]:
    try:
        with FileSystems.open(path, compression_type="uncompressed") as file:
            table = pq.read_table(file)
        return [_state(row) for row in _integer_times(_complete(table)).to_pylist()]
    except (OSError, pa.ArrowException, KeyError) as error:
        raise DatasetError(f"{path}: not a feeds file that can be read: {error}") from error


def _complete(table: pa.Table) -> pa.Table:
    for field in FEEDS.schema:
        if field.nullable and field.name not in table.schema.names:  # a file from before the column
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(FEEDS.schema.names).cast(FEEDS.schema)


def _integer_times(table: pa.Table) -> pa.Table:
    schema = pa.schema(
        [field.with_type(pa.int64()) if pa.types.is_timestamp(field.type) else field for field in FEEDS.schema]
    )
    return table.cast(schema)


def _state(row: dict[str, Any]) -> FeedState:
    texts = {name: row[name] or "" for name in _TEXTS}
    return FeedState(**(row | texts))
