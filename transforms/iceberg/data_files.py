"""What Iceberg is told of a stored Parquet file: where it is, its day, its rows, and the bounds of its times."""

from datetime import date

import pyarrow.parquet as pq
from pyiceberg.conversions import to_bytes
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.typedef import Record
from pyiceberg.types import TimestamptzType

from schemas.tables import Table
from transforms.compact.plan import StoredFile
from transforms.iceberg.columns import bounded_columns
from transforms.write.files import is_local
from transforms.write.manifests import EPOCH
from transforms.write.stored import open_stored


def location_of(path: str) -> str:
    """The address of a file or folder, as Iceberg writes it."""
    return f"file://{path}" if is_local(path) else path


def describe(file: StoredFile, table: Table, metadata: TableMetadata) -> DataFile:
    """The entry of a file in an Iceberg table, from the file's footer; DatasetError for one that cannot be read."""
    with open_stored(file.path) as stored:
        footer = stored.metadata
    found = {name: _bounds(footer, name) for name in bounded_columns(table)}
    fields = {name: metadata.schema().find_field(name).field_id for name in found}
    times = {fields[name]: bounds for name, (_, bounds) in found.items() if bounds}
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location_of(file.path),
        file_format=FileFormat.PARQUET,
        partition=_partition(file.path, table),
        record_count=footer.num_rows,
        file_size_in_bytes=file.size,
        spec_id=metadata.default_spec_id,
        value_counts=dict.fromkeys(fields.values(), footer.num_rows),
        null_value_counts={fields[name]: nulls for name, (nulls, _) in found.items()},
        lower_bounds={field: to_bytes(TimestamptzType(), min(bounds)) for field, bounds in times.items()},
        upper_bounds={field: to_bytes(TimestamptzType(), max(bounds)) for field, bounds in times.items()},
    )


def _partition(path: str, table: Table) -> Record:
    if not table.dated:
        return Record()
    day = date.fromisoformat(path.rpartition("/")[0].rpartition("date=")[2])
    return Record((day - EPOCH.date()).days)


def _bounds(footer: pq.FileMetaData, name: str) -> tuple[int, list[int]]:
    """Of a column of times how many are null, and the least and greatest of each row group, in microseconds."""
    if name not in footer.schema.names:  # the file is older than the column
        return footer.num_rows, []
    at = footer.schema.names.index(name)
    of_groups = (footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups))
    groups = [group for group in of_groups if group]  # there are none of no rows
    times = [time for group in groups if group.has_min_max for time in (group.min_raw, group.max_raw)]
    return sum(group.null_count for group in groups), times
