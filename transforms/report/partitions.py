"""Some columns of a table, a partition at a time: read ahead by threads, in bounded memory."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pyarrow as pa

from schemas.tables import Table
from transforms.compact.plan import list_partitions
from transforms.write import files
from transforms.write.stored import read_anew, read_stored

_AHEAD = 4


def read_partitions(output: str, table: Table, columns: Sequence[str]) -> Iterator[tuple[date, pa.Table]]:
    """Each date of a dated table, in order, with some columns of its rows.

    A column of a list's structs is named as Parquet does: `entities.list.element.name`.

    Raises:
        DatasetError: a file cannot be read; it names the file.
        NewerSchema: a later version of Dateline wrote one.
    """
    with ThreadPoolExecutor(_AHEAD // 2) as threads:
        waiting: deque[tuple[str, Future[list[pa.Table]]]] = deque()
        for day, _ in list_partitions(output, table):
            waiting.append((day, threads.submit(read_folder, f"{output}/{table.name}/date={day}", columns)))
            if len(waiting) > _AHEAD:
                yield from _take(waiting)
        while waiting:
            yield from _take(waiting)


def _take(waiting: deque[tuple[str, Future[list[pa.Table]]]]) -> Iterator[tuple[date, pa.Table]]:
    day, rows = waiting.popleft()
    if read := rows.result():
        yield date.fromisoformat(day), pa.concat_tables(read, promote_options="default")


def read_folder(folder: str, columns: Sequence[str]) -> list[pa.Table]:
    """Some columns of each file of a folder."""
    return read_anew(lambda: [read_stored(path, columns) for path in files.find(folder, "*.parquet")])
