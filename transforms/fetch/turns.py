"""Who may ask a server next: the manners of a poll."""

import heapq
import itertools
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.errors import BadRecord, FetchFailed
from transforms.fetch.http import Answer
from transforms.fetch.urls import host_of


@dataclass(slots=True, eq=False)
class Task:
    """Something to ask for: tasks queue at the host of its URL, whatever that redirects to."""

    url: str
    attempts: int = 0  # that have begun
    last: Answer | BadRecord | None = None  # what the last one that ended came to

    @property
    def host(self) -> str:
        """The host that the URL names."""
        return host_of(self.url)


SomeTask = TypeVar("SomeTask", bound=Task)


class TaskQueue(Generic[SomeTask]):
    """Tasks in turn, host by host, with at most `per_host` of each begun and not ended. For one thread."""

    def __init__(self, tasks: list[SomeTask], per_host: int) -> None:
        self._per_host = per_host
        self._waiting: defaultdict[str, deque[SomeTask]] = defaultdict(deque)
        self._lanes: Counter[str] = Counter()  # of each host: its turns, at rest or not, and its begun tasks
        self._turns: deque[str] = deque()
        self._later: list[tuple[float, int, SomeTask | str]] = []  # tasks that are delayed, hosts that rest
        self._order = itertools.count()
        self.running: dict[int, SomeTask] = {}
        for task in tasks:
            self.add(task)

    def add(self, task: SomeTask) -> None:
        """Let another task wait for a turn."""
        self._waiting[task.host].append(task)
        if self._lanes[task.host] < self._per_host:
            self._lanes[task.host] += 1
            self._turns.append(task.host)

    def begin(self) -> SomeTask | None:
        """The next task that may begin; None where all must wait."""
        while self._turns:
            host = self._turns.popleft()
            if self._waiting[host]:
                task = self._waiting[host].popleft()
                task.attempts += 1
                self.running[id(task)] = task
                return task
            self._lanes[host] -= 1
        return None

    def end(self, task: SomeTask, rest_until: float = 0.0) -> None:
        """Give the task's turn to the next one of its host, at `rest_until` or later."""
        del self.running[id(task)]
        if rest_until:
            heapq.heappush(self._later, (rest_until, next(self._order), task.host))
        else:
            self._turns.append(task.host)

    def delay(self, task: SomeTask, until: float) -> None:
        """Put an ended task back, to begin again at `until` or later."""
        heapq.heappush(self._later, (until, next(self._order), task))

    def release(self, now: float) -> None:
        """Let tasks whose delay is over wait for a turn like the others, and hosts that have rested have theirs."""
        while self._later and self._later[0][0] <= now:
            released = heapq.heappop(self._later)[2]
            if isinstance(released, str):
                self._turns.append(released)
            else:
                self.add(released)

    def next_release(self) -> float:
        """When the next delay or rest is over."""
        return self._later[0][0] if self._later else float("inf")

    def not_begun(self) -> list[SomeTask]:
        """The tasks that wait, delayed ones included."""
        delayed = [item for _, _, item in self._later if not isinstance(item, str)]
        return [task for tasks in self._waiting.values() for task in tasks] + delayed


class HostTurns:
    """At most `per_host` requests at a time to a host, redirected ones included. For many threads."""

    def __init__(self, per_host: int) -> None:
        self._lock = threading.Lock()
        self._semaphores: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(per_host))

    @contextmanager
    def take(self, url: str, seconds: float) -> Iterator[None]:
        """Hold a turn at the URL's host. Raises FetchFailed if none is free within `seconds`."""
        host = host_of(url)
        with self._lock:
            semaphore = self._semaphores[host]
        if not semaphore.acquire(timeout=max(seconds, 0)):
            raise FetchFailed(f"no turn at {host} in time: it is asked for others")
        try:
            yield
        finally:
            semaphore.release()
