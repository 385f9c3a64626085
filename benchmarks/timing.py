"""Processor time, for the benchmarks that time functions."""

from collections.abc import Callable, Iterable
from time import process_time
from typing import TypeVar

Item = TypeVar("Item")


def best_seconds(work: Callable[[Item], object], items: Iterable[Item], rounds: int) -> float:
    """The processor time of `work` over all items, in seconds; the best of several rounds."""
    items, times = list(items), list[float]()
    for _ in range(rounds):
        start = process_time()
        for item in items:
            work(item)
        times.append(process_time() - start)
    return min(times)
