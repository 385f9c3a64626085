"""Requests for feeds that are under way in a process while ticks pass: begun in turn, never waited for."""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from schemas.errors import BadRecord
from schemas.records import FeedState
from transforms.fetch.http import Answer
from transforms.fetch.poll import FeedTask, ask_feed
from transforms.fetch.retries import wait_before_retry
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import HostTurns, TaskQueue

_SLOW_S = 2.0  # a request that has lasted longer waits for a server that hangs, and leaves its place to others
_SLOW_THREADS = 8  # in all there are this many times the threads that are set; those that wait cost little
_LOOK_S = 0.5  # for what may begin by now
_HELD_BYTES = 64 * 2**20
_BESIDE_BODY = 4096  # what an answer holds beside its body


@dataclass(slots=True, eq=False, kw_only=True)
class FeedRequest(FeedTask):
    """A feed to ask, as it was known then: an answer is of no use once another has changed that.

    It waits for its turn at the host that the feed has moved to.
    """

    known: FeedState | None
    result: Answer | Exception | None = None  # None until it has ended
    is_wanted: bool = True

    @property
    def size(self) -> int:
        """About the bytes that its result holds."""
        body = self.result.data if isinstance(self.result, Answer) else b""
        return 0 if self.result is None else _BESIDE_BODY + len(body)


class FeedRequests:
    """Asks feeds in threads of their own, and never makes the caller wait. For many threads.

    `settings.threads` requests run at a time; one that has lasted for more than `slow_s` seconds counts no more, up
    to a few times as many. None begins while the answers that wait to be taken have `held_bytes` together.
    """

    def __init__(self, settings: FetchSettings, slow_s: float = _SLOW_S, held_bytes: int = _HELD_BYTES) -> None:
        self.is_stopping = False  # nothing more is begun
        self._is_closed = False
        self._failure: Exception | None = None
        self._settings = settings
        self._slow_s = slow_s
        self._held_bytes = held_bytes
        self._ask = partial(ask_feed, settings=settings, take_turn=HostTurns(settings.per_host).take)
        # All that follows is of one thread, which others send what it is to do: ticks would wait long for a lock that
        # a hundred threads want.
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._turns: TaskQueue[FeedRequest] = TaskQueue([], settings.per_host)
        self._begun: dict[int, float] = {}  # when each that runs began, by time.monotonic
        self._held = 0  # bytes of answers that were not taken yet
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, requests: Iterable[FeedRequest]) -> None:
        """Let requests wait for their turn; each has a `result` once it has ended."""
        for request in requests:
            self._calls.put(partial(self._turns.add, request))

    def let_go(self, requests: Iterable[FeedRequest]) -> None:
        """Nobody waits for these any more: their results were taken, or are not wanted."""
        for request in requests:
            request.is_wanted = False
            self._calls.put(partial(self._let_go, request))

    def check(self) -> None:
        """Raises what ended the work, if anything did: a bug, or no more threads to be had."""
        if self._failure:
            raise self._failure

    def close(self) -> None:
        """Begin nothing more, and end the thread; what is under way ends by itself."""
        self.is_stopping = self._is_closed = True

    def _work(self) -> None:
        try:
            while not self._is_closed:
                self._work_once()
        except Exception as error:  # noqa: BLE001 - raised again by `check`
            self._failure = error

    def _work_once(self) -> None:
        wait = min(self._turns.next_release() - time.monotonic(), self._slow_s, _LOOK_S)
        with suppress(queue.Empty):
            self._calls.get(timeout=max(wait, 0))()
        now = time.monotonic()
        self._turns.release(now)
        while self._has_room(now) and (request := self._turns.begin()):
            self._begin(request, now)

    def _has_room(self, now: float) -> bool:
        most = self._settings.threads
        if self.is_stopping or self._held >= self._held_bytes or len(self._begun) >= _SLOW_THREADS * most:
            return False
        return sum(now - begun < self._slow_s for begun in self._begun.values()) < most

    def _begin(self, request: FeedRequest, now: float) -> None:
        if request.is_wanted:
            self._begun[id(request)] = now
            threading.Thread(target=self._run, args=(request,), daemon=True).start()
        else:
            self._turns.end(request)

    def _run(self, request: FeedRequest) -> None:
        result: Answer | Exception
        try:
            result = self._ask(request)
        except Exception as error:  # noqa: BLE001 - raised again by who takes it, unless it is a BadRecord
            result = error
        self._calls.put(partial(self._end, request, result))

    def _end(self, request: FeedRequest, result: Answer | Exception) -> None:
        del self._begun[id(request)]
        self._turns.end(request)
        wait = self._wait_before_retry(request, result)
        if wait is not None:
            self._turns.delay(request, time.monotonic() + wait)
        elif request.is_wanted:
            request.result = result
            self._held += request.size

    def _let_go(self, request: FeedRequest) -> None:
        self._held -= request.size

    def _wait_before_retry(self, request: FeedRequest, result: Answer | Exception) -> float | None:
        if not isinstance(result, Answer | BadRecord):
            return None
        return wait_before_retry(result, request.attempts, time.time_ns() // 1000, self._settings)
