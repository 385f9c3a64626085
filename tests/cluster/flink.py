"""A Flink cluster of two task managers for tests, by the script that operators use."""

import json
import os
import signal
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from tests.cluster.processes import children, two_free_ports

SCRIPT = Path(__file__).parents[2] / "deploy/flink/cluster.sh"


class Flink:
    """A cluster in a folder of its own. A process is `jobmanager`, `taskmanager-1` or `taskmanager-2`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, two_free_ports()

    def run(self, *command: str, **environment: str) -> str:
        """What a command of the script prints. Raises CalledProcessError; the script says on stderr why."""
        settings = os.environ | {"RUN": str(self.folder), "PORT": str(self.port)} | environment
        ran = subprocess.run([SCRIPT, *command], env=settings, check=True, stdout=subprocess.PIPE, text=True)
        return ran.stdout.strip()

    def restart(self, process: str) -> None:
        """Kill -9, and a new process in its place."""
        self.run("kill", process)
        self.run("start", process)

    def kill_worker(self, task_manager: str) -> None:
        """Kill -9 of the Python worker of a task manager: a child of the boot program that this has started."""
        boot = children(int((self.folder / "pid" / task_manager).read_text()))
        workers = [worker for each in boot for worker in children(each)]
        assert workers, f"{task_manager} has no Python worker"
        for worker in workers:
            os.kill(worker, signal.SIGKILL)

    def checkpoints(self, kind: str) -> int:
        """How many `completed` checkpoints the job that runs has, or how often it was `restored` to one.

        A job manager counts from its own start; 0 where none is there to say.
        """
        try:
            (job,) = [job["id"] for job in self._ask("jobs")["jobs"] if job["status"] == "RUNNING"]
            return int(self._ask(f"jobs/{job}/checkpoints")["counts"][kind])
        except (OSError, ValueError):
            return 0

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}") as answer:
            return json.load(answer)
