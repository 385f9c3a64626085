"""The files of a stored dataset, as a run reads them: whole and of a known version, or the run refuses."""

import os
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from schemas.tables import SCHEMA_VERSION
from transforms.write import files

_MAGIC = b"PAR1"


def list_files(output: str, table_name: str) -> list[str]:
    """The paths of a table's committed files, sorted."""
    return files.find(f"{output}/{table_name}", "**.parquet")


def open_stored(path: str) -> pq.ParquetFile:
    """Opens a stored Parquet file; its pages are checked as they are read.

    Raises:
        DatasetError: the file cannot be read, or its schema_version is missing or newer than this version's;
            it names the file.
    """
    try:
        source = (
            path if files.is_local(path) else FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
        )
        file = pq.ParquetFile(source, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from error
    check_version(path, (file.schema_arrow.metadata or {}).get(b"schema_version", b"none"))
    return file


def read_stored(path: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a stored file, or some of its columns; DatasetError where it cannot be read."""
    with open_stored(path) as file:
        try:
            return file.read(columns=columns)
        except (pa.ArrowException, OSError) as error:
            raise unreadable(path, error) from error


def check_ends(output: str, table_name: str) -> None:
    """Looks at the first and last bytes of every file of a table; DatasetError names one that is cut or foreign.

    Opening each would take fifty times as long, and a dataset has thousands. Pages are checked as they are read.
    """
    for path in list_files(output, table_name):
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            first = file.read(len(_MAGIC))
            file.seek(-min(len(first), len(_MAGIC)), os.SEEK_END)
            if first != _MAGIC or file.read() != _MAGIC:
                raise DatasetError(f"{path}: the stored file is cut or no Parquet file")


def check_version(path: str, version: bytes) -> None:
    """DatasetError unless this version of Dateline can read files of that schema_version."""
    if not version.isdigit() or int(version) > SCHEMA_VERSION:
        raise DatasetError(f"{path}: schema_version is {version.decode(errors='replace')!r}; known is {SCHEMA_VERSION}")


def unreadable(path: str, error: Exception) -> DatasetError:
    """The error for a stored file that is damaged or gone."""
    return DatasetError(f"{path}: the stored file cannot be read: {error}")
