"""The files of a stored dataset, as a run reads them: whole, in the present schema, or the run refuses."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError, NewerSchema
from schemas.keys import DATASET_TABLES
from schemas.tables import SCHEMA_VERSION, Table
from transforms.write import files
from transforms.write.run import STAGED, target_of

_Read = TypeVar("_Read")
_MAGIC = b"PAR1"
_VERSION = b"schema_version"
# How a footer that `parquet.encode` wrote ends: key and value, in Thrift's compact protocol, and the Arrow schema.
_TAIL_BYTES = 32_768
_VERSION_KEY = b"\x18\x0eschema_version\x18"
_VERSION_VALUE = re.compile(rb"[\x01-\x09](\d+)")


def list_files(output: str, table_name: str) -> list[str]:
    """The paths of a table's committed files, sorted."""
    return files.find(f"{output}/{table_name}", "**.parquet")


def table_of(path: str) -> Table | None:
    """The table that a committed or staged file is of, by its path; None for a path of no table."""
    folder = f"/{target_of(path) if path.endswith(STAGED) else path}".rpartition("/")[0].partition("/date=")[0]
    return next((table for table in DATASET_TABLES if folder.endswith(f"/{table.name}")), None)


def open_stored(path: str) -> pq.ParquetFile:
    """Opens a stored Parquet file, with the columns that it has; its pages are checked as they are read.

    Raises:
        DatasetError: the file cannot be read, or has no schema_version; it names the file.
        NewerSchema: its schema_version is newer than this version's.
    """
    try:
        source = (
            path if files.is_local(path) else FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
        )
        file = pq.ParquetFile(source, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from error
    check_version(path, (file.schema_arrow.metadata or {}).get(_VERSION, b""))
    return file


def schema_version(path: str) -> int:
    """The schema_version of a stored file; the present one of a file that is gone. Raises as `open_stored`."""
    try:
        with open_stored(path) as file:
            return int(file.schema_arrow.metadata[_VERSION])
    except DatasetError as error:
        if not is_gone(error):
            raise
        return SCHEMA_VERSION


def row_count(path: str) -> int:
    """The rows of a file, from its footer."""
    with open_stored(path) as file:
        return int(file.metadata.num_rows)


def read_stored(path: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a stored file, or some of its columns, in the present schema; DatasetError as `open_stored`."""
    with open_stored(path) as file:
        try:
            return _in_present_schema(path, file.read(columns=columns), columns)
        except (pa.ArrowException, OSError) as error:
            raise unreadable(path, error) from error


def read_row_groups(path: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """As `read_stored`, a row group at a time."""
    with open_stored(path) as file:
        for group in range(file.num_row_groups):
            yield _read_row_group(path, file, group, columns)


def read_row_group(path: str, group: int) -> pa.Table:
    """As `read_stored`, the rows of one row group, counted from 0."""
    with open_stored(path) as file:
        return _read_row_group(path, file, group, None)


def _read_row_group(path: str, file: pq.ParquetFile, group: int, columns: Sequence[str] | None) -> pa.Table:
    try:
        rows = file.read_row_group(group, columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from error
    return _in_present_schema(path, rows, columns)


def _in_present_schema(path: str, rows: pa.Table, columns: Sequence[str] | None) -> pa.Table:
    """The rows with a null for each nullable column that an older version has not written."""
    table = table_of(path)
    if table is None or rows.column_names == table.schema.names:
        return rows
    wanted = table.schema.names if columns is None else columns
    for name in [name for name in wanted if name in table.schema.names and name not in rows.column_names]:
        field = table.schema.field(name)
        if not field.nullable:
            raise DatasetError(f"{path}: the stored file has no column {name}")
        rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select([name for name in wanted if name in rows.column_names]) if columns is None else rows


def check_files(output: str, table_names: Iterable[str]) -> None:
    """Looks at the ends of every file of some tables, where a Parquet file says what it is.

    To open each would take ten times as long, and a dataset has thousands. Pages are checked as they are read.

    Raises:
        DatasetError: a file is cut or none of ours; it names the first.
        NewerSchema: its schema_version is newer than this version's.
    """
    for path in (path for name in table_names for path in list_files(output, name)):
        with suppress(FileNotFoundError):  # others have joined it with others since it was listed
            _check_ends(path)


def _check_ends(path: str) -> None:
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        first = file.read(len(_MAGIC))
        size = file.seek(0, os.SEEK_END)
        file.seek(-min(size, _TAIL_BYTES), os.SEEK_END)
        tail = file.read()
    if first != _MAGIC or tail[-len(_MAGIC) :] != _MAGIC:
        raise DatasetError(f"{path}: the stored file is cut or no Parquet file")
    at = tail.rfind(_VERSION_KEY)
    if found := at >= 0 and _VERSION_VALUE.match(tail, at + len(_VERSION_KEY)):
        check_version(path, found[1])
    else:
        open_stored(path).close()


def check_version(path: str, version: bytes) -> None:
    """Raises DatasetError for a file without a schema_version, NewerSchema for one that only a later Dateline reads."""
    if not version.isdigit():
        raise DatasetError(f"{path}: the file has no schema_version: Dateline did not write it")
    if int(version) > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path}: the stored file has schema_version {int(version)}, this version of Dateline knows "
            f"{SCHEMA_VERSION} at most: a newer one is needed"
        )


def unreadable(path: str, error: Exception) -> DatasetError:
    """The error for a stored file that is damaged or gone."""
    return DatasetError(f"{path}: the stored file cannot be read: {error}")


def is_gone(error: DatasetError) -> bool:
    """Whether a stored file could not be read because it is there no more: others have joined it with others."""
    return isinstance(error.__cause__, FileNotFoundError)


def read_anew(read: Callable[[], _Read]) -> _Read:
    """What `read` gives, which lists files and reads them: again from the start where one is gone in between."""
    while True:
        try:
            return read()
        except DatasetError as error:
            if not is_gone(error):
                raise
