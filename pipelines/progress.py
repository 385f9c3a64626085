"""Tells whoever waits how far a run has come: a line that moves on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from transforms.count_of import count_of
from transforms.progress import read_counts
from transforms.write import files
from transforms.write.run import STAGED

_TERMINAL_S = 1.0
_PLAIN_S = 30.0

_NAMES = {"feeds": "feed", "pages": "page", "documents": "document", "entries": "entry"}


@dataclass(frozen=True)
class Behind:
    """Where a backfill stands: the chunk at hand, and what was read before it."""

    chunk: int
    of: int
    counts: dict[str, int]  # of all before it
    bytes: int  # that this process has read
    started: float  # when it began to, by the monotonic clock


def show_progress(staging: str, behind: Behind | None = None) -> AbstractContextManager[None]:
    """While the block runs, say what has been read and staged."""
    started = behind.started if behind else time.monotonic()
    return keep_saying(staging, lambda: describe(staging, time.monotonic() - started, behind))


@contextmanager
def keep_saying(staging: str, what: Callable[[], str]) -> Iterator[None]:
    """While the block runs, say a line on stderr every second (30 on no terminal), if the run is a local one."""
    if not files.is_local(staging):
        yield
        return
    ended = threading.Event()
    reporter = threading.Thread(target=_report, args=(what, ended), daemon=True)
    reporter.start()
    try:
        yield
    finally:
        ended.set()
        reporter.join()


def _report(what: Callable[[], str], ended: threading.Event) -> None:
    on_terminal = sys.stderr.isatty()
    start, end = ("\r\x1b[K", "") if on_terminal else ("", "\n")
    while not ended.wait(_TERMINAL_S if on_terminal else _PLAIN_S):
        sys.stderr.write(f"{start}{what()}{end}")
        sys.stderr.flush()
    if on_terminal:
        sys.stderr.write(start)


def describe(staging: str, seconds: float, behind: Behind | None = None) -> str:
    """One line: the time, what has been read, and the files that wait for the commit."""
    counts = read_counts(staging)
    chunk, speed = "", ""
    if behind:
        chunk = f"chunk {behind.chunk} of {behind.of}: "
        speed = f" at {(behind.bytes + counts['bytes']) / 1e6 / max(seconds, 1):.1f} MB/s"
        counts.update(documents=behind.counts.get("documents", 0), entries=behind.counts.get("reads", 0))
    staged = sum(path.endswith(STAGED) for path in files.find(staging))
    fetched = {name: counts[name] for name in ("feeds", "pages") if counts[name]}
    read = fetched | {name: counts[name] for name in ("documents", "entries")}
    told = ", ".join(count_of(count, _NAMES[name]) for name, count in read.items())
    return f"{seconds:5.0f} s  {chunk}{told} read{speed}, {count_of(staged, 'file')} staged"
