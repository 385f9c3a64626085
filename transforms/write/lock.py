"""Locks that a dead process does not hold: flock, on local filesystems.

Remote filesystems have none in common. There `hold` takes no lock, and a dataset must have one writer at a
time: the scheduler that starts the runs has to see to it.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TextIO

from schemas.errors import DatasetBusy
from transforms.write.files import is_local, naming

COMMIT_WAIT_S = 600.0
TELL_S = 60.0
_POLL_S = 0.02
_log = logging.getLogger(__name__)


@contextmanager
def hold(path: str, wait_s: float = 0.0) -> Iterator[None]:
    """Holds the lock of a local file, made if need be, until the block ends or the process dies.

    Raises:
        DatasetBusy: another process (or this one) holds it for longer than `wait_s` seconds.
    """
    if not is_local(path):
        yield
        return
    with open(path, "a+", encoding="utf-8") as file:
        _wait(file, wait_s)
        with naming(path):
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), str(os.getpid()).encode())
        yield


def hold_dataset(output: str) -> AbstractContextManager[None]:
    """Holds the lock under which a dataset changes."""
    return hold(f"{output}/_lock", COMMIT_WAIT_S)


def is_held(path: str) -> bool:
    """Whether a process holds the lock of a local file."""
    with (
        suppress(FileNotFoundError, NotADirectoryError),
        open(path, encoding="utf-8") as file,
    ):  # looking writes nothing
        return not _try(file, fcntl.LOCK_SH)
    return False


def _wait(file: TextIO, wait_s: float) -> None:
    start = told_at = time.monotonic()
    while not _try(file):
        now = time.monotonic()
        if now >= start + wait_s:
            raise DatasetBusy(f"{_holder(file)} for {wait_s:g} s")
        if now >= told_at + TELL_S:
            _log.warning("%s for %.0f s; waiting for it", _holder(file), now - start)
            told_at = now
        time.sleep(_POLL_S)


def _holder(file: TextIO) -> str:
    file.seek(0)
    return f"{file.name} has been held by process {file.read() or 'unknown'}"


def _try(file: TextIO, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
