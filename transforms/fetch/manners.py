"""What a crawler owes to a host: its rules are kept, it is left time, and left alone when in trouble."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import AddressRefused, BadRecord, FetchFailed
from transforms.fetch.http import Answer, TakeTurn
from transforms.fetch.robots import Robots, fetch_robots
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import HostTurns
from transforms.fetch.urls import host_of, origin

_GIVE_UP = 3  # failures in a row
_PASSING_REFUSALS = (408, 425, 429)


def is_refusal(status: int) -> bool:
    """Whether a status says that the page will not be had another time either: sign-in, forbidden, not found, gone."""
    return 400 <= status < 500 and status not in _PASSING_REFUSALS


class Manners:
    """What is known of the hosts that are asked for pages. One request at a time to each. For many threads."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._turns = HostTurns(1)
        self._robots: dict[tuple[str, str, int], Robots] = {}
        self._free: dict[str, float] = {}
        self._failures: Counter[str] = Counter()

    def free_at(self, host: str) -> float:
        """When the host may be asked again, by time.monotonic."""
        return self._free.get(host, 0.0)

    def note(self, host: str, result: Answer | BadRecord) -> None:
        """Learn from what a visit came to: a host that fails several times in a row is asked no more."""
        if isinstance(result, Answer):
            trouble = result.status != 200 and not is_refusal(result.status)
        else:
            trouble = isinstance(result, FetchFailed | AddressRefused)
        self._failures[host] = self._failures[host] + 1 if trouble else 0

    def visit(self) -> TakeTurn:
        """The turns of one visit: redirects within a host follow at once, those to another wait like a visit there."""
        visited: set[str] = set()

        @contextmanager
        def take(url: str, seconds: float) -> Iterator[None]:
            host, deadline = host_of(url), time.monotonic() + seconds
            with self._turns.take(url, seconds):
                robots = self._rules(url)
                robots.check(url)
                if host not in visited:
                    self._wait(host, deadline)
                visited.add(host)
                try:
                    yield
                finally:
                    asked = min(robots.delay, self._settings.longest_delay_s)
                    self._free[host] = time.monotonic() + max(asked, self._settings.delay_s)

        return take

    def _rules(self, url: str) -> Robots:
        if self._failures[host_of(url)] >= _GIVE_UP:
            raise FetchFailed(f"{host_of(url)} failed {_GIVE_UP} times in a row and is left alone")
        place = origin(url)
        if place not in self._robots:
            self._robots[place] = fetch_robots(url, self._settings)
        return self._robots[place]

    def _wait(self, host: str, deadline: float) -> None:
        now, free = time.monotonic(), self.free_at(host)
        if free > max(deadline, now):
            raise FetchFailed(f"no turn at {host} in time: it is to be left alone for {free - now:.0f} s more")
        time.sleep(max(free - now, 0))
