"""How far each source of a stream has been read: a Parquet table of one file."""

from typing import NamedTuple

import pyarrow as pa

from schemas.columns import TEXT, TIME, column, optional
from schemas.tables import Table

CURSORS = Table(
    "_cursors",
    pa.schema(
        [
            column("source", TEXT, "the pattern of files as given, or kafka://host:port/topic"),
            column("item", TEXT, "the path of a file that was read, or the number of a partition"),
            column("position", pa.int64(), "of a file its bytes; of a partition the offset to read next"),
            optional("modified", TIME, "when a file was last changed; null of a partition"),
        ]
    ),
    sort=("source", "item"),
    dated=False,
)


class Cursor(NamedTuple):
    """How far a source has been read. One row of the cursors table.

    Of a folder each file that was read is an item (`position`: its bytes; `modified`: microseconds since the epoch);
    of a Kafka topic each partition (`position`: the offset to read next).
    """

    source: str  # the pattern as given, or kafka://host:port/topic
    item: str  # the path, or the number of the partition
    position: int
    modified: int | None = None
