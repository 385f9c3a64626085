"""How far a local run has come: every process leaves its counts in a small file, for the launcher to add up."""

import json
import os
import time
from collections import Counter

from transforms.write import files

_INTERVAL_S = 0.5
_PREFIX = "_progress-"

_counts: dict[str, Counter[str]] = {}
_written: dict[str, float] = {}


def note(folder: str, **counts: int) -> None:
    """Add to this process's counts; at most every half second they are written to `folder`, if that is local."""
    mine = _counts.setdefault(folder, Counter())
    mine.update(counts)
    now = time.monotonic()
    if now - _written.get(folder, 0.0) >= _INTERVAL_S and files.is_local(folder):
        _written[folder] = now
        files.write_whole(f"{folder}/{_PREFIX}{os.getpid()}", json.dumps(mine).encode())


def read_counts(folder: str) -> Counter[str]:
    """The counts of all processes, as last written."""
    total: Counter[str] = Counter()
    for path in _reports(folder):
        total.update(json.loads(files.read_bytes(path)))
    return total


def count_processes(folder: str) -> int:
    """How many processes have noted anything."""
    return len(_reports(folder))


def _reports(folder: str) -> list[str]:
    return [path for path in files.find(folder, f"{_PREFIX}*") if path.rpartition(_PREFIX)[2].isdigit()]
