"""Rows that wait for the commit of their window, in files of their own: only the names go through the runner.

Source of the format: Arrow IPC files, https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory
from uuid import uuid4

import pyarrow as pa

from schemas.errors import DatasetError
from schemas.tables import SCHEMA_VERSION
from transforms.stream.keep_trying import keep_trying
from transforms.stream.parcels import START_WITHOUT, Kind, Parcel, wrap
from transforms.write import files
from transforms.write.staging import REMOTE_SWEEP_S

# To set up compression costs 400 us a table of articles, as much as 70 KiB of texts take.
SMALL_BYTES = 65_536
FETCH_THREADS = 16  # an object store takes its time for each

_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")
_AS_THEY_ARE = pa.ipc.IpcWriteOptions()
_NAMES = "*-*.arrow*"
_VERSION = {b"schema_version": str(SCHEMA_VERSION).encode()}


def write_pack(output: str, kind: Kind, table: pa.Table) -> Parcel:
    """Writes rows as a file of `OUT/_stream`, whole and safe from a loss of power; the parcel holds its name."""
    name = f"{kind}-{uuid4().hex}.arrow"
    keep_trying(partial(_write, f"{output}/_stream", name, encode_pack(table)))
    return wrap(kind, name)


def encode_pack(table: pa.Table) -> pa.Buffer:
    """The file of a pack."""
    sink = pa.BufferOutputStream()
    options = _PACKED if table.nbytes > SMALL_BYTES else _AS_THEY_ARE
    table = table.replace_schema_metadata(_VERSION)
    with pa.ipc.new_file(sink, table.schema, options=options) as file:
        file.write_table(table)
    return sink.getvalue()


def _write(folder: str, name: str, data: pa.Buffer) -> None:
    files.make_folder(folder)
    files.write_whole(f"{folder}/{name}", data)
    files.sync([f"{folder}/{name}", folder])


@contextmanager
def packs_at_hand(output: str, names: list[str]) -> Iterator[list[str]]:
    """The paths of packs on this machine, where those of a remote dataset are until the block ends.

    FileNotFoundError for one that is gone.
    """
    paths = [f"{output}/_stream/{name}" for name in names]
    if files.is_local(output):
        yield paths
        return
    with TemporaryDirectory() as folder:
        copies = [f"{folder}/{name}" for name in names]
        with ThreadPoolExecutor(FETCH_THREADS) as threads:
            list(threads.map(_fetch, paths, copies))
        yield copies


def _fetch(path: str, copy: str) -> None:
    files.write_whole(copy, files.read_bytes(path))


def read_pack(path: str) -> pa.Table:
    """The rows of a pack on this machine.

    FileNotFoundError for one that is gone, DatasetError for a damaged one and for one of another schema_version.
    """
    try:
        rows = pa.ipc.open_file(pa.memory_map(path)).read_all()
    except pa.ArrowException as error:
        raise DatasetError(f"{path}: cannot be read: {error}") from error
    if rows.schema.metadata != _VERSION:
        raise DatasetError(f"{path}: waits from another version of Dateline: {START_WITHOUT}")
    return rows.replace_schema_metadata(None)


def list_packs(output: str) -> dict[str, float]:
    """The packs that there are, and when each was written, in seconds since the epoch."""
    folder = f"{output}/_stream"
    found = files.describe(folder, _NAMES)
    return {file.path.removeprefix(f"{folder}/"): file.last_updated_in_seconds for file in found}


def sweep_packs(output: str, done: set[str]) -> None:
    """Removes packs that are committed, and those of bundles that were tried again, which nobody will ask for."""
    oldest = time.time() - REMOTE_SWEEP_S
    swept = [name for name, written in list_packs(output).items() if name in done or written < oldest]
    if swept:
        files.remove([f"{output}/_stream/{name}" for name in swept])
