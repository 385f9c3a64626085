"""Rows to the bytes of a Parquet file, by the dataset's conventions.

Sources: the Parquet format, https://parquet.apache.org/docs/file-format/ (page index, page checksums, sorting
columns).
"""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import SCHEMA_VERSION, Table
from transforms.write.run import Run

ZSTD_LEVEL = 3
ROW_GROUP_ROWS = 32_768  # about 100 MB of articles, unpacked
# Lower and upper bounds of long texts prune nothing, and would fill a third of a file of two rows.
LONG_TEXTS = frozenset({"title", "description", "body", "payload"})
# To set up compression costs 20 us a column chunk: more than small ones are worth.
SMALL_TABLE_BYTES = 65_536
SMALL_CHUNK_BYTES = 1024


def encode(table: Table, rows: pa.Table, run: Run) -> pa.Buffer:
    """A Parquet file of the table's schema, sorted; the run's constants fill the columns that the rows lack.

    Raises:
        ValueError: the rows have a column too many or too few, one that cannot be cast, or a null that the
            schema forbids.
    """
    rows = conform(table, with_constants(table, rows, run))
    rows = rows.take(pc.sort_indices(rows, sort_keys=ascending(table.sort)))  # stable, nulls last
    sink = pa.BufferOutputStream()
    with open_writer(sink, table, rows, run) as writer:
        writer.write_table(rows, ROW_GROUP_ROWS)
    return sink.getvalue()


def open_writer(sink: Any, table: Table, first: pa.Table, run: Run) -> pq.ParquetWriter:
    """A writer of one Parquet file, to be given conforming rows in the table's order, a row group at a time.

    `first` are the rows that it will be given first: small ones are all that there are. The sink is a path or a
    file, which is left open.
    """
    keys = ascending(table.sort)
    return pq.ParquetWriter(
        sink,
        table.schema.with_metadata(file_metadata(run)),
        **compression(first),
        use_dictionary=list(table.dictionary),
        write_statistics=bounded_columns(table.schema),
        write_page_index=True,
        write_page_checksum=True,
        use_compliant_nested_type=True,
        sorting_columns=pq.SortingColumn.from_ordering(table.schema, keys, null_placement="at_end"),
    )


def ascending(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Columns as sort keys."""
    return [(name, "ascending") for name in columns]


def with_constants(table: Table, rows: pa.Table, run: Run) -> pa.Table:
    """The rows with ingested_at, run_id and pipeline_version, where the schema has them and they do not."""
    for name in ("ingested_at", "run_id", "pipeline_version"):
        if name in table.schema.names and name not in rows.column_names:
            constant = pa.scalar(getattr(run, name), table.schema.field(name).type)
            rows = rows.append_column(table.schema.field(name), pa.repeat(constant, rows.num_rows))
    return rows


def conform(table: Table, rows: pa.Table) -> pa.Table:
    """The rows in the order and the types of the table's schema; ValueError where they do not fit it."""
    if unlike := set(rows.column_names) ^ set(table.schema.names):
        raise ValueError(f"{table.name}: columns missing or unknown: {sorted(unlike)}")
    for field in table.schema:
        if not field.nullable and rows.column(field.name).null_count:
            raise ValueError(f"{table.name}: null in column {field.name}")
    return rows.select(table.schema.names).cast(table.schema)


def compression(rows: pa.Table) -> dict[str, Any]:
    """zstd for all columns, at its level 1 but for long texts, or in a small table for its long texts alone."""
    if rows.nbytes > SMALL_TABLE_BYTES:
        texts = LONG_TEXTS.intersection(rows.column_names)
        return {"compression": "zstd", "compression_level": dict.fromkeys(texts, ZSTD_LEVEL)}
    long = [name for name in LONG_TEXTS.intersection(rows.column_names) if rows[name].nbytes > SMALL_CHUNK_BYTES]
    return {"compression": dict.fromkeys(long, "zstd"), "compression_level": dict.fromkeys(long, ZSTD_LEVEL)}


def bounded_columns(schema: pa.Schema) -> list[str]:
    """The columns whose bounds a reader can use to skip pages and files."""
    return [field.name for field in schema if field.name not in LONG_TEXTS and not pa.types.is_nested(field.type)]


def file_metadata(run: Run) -> dict[str, str]:
    """What every file says of itself, beside its schema."""
    return {
        "schema_version": str(SCHEMA_VERSION),
        "run_id": run.run_id,
        "pipeline_version": run.pipeline_version,
    }
