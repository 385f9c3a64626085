"""What comes in an order, in groups of a size."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Sized(Protocol):
    """Something of so many bytes."""

    @property
    def size(self) -> int: ...


Item = TypeVar("Item", bound=Sized)


def group_by_size(items: Iterable[Item], most: int) -> list[list[Item]]:
    """The items, in their order, in groups of `most` bytes at most; an item that is larger is one by itself."""
    groups: list[list[Item]] = []
    size = 0
    for item in items:
        if not groups or size + item.size > most:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += item.size
    return groups
