"""Tells whoever waits how far a run has come: a line that moves on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from transforms.progress import read_counts
from transforms.write import files
from transforms.write.run import STAGED

_TERMINAL_S = 1.0
_PLAIN_S = 30.0


@contextmanager
def show_progress(staging: str) -> Iterator[None]:
    """While the block runs, say on stderr every second (30 on no terminal) what has been read and staged."""
    if not files.is_local(staging):
        yield
        return
    ended = threading.Event()
    reporter = threading.Thread(target=_report, args=(staging, ended), daemon=True)
    reporter.start()
    try:
        yield
    finally:
        ended.set()
        reporter.join()


def _report(staging: str, ended: threading.Event) -> None:
    started, on_terminal = time.monotonic(), sys.stderr.isatty()
    start, end = ("\r\x1b[K", "") if on_terminal else ("", "\n")
    while not ended.wait(_TERMINAL_S if on_terminal else _PLAIN_S):
        sys.stderr.write(f"{start}{describe(staging, time.monotonic() - started)}{end}")
        sys.stderr.flush()
    if on_terminal:
        sys.stderr.write(start)


def describe(staging: str, seconds: float) -> str:
    """One line: the time, what has been read, and the files that wait for the commit."""
    counts = read_counts(staging)
    staged = sum(path.endswith(STAGED) for path in files.find(staging))
    fetched = {name: counts[name] for name in ("feeds", "pages") if counts[name]}
    read = fetched | {name: counts[name] for name in ("documents", "entries")}
    told = ", ".join(f"{count:,} {name}" for name, count in read.items())
    return f"{seconds:5.0f} s  {told} read, {staged:,} files staged"
