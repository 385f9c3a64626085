"""A stream run by the command, in a process of its own."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

STOP_S = 180.0


@contextmanager
def streaming(output: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`dateline ingest --streaming` for as long as the context is open; then it is interrupted, and has to end well."""
    command = [sys.executable, "-m", "pipelines.command", "ingest", "--streaming", "--output", str(output), *arguments]
    log = output.with_name(f"{output.name}.log")
    with log.open("w") as said, subprocess.Popen(command, stdout=said, stderr=said, text=True) as process:
        try:
            yield process
            process.send_signal(signal.SIGINT)
            process.wait(STOP_S)
        finally:
            process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, log.read_text()[-2000:])


def read_commits(output: Path) -> list[tuple[float, dict[str, Any]]]:
    """When each window was committed, in seconds since the epoch, and its manifest; in order."""
    manifests = [(path.stat().st_mtime, orjson.loads(path.read_bytes())) for path in output.glob("_manifests/*.json")]
    return sorted((commit for commit in manifests if "window" in commit[1]), key=lambda commit: commit[0])


def wait_for(reached: Callable[[], bool], process: subprocess.Popen[str], seconds: float, every: float = 0.5) -> float:
    """The seconds until something holds; TimeoutError where it does not in time or the process has ended."""
    started = time.monotonic()
    while not reached():
        if process.poll() is not None or time.monotonic() - started > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s; the stream's exit code is {process.poll()}")
        time.sleep(every)
    return time.monotonic() - started
