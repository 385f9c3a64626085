"""The step between reading lines and removing them: the lines of a partition of sources are weighed together."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from schemas.lines import LINE_ROWS
from transforms.boilerplate.recurring import find_recurring
from transforms.boilerplate.window import keep_sample, newest_lines, remember_lines
from transforms.ledger import arrived, sent

# Above so many rows, articles are counted by a sample from each origin, so that no group fills the memory.
MANY_ROWS = 4_000_000
_SAMPLE = 1_000  # articles

Rows = NDArray[np.void]


def weigh_lines(
    group: tuple[int, Iterable[bytes]], output: str, paths: tuple[str, ...], staging: str, shards: int
) -> Iterator[tuple[int, bytes]]:
    """RECURRING lines of a partition, for every shard, from LINE_ROWS and those remembered of the same origins."""
    recurring = weigh_rows(gather_rows(group[1]), output, paths, staging)
    if len(recurring):
        sent("recurring", shards * len(recurring))
        for shard in range(shards):
            yield shard, recurring.tobytes()


def weigh_rows(rows: Rows, output: str, paths: tuple[str, ...], staging: str = "") -> Rows:
    """RECURRING lines, from LINE_ROWS and those remembered of the same origins."""
    stored = newest_lines(remember_lines(output, paths, staging), np.unique(rows["origin"]))
    return find_recurring(np.concatenate([stored, rows]))


def gather_rows(parts: Iterable[bytes]) -> Rows:
    """LINE_ROWS of all parts, or where they are too many, of the same sample of articles whatever their order."""
    waiting, size, limit, sampled = list[Rows](), 0, MANY_ROWS, False
    for part in parts:
        waiting.append(np.frombuffer(part, LINE_ROWS))
        arrived("lines", len(waiting[-1]))
        size += len(waiting[-1])
        if size > limit:
            waiting, sampled = [keep_sample(np.concatenate(waiting), _SAMPLE)], True
            size = len(waiting[0])
            limit = max(limit, 2 * size)
    rows = np.concatenate(waiting)
    return keep_sample(rows, _SAMPLE) if sampled else rows
