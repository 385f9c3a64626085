"""All that a folder holds, as bytes to search: files as they are, unpacked, and each value of each column."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def holds(folder: str | Path, text: str) -> list[str]:
    """The files that hold a text, as it is or packed."""
    needle = text.encode()
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if any(needle in view for view in _views(path))]


def _views(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if path.suffix == ".gz":
        yield gzip.decompress(data)
    elif path.suffix == ".parquet":
        with pq.ParquetFile(path) as file:
            yield from _values(file.read())
            yield str(file.metadata.to_dict()).encode()
    elif path.suffix == ".arrow":
        yield from _values(pa.ipc.open_file(data).read_all())


def _values(rows: pa.Table) -> Iterator[bytes]:
    for row in rows.to_pylist():
        yield repr(row).encode()
        yield from (value for value in row.values() if isinstance(value, bytes))
