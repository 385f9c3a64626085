"""Who may ask a server next: the manners of a poll."""

import heapq
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from schemas.errors import FetchFailed
from schemas.records import FeedState
from transforms.fetch.feeds import Feed


@dataclass(slots=True)
class Task:
    """A feed to ask in this poll; `attempts` counts those that have begun."""

    feed: Feed
    state: FeedState
    attempts: int = 0

    @property
    def host(self) -> str:
        """The host that the list names: tasks queue there, whatever it redirects to."""
        return urlsplit(self.feed.url).hostname or ""


class TaskQueue:
    """Tasks in turn, host by host, with at most `per_host` of each begun and not ended. For one thread."""

    def __init__(self, tasks: list[Task], per_host: int) -> None:
        self._per_host = per_host
        self._waiting: defaultdict[str, deque[Task]] = defaultdict(deque)
        self._lanes: Counter[str] = Counter()  # of each host: its turns and its begun tasks
        self._turns: deque[str] = deque()
        self._delayed: list[tuple[float, int, Task]] = []
        self.running: dict[int, Task] = {}
        for task in tasks:
            self._add(task)

    def begin(self) -> Task | None:
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

    def end(self, task: Task) -> None:
        """Give the task's turn to the next one of its host."""
        del self.running[id(task)]
        if self._waiting[task.host]:
            self._turns.append(task.host)
        else:
            self._lanes[task.host] -= 1

    def delay(self, task: Task, until: float) -> None:
        """Put an ended task back, to begin again at `until` or later."""
        heapq.heappush(self._delayed, (until, id(task), task))

    def release(self, now: float) -> None:
        """Let tasks whose delay is over wait for a turn like the others."""
        while self._delayed and self._delayed[0][0] <= now:
            self._add(heapq.heappop(self._delayed)[2])

    def next_delayed(self) -> float:
        """When the next delay is over."""
        return self._delayed[0][0] if self._delayed else float("inf")

    def not_begun(self) -> list[Task]:
        """The tasks that wait, delayed ones included."""
        return [task for tasks in self._waiting.values() for task in tasks] + [item[2] for item in self._delayed]

    def _add(self, task: Task) -> None:
        self._waiting[task.host].append(task)
        if self._lanes[task.host] < self._per_host:
            self._lanes[task.host] += 1
            self._turns.append(task.host)


class HostTurns:
    """At most `per_host` requests at a time to a host, redirected ones included. For many threads."""

    def __init__(self, per_host: int) -> None:
        self._lock = threading.Lock()
        self._semaphores: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(per_host))

    @contextmanager
    def take(self, host: str, seconds: float) -> Iterator[None]:
        """Hold a turn at `host`. Raises FetchFailed if none is free within `seconds`."""
        with self._lock:
            semaphore = self._semaphores[host]
        if not semaphore.acquire(timeout=max(seconds, 0)):
            raise FetchFailed(f"no turn at {host} in time: it is asked for other feeds")
        try:
            yield
        finally:
            semaphore.release()
