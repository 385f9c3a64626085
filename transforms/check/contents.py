"""One stored file, read whole: its schema, its pages, its order, and what is to be known of its rows."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.tables import SCHEMA_VERSION, Table
from transforms.write.parquet import ascending, conform
from transforms.write.stored import open_stored, read_row_groups

Rows = NDArray[np.void]
Take = Callable[[pa.Table], Rows]


class Contents(NamedTuple):
    """What was found in a file."""

    rows: int
    in_order: bool
    taken: Rows


def read_contents(path: str, table: Table, take: Take) -> Contents:
    """Reads all pages of a file, a row group at a time; `take` gives what is to be kept of each.

    Raises:
        DatasetError: the file, or one of its pages, is damaged, or its columns are not those of the table.
        NewerSchema: it is of a later version.
    """
    check_schema(path, table)
    kept, keys = [take(table.schema.empty_table())], [table.schema.empty_table().select(list(table.sort))]
    for rows in read_row_groups(path):
        try:
            rows = conform(table, rows)
            keys.append(rows.select(list(table.sort)))
            kept.append(take(rows))
        except ValueError as error:
            raise DatasetError(f"{path}: a value that cannot be right: {error}") from error
    order = pa.concat_tables(keys)
    at = pc.sort_indices(order, sort_keys=ascending(table.sort)).to_numpy()  # stable: rows in order stay where they are
    return Contents(order.num_rows, bool((at == np.arange(len(at))).all()), np.concatenate(kept))


def check_schema(path: str, table: Table) -> None:
    """DatasetError unless the columns of a file are the table's; those of an older version may lack some."""
    with open_stored(path) as file:
        schema, version = file.schema_arrow, int(file.schema_arrow.metadata[b"schema_version"])
    missing = [name for name in table.schema.names if name not in schema.names]
    if unknown := sorted(set(schema.names) - set(table.schema.names)):
        raise DatasetError(f"{path}: columns that {table.name} does not have: {', '.join(unknown)[:200]}")
    if lacking := [name for name in missing if version == SCHEMA_VERSION or not table.schema.field(name).nullable]:
        raise DatasetError(f"{path}: columns of {table.name} that it lacks: {', '.join(lacking)[:200]}")
    for field in schema:
        if field.type != table.schema.field(field.name).type:
            raise DatasetError(f"{path}: column {field.name} is of type {field.type}")


def take_nothing(rows: pa.Table) -> Rows:
    """Of tables that say nothing of others."""
    return np.zeros(rows.num_rows, np.dtype([]))
