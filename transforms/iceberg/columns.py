"""A dataset's tables as Iceberg sees them.

The files hold neither field ids nor the day they are filed under: readers find columns by the table's name mapping,
and take the day from the partition (https://iceberg.apache.org/spec/#column-projection).
"""

import pyarrow as pa

from schemas.columns import KEY_LIST, TIME
from schemas.tables import Table

DAY = "date"
_DAY = "the day the row is filed under: that of its folder"


def iceberg_columns(table: Table) -> pa.Schema:
    """The columns of a table, and its day. Without its hashes of keys: Iceberg has no unsigned integers of 64 bits."""
    return pa.schema([field for field in file_columns(table) if field.type != KEY_LIST])


def file_columns(table: Table) -> pa.Schema:
    """All columns that the files of a table have, and its day, each with its description."""
    day = [pa.field(DAY, pa.date32(), metadata={"description": _DAY})] if table.dated else []
    return pa.schema([field.with_metadata({"doc": field.metadata[b"description"]}) for field in [*table.schema, *day]])


def bounded_columns(table: Table) -> list[str]:
    """The columns whose bounds by file are told to readers: times alone, so that no text of a row leaves its file."""
    return [field.name for field in table.schema if field.type == TIME]
