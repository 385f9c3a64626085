"""Findings gathered by row, as the offsets that Arrow lists are made of."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.tag.text import Ints


@dataclass(frozen=True, slots=True)
class Groups:
    """Findings with the same row and value, rows in order, within a row by first appearance."""

    rows: Ints  # of each group
    values: Ints  # of each group
    counts: Ints  # findings in each group
    order: Ints  # the findings, group by group

    def best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The highest score in each group."""
        if not len(self.counts):
            return scores[:0]
        highest: NDArray[np.float32] = np.maximum.reduceat(scores[self.order], np.cumsum(self.counts) - self.counts)
        return highest


def group(rows: Ints, values: Ints) -> Groups:
    """Group findings that come in the order of their rows; values are not negative."""
    size = int(values.max(initial=0)) + 1
    keys, first, member = np.unique(rows * size + values, return_index=True, return_inverse=True)
    by_first = np.argsort(first)
    rank = np.empty_like(by_first)
    rank[by_first] = np.arange(len(by_first))
    nth = rank[member]
    order = np.argsort(nth, kind="stable")
    counts = np.bincount(nth, minlength=len(keys))
    keys = keys[by_first]
    return Groups(keys // size, keys % size, counts, order)


def spread(firsts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Runs of numbers laid out one after another: for each number the run it is of, and the number itself."""
    run = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(run)) - np.repeat(np.cumsum(counts) - counts, counts)
    return run, firsts[run] + nth


def list_offsets(counts: Ints) -> pa.Array:
    """Offsets of an Arrow list array whose lists have these lengths."""
    return pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
