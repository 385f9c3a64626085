"""A lock that is given to the lowest number of those that wait for it, whoever came first."""

from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class InOrder:
    """Lets one thread through at a time."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: list[int] = []
        self._is_taken = False

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Waits for the turn of a number, which lasts until the block ends."""
        with self._changed:
            insort(self._waiting, number)
            self._changed.wait_for(lambda: not self._is_taken and self._waiting[0] == number)
            self._waiting.pop(0)
            self._is_taken = True
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()
