"""A pattern that is looked at time and again, by a thread of its own: no tick waits for a slow folder."""

import logging
import os
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Lock
from typing import NamedTuple

import numpy as np
from apache_beam.io.filesystem import FileMetadata

from schemas.errors import UsageError
from transforms.stream.sources.folders_listing import NO_KEYS, Keys, list_files

LOOK_S = 1.0  # from the end of a look to the next one: a file that is the same at both is whole
_REST = 10  # times as long as a look took, so that looking takes a tenth of a core at most
_LONGEST_REST_S = 600
_MOST_FILES, _MOST_BYTES = 1_000, 64 << 20  # of one tick, should more be new at once
_THREADS = 8
_log = logging.getLogger(__name__)


class Look(NamedTuple):
    """What a look found: all that matches; what is new; of that, what is whole."""

    listed: Keys
    unseen: Keys
    whole: list[tuple[np.uint64, FileMetadata]]
    took_s: float


def look(pattern: str, seen: Keys, before: Keys, is_once: bool) -> Look:
    """List the files; whole are those new ones that were listed `before`, or all of them where `is_once`.

    Raises UsageError where `is_once` and there never was a file; OSError where listing fails.
    """
    start = time.monotonic()
    keys, files = list_files(pattern, with_unfinished=is_once)
    if is_once and not len(keys) and not len(seen):
        raise UsageError(f"--input {pattern}: matches no file from {os.getcwd()}, where the worker runs")
    is_new = ~np.isin(keys, seen)
    is_whole = is_new if is_once else is_new & np.isin(keys, before)
    whole = [(keys[index], files[index]) for index in np.flatnonzero(is_whole)]
    return Look(keys, keys[is_new], whole, time.monotonic() - start)


class Watch:
    """What a process knows of a pattern between ticks. `seen` only mirrors the runner's state: `mark` says which."""

    def __init__(self, pattern: str, threads: ThreadPoolExecutor, is_once: bool = False) -> None:
        self.pattern = pattern
        self.lock = Lock()  # Prism may run two bundles of a key at once
        self.mark: bytes | None = None
        self.seen = NO_KEYS
        self.pieces = 0
        self.failures = 0  # looks that failed, since it was last asked
        self._threads = threads
        self._is_once = is_once
        self._is_over = False
        self._looking: Future[Look] | None = None
        self._listed = self._before = NO_KEYS
        self._waiting: list[tuple[np.uint64, FileMetadata]] = []
        self._next_look = 0.0

    def is_idle(self) -> bool:
        """Whether there is nothing to do at this moment."""
        if self._waiting:
            return False
        if looking := self._looking:
            return not looking.done()
        return self._is_over or time.monotonic() < self._next_look

    def load(self, mark: bytes, pieces: list[Keys]) -> None:
        """Take over the runner's state; what was found by another one is forgotten."""
        self.mark, self.pieces = mark, len(pieces)
        self.seen = np.unique(np.concatenate([NO_KEYS, *pieces]))
        self._waiting, self._looking, self._is_over = [], None, False

    def take(self) -> list[tuple[np.uint64, FileMetadata]]:
        """Files to read now, with their keys. Where none wait, a look is started or, when it is done, learnt from."""
        if not self._waiting and not self._looking:
            self._looking = self._threads.submit(look, self.pattern, self.seen, self._before, self._is_once)
        if self._looking and self._looking.done():
            self._learn(self._looking)
        sizes = np.cumsum([file.size_in_bytes for _, file in islice(self._waiting, _MOST_FILES)])
        most = max(int(np.searchsorted(sizes, _MOST_BYTES, "right")), 1)
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        return taken

    def note(self, keys: Keys) -> bytes:
        """Remember files as read; the new mark."""
        keys = np.unique(keys)
        self.seen = np.insert(self.seen, np.searchsorted(self.seen, keys), keys)
        self.pieces += 1
        self.mark = uuid.uuid4().bytes
        return self.mark

    def forget_gone(self) -> Keys:
        """All keys in one piece, without those of files that the last look did not list, unless it listed nothing."""
        if len(self._listed):
            self.seen = np.intersect1d(self.seen, self._listed)
        self.pieces = 1
        return self.seen

    def _learn(self, looking: "Future[Look]") -> None:
        self._looking = None
        try:
            found = looking.result()
        except OSError as error:
            _log.warning("%s cannot be looked up, and will be tried again: %s", self.pattern, error)
            self.failures += 1
            self._next_look = time.monotonic() + _REST * LOOK_S
            return
        self._listed, self._before, self._waiting = found.listed, found.unseen, found.whole
        self._next_look = time.monotonic() + min(max(LOOK_S, _REST * found.took_s), _LONGEST_REST_S)
        self._is_over = self._is_once


class Watches(dict[str, Watch]):
    """The watches of a process, which share threads."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(_THREADS, "look")

    def of(self, pattern: str, is_once: bool) -> Watch:
        """The watch of a pattern, made when it is first asked for."""
        if pattern not in self:
            self[pattern] = Watch(pattern, self._threads, is_once)
        return self[pattern]
