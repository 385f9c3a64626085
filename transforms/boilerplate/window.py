"""What is remembered of lines: those of the newest articles of each source."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.lines import LINE_ROWS, LINES
from transforms.write.stored import list_files, read_stored

Rows = NDArray[np.void]

# Articles of an origin whose lines are kept. A line that only one article in a hundred has is none of a template.
ARTICLES = 100


def keep_newest(rows: Rows) -> Rows:
    """The rows of the newest articles of each origin, sorted as the table is."""
    rows = rows[np.lexsort([rows[name] for name in reversed(LINES.sort)])]
    rank, last = _rank_articles(rows["origin"], rows["day"], rows["article"])
    return rows[last - rank < ARTICLES]


def keep_sample(rows: Rows, articles: int) -> Rows:
    """The rows, in their order, of as many articles of each origin: those with the lowest ids, which are hashes."""
    order = np.lexsort([rows["article"], rows["origin"]])
    rank, _ = _rank_articles(rows["origin"][order], rows["article"][order])
    return rows[np.sort(order[rank < articles])]


def _rank_articles(origin: NDArray[np.uint64], *columns: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row, rows being sorted: its article's rank in the origin, from 0, and that of the origin's last one."""
    if not len(origin):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    new_origin = np.r_[True, origin[1:] != origin[:-1]]
    new_article = new_origin.copy()
    new_article[1:] |= np.any([column[1:] != column[:-1] for column in columns], axis=0)
    number = np.cumsum(new_article)
    starts = np.flatnonzero(new_origin)
    ends = np.r_[starts[1:], len(origin)]
    first, last = (np.repeat(number[at], ends - starts) for at in (starts, ends - 1))
    return number - first, last - first


@dataclass(frozen=True)
class RememberedLines:
    """LINE_ROWS sorted as the table is, and their origins once more, contiguous for searching."""

    rows: Rows
    origins: NDArray[np.uint64]

    def of(self, origins: NDArray[np.uint64]) -> Rows:
        """The rows of some origins, each given once."""
        first, last = (np.searchsorted(self.origins, origins, side) for side in ("left", "right"))
        return np.concatenate([self.rows[:0], *(self.rows[a:b] for a, b in zip(first, last, strict=True) if b > a)])


@lru_cache(maxsize=2)
def remember_lines(output: str, paths: tuple[str, ...]) -> RememberedLines:
    """What the files of a dataset remember, read once a process.

    Raises DatasetError naming a file that cannot be read.
    """
    try:
        rows = keep_newest(read_lines([read_stored(path) for path in paths]))
        return RememberedLines(rows, rows["origin"].copy())
    except DatasetError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        # Another run has joined them to one meanwhile.
        return remember_lines(output, tuple(list_files(output, LINES.name)))


def read_lines(tables: list[pa.Table]) -> Rows:
    """LINE_ROWS from tables of lines."""
    table = pa.concat_tables([LINES.schema.empty_table(), *tables])
    rows = np.empty(table.num_rows, LINE_ROWS)
    for name in LINES.schema.names:
        rows[name] = table[name].to_numpy()
    return rows


def lines_table(rows: Rows) -> pa.Table:
    """LINE_ROWS as rows of the table."""
    return pa.table({name: pa.array(rows[name]) for name in LINES.schema.names}, LINES.schema)
