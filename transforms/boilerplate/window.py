"""What is remembered of lines: those of the newest articles of each source."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.lines import LINE_ROWS, LINES
from transforms.write.sorted_rows import SortedRows, map_rows, to_rows
from transforms.write.stored import is_gone, list_files

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


@lru_cache(maxsize=2)
def remember_lines(output: str, paths: tuple[str, ...], staging: str = "") -> SortedRows:
    """LINE_ROWS of the files of a dataset, to look up by origin, once a process, or on a local disk once a run.

    Raises DatasetError naming a file that cannot be read.
    """
    try:
        return map_rows(paths, LINE_ROWS, staging)
    except DatasetError as error:
        if not is_gone(error):
            raise
        return remember_lines(output, tuple(list_files(output, LINES.name)), staging)


def newest_lines(remembered: SortedRows, origins: NDArray[np.uint64]) -> Rows:
    """LINE_ROWS of the newest stored articles of some origins, each given once, sorted as the table is."""
    return keep_newest(remembered.find(origins)[1])


def newest_of_sorted(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Of the rows of a sorted table in pieces, those of the newest articles of each origin, in new pieces."""
    held = np.zeros(0, LINE_ROWS)
    for piece in pieces:
        held = np.concatenate([held, to_rows(piece, LINE_ROWS)])
        last = np.searchsorted(held["origin"], held["origin"][-1:])[0] if len(held) else 0
        yield lines_table(keep_newest(held[:last]))  # there may be more of the last origin
        held = held[last:]
    yield lines_table(keep_newest(held))


def lines_table(rows: Rows) -> pa.Table:
    """LINE_ROWS as rows of the table."""
    return pa.table({name: pa.array(rows[name]) for name in LINES.schema.names}, LINES.schema)
