"""What a run of the command costs: seconds, and the memory of all its processes. Linux."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.exit_codes import OK, SOME_INPUTS_FAILED

_SAMPLE_S = 0.02


@dataclass(frozen=True)
class Cost:
    """Wall and processor time in seconds, the peak of resident memory in MB, and what the command said."""

    seconds: float
    cpu: float
    peak: float
    said: str


def run_dateline(*arguments: str) -> Cost:
    """Runs the command in a process of its own; CalledProcessError where it commits nothing."""
    start = time.monotonic()
    command = [sys.executable, "-m", "pipelines.command", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    samples = [0.0]
    sampler = threading.Thread(target=_sample, args=(process.pid, samples))
    sampler.start()
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    sampler.join()
    if process.returncode not in (OK, SOME_INPUTS_FAILED):
        raise subprocess.CalledProcessError(process.returncode, command, said)
    peak = max(usage.ru_maxrss / 1024, *samples)
    return Cost(time.monotonic() - start, usage.ru_utime + usage.ru_stime, peak, said)


def _sample(pid: int, samples: list[float]) -> None:
    """Notes the memory of a process and all below it until it ends: one process alone peaks between two samples."""
    while size := _resident(pid):
        samples.append(size)
        time.sleep(_SAMPLE_S)


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(map(_resident, children))
