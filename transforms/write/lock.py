"""Locks that a dead process does not hold: flock, on local filesystems.

Remote filesystems have none in common. There `hold` takes no lock, and a dataset must have one writer at a
time: the scheduler that starts the runs has to see to it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TextIO

from schemas.errors import DatasetBusy
from transforms.write.files import is_local, naming

COMMIT_WAIT_S = 600.0
_POLL_S = 0.02


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
    end = time.monotonic() + wait_s
    while not _try(file):
        if time.monotonic() >= end:
            file.seek(0)
            raise DatasetBusy(f"{file.name} has been held by process {file.read() or 'unknown'} for {wait_s:g} s")
        time.sleep(_POLL_S)


def _try(file: TextIO, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
