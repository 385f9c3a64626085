"""Many requests at once, quick and polite, with an end."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic

from schemas.errors import BadRecord
from transforms.fetch.http import Answer
from transforms.fetch.retries import wait_before_retry
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import SomeTask, TaskQueue


@dataclass(frozen=True)
class Round(Generic[SomeTask]):
    """How tasks are asked: `ask` runs in a thread and may raise a BadRecord; `rest_until` (by time.monotonic)
    says when the host of a task that has just ended may be asked again."""

    ask: Callable[[SomeTask], Answer]
    settings: FetchSettings
    read_at: int
    rest_until: Callable[[SomeTask], float] = lambda task: 0.0


def ask_all(tasks: list[SomeTask], how: Round[SomeTask]) -> Iterator[SomeTask]:
    """Each task as it ends, with what it came to as its `last` for as long as it is looked at.

    When `settings.deadline_s` is over, the rest come as they are (`last` is of an attempt before, or None), and
    what still hangs is left to threads that do not keep the process alive. No new request begins while
    `settings.threads` answers wait to be taken, so no more are ever held.
    """
    turns = TaskQueue(tasks, how.settings.per_host)
    results: queue.SimpleQueue[tuple[SomeTask, Answer | Exception]] = queue.SimpleQueue()
    deadline = time.monotonic() + how.settings.deadline_s
    left = len(tasks)
    while left and (result := _next_result(turns, results, how, deadline)):
        task, answer = result
        if isinstance(answer, Exception) and not isinstance(answer, BadRecord):
            raise answer
        task.last = answer
        turns.end(task, how.rest_until(task))
        wait = wait_before_retry(answer, task.attempts, how.read_at, how.settings)
        if wait is None:
            left -= 1
            yield task
            task.last = None  # answers are large, and tasks many
        else:
            turns.delay(task, time.monotonic() + wait)
    yield from [*turns.running.values(), *turns.not_begun()]


def _next_result(
    turns: TaskQueue[SomeTask],
    results: "queue.SimpleQueue[tuple[SomeTask, Answer | Exception]]",
    how: Round[SomeTask],
    deadline: float,
) -> tuple[SomeTask, Answer | Exception] | None:
    """The next attempt that ended, after beginning those that may; None when the deadline is over."""
    while True:
        now = time.monotonic()
        turns.release(now)
        while now < deadline and len(turns.running) < how.settings.threads and (task := turns.begin()):
            threading.Thread(target=_attempt, args=(task, how.ask, results), daemon=True).start()
        if not turns.running and turns.next_release() >= deadline:
            return None
        try:
            return results.get(timeout=max(min(deadline, turns.next_release()) - now, 0))
        except queue.Empty:
            if time.monotonic() >= deadline:
                return None


def _attempt(
    task: SomeTask,
    ask: Callable[[SomeTask], Answer],
    results: "queue.SimpleQueue[tuple[SomeTask, Answer | Exception]]",
) -> None:
    try:
        results.put((task, ask(task)))
    except Exception as error:  # noqa: BLE001 - raised again by the thread that polls, unless it is a BadRecord
        results.put((task, error))
