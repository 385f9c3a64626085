"""A poll of many feeds, quick and polite, that always ends."""

import queue
import random
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator

import httpcore

from schemas.errors import BadRecord, FetchFailed
from schemas.records import FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.headers import own_headers
from transforms.fetch.http import Answer, Request, TakeTurn, fetch
from transforms.fetch.outcomes import Polled, current_state, overdue, settle
from transforms.fetch.schedules import retry_after
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import HostTurns, Task, TaskQueue

_PASSING_STATUSES = (408, 500, 502, 503, 504)
_LONGEST_WAIT = 10  # seconds; who asks for more is left for another poll
_Results = queue.SimpleQueue[tuple[Task, Answer | Exception]]


def poll(feeds: Iterable[tuple[Feed, FeedState | None]], read_at: int, settings: FetchSettings) -> Iterator[Polled]:
    """Ask each feed that is due; one outcome for each feed, as they come.

    `read_at` is the run's clock (microseconds): what is due is judged by it and rows carry it. Time limits
    and waits go by the machine's. When `settings.deadline_s` is over the rest fails, and what still hangs is
    left to threads that do not keep the process alive. What was polled longest ago is asked first.
    """
    tasks = []
    for feed, state in feeds:
        if feed.off or (state and state.next_poll_at and state.next_poll_at > read_at):
            yield Polled("skipped", None, state)
        else:
            tasks.append(Task(feed, current_state(feed, state)))
    tasks.sort(key=lambda task: task.state.last_fetched_at or 0)
    yield from _poll_tasks(tasks, read_at, settings)


def _poll_tasks(tasks: list[Task], read_at: int, settings: FetchSettings) -> Iterator[Polled]:
    turns = TaskQueue(tasks, settings.per_host)
    results: _Results = queue.SimpleQueue()
    take_turn = HostTurns(settings.per_host).take
    deadline = time.monotonic() + settings.deadline_s
    left = len(tasks)
    while left and (result := _next_result(turns, results, take_turn, settings, deadline)):
        task, answer = result
        turns.end(task)
        if isinstance(answer, Exception) and not isinstance(answer, BadRecord):
            raise answer
        wait = _wait_before_retry(answer, task.attempts, read_at, settings)
        if wait is None:
            left -= 1
            yield settle(task.feed, task.state, answer, read_at)
        else:
            turns.delay(task, time.monotonic() + wait)
    for task in [*turns.running.values(), *turns.not_begun()]:
        yield overdue(task.feed, task.state, task.attempts > 0, settings.deadline_s, read_at)


def _next_result(
    turns: TaskQueue, results: _Results, take_turn: TakeTurn, settings: FetchSettings, deadline: float
) -> tuple[Task, Answer | Exception] | None:
    """The next attempt that ended, after beginning those that may; None when the deadline is over."""
    while True:
        now = time.monotonic()
        turns.release(now)
        while now < deadline and len(turns.running) < settings.threads and (task := turns.begin()):
            arguments = (task, settings, take_turn, results)
            threading.Thread(target=_attempt, args=arguments, daemon=True).start()
        try:
            return results.get(timeout=max(min(deadline, turns.next_delayed()) - now, 0))
        except queue.Empty:
            if time.monotonic() >= deadline:
                return None


def _attempt(task: Task, settings: FetchSettings, take_turn: TakeTurn, results: _Results) -> None:
    try:
        results.put((task, fetch(_request(task), settings, take_turn)))
    except Exception as error:  # noqa: BLE001 - raised again by the thread that polls, unless it is a BadRecord
        results.put((task, error))


def _request(task: Task) -> Request:
    feed, state = task.feed, task.state
    try:
        own = own_headers(feed.headers, feed.secrets, feed.credentials)
    except ValueError as error:
        raise FetchFailed(str(error)) from None
    validators = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return Request(
        url=state.moved_to or feed.url,
        home=feed.url,
        validators={name: value for name, value in validators.items() if value},
        own_headers=own,
    )


def _wait_before_retry(
    result: Answer | BadRecord, attempts: int, read_at: int, settings: FetchSettings
) -> float | None:
    """Seconds until another attempt in this poll; None where none would help."""
    if attempts >= settings.attempts or not _is_passing(result):
        return None
    asked = retry_after(read_at, result.headers) if isinstance(result, Answer) else None
    if asked is not None:
        return asked if asked <= _LONGEST_WAIT else None
    return settings.backoff_s * random.uniform(0.5, 1) * float(2 ** (attempts - 1))


def _is_passing(result: Answer | BadRecord) -> bool:
    if isinstance(result, Answer):
        return result.status in _PASSING_STATUSES or (result.status == 429 and "retry-after" in result.headers)
    error = result.__cause__
    # Who kept us waiting once is not waited for again: time limits are no reason for another attempt.
    if not isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError):
        return False
    cause = error.__cause__
    if isinstance(cause, socket.gaierror):
        return cause.errno == socket.EAI_AGAIN
    return not isinstance(cause, ssl.SSLCertVerificationError | UnicodeError)
