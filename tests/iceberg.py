"""Iceberg tables read back, and syncs that die."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import Table as IcebergTable

from schemas.tables import ARTICLES, TABLES
from transforms.iceberg import sync as syncing
from transforms.iceberg.catalogs import open_catalog
from transforms.iceberg.registration import read_registration


@contextmanager
def opened(output: str, name: str = "articles") -> Iterator[IcebergTable]:
    """A table of a registered dataset."""
    registration = read_registration(output)
    assert registration
    with open_catalog(registration) as catalog:
        yield catalog.load_table((registration.namespace, name))


def read_back(output: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that have some, each in an order of its own."""
    found = {}
    for table in TABLES:
        with opened(output, table.name) as iceberg:
            found[table.name] = in_order(iceberg.scan().to_arrow())
    return {name: rows for name, rows in found.items() if rows}


def in_order(rows: pa.Table, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Rows without some columns, in an order of their own."""
    names = sorted(set(rows.column_names).difference(without))
    return sorted(rows.select(names).to_pylist(), key=repr)


def kill_everywhere(output: str, pristine: str, expected: int) -> None:
    """Sync, dying at each file of metadata of the articles in turn, then sync again; leaves how often in a file.

    To be run in a process of its own, with a single thread: each attempt is a fork of it.
    """
    syncing.TABLES = (ARTICLES,)
    for deaths in range(1, 99):
        shutil.rmtree(output)
        shutil.copytree(pristine, output)
        if _in_fork(_sync_and_die, output, deaths) == 0:
            break
        if _in_fork(_finish, output, expected) != 0:
            raise AssertionError(f"not true after death {deaths}")
    with open(f"{pristine}-deaths", "w", encoding="utf-8") as file:
        file.write(str(deaths - 1))


def _in_fork(work: Any, *arguments: Any) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def _sync_and_die(output: str, deaths: int) -> None:
    left = [deaths]

    def counting(method: Any) -> Any:
        def counted(io: PyArrowFileIO, location: str) -> Any:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(io, location)

        return counted

    for name in ("new_output", "delete"):
        setattr(PyArrowFileIO, name, counting(getattr(PyArrowFileIO, name)))
    syncing.sync(output, None, None, history=False)


def _finish(output: str, expected: int) -> None:
    syncing.sync(output, None, None, history=False)
    with opened(output) as iceberg:
        if (iceberg.scan().count(), len(iceberg.snapshots())) != (expected, 1):
            os._exit(1)
