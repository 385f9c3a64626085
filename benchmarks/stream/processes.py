"""What a stream's processes use: memory and processor time by part. Linux."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MB = 2**20
# How the command lines of each part's processes are told.
PARTS = {
    "task managers": r"^\S*java .*TaskManagerRunner",
    "job manager": r"^\S*java .*ClusterEntrypoint",
    "job server": r"^\S*java .*job-server",
    "prism": r"^\S*/prism\S* ",
    "python workers": r"^\S*python\S* .*sdk_worker_main",
    "command": r"^\S*python\S* -m pipelines\.command",
}
PYTHON = ("python workers", "command")  # may run the pipeline's functions: on Prism it is the command itself
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Processes:
    """Those that this one has started, and those of a cluster, whose command lines name its folder."""

    def __init__(self, cluster: str = "") -> None:
        self._mark = f"{cluster}/" if cluster else "\0"

    def memory(self) -> dict[str, float]:
        """MB resident, by part. Pages that processes share, such as mapped keys, count for each."""
        used: defaultdict[str, float] = defaultdict(float)
        for part, path in self._all():
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                used[part] += int((path / "statm").read_text().split()[1]) * _PAGE / MB
        return used

    def seconds(self) -> dict[tuple[str, int], float]:
        """Processor time since each started, by part and process."""
        return {(part, int(path.name)): _seconds(path) for part, path in self._all()}

    def python(self) -> list[int]:
        """The ids of those that may run the pipeline's functions."""
        return [int(path.name) for part, path in self._all() if part in PYTHON]

    def _all(self) -> Iterator[tuple[str, Path]]:
        commands, parents = dict[int, str](), dict[int, int]()
        for path in Path("/proc").glob("[0-9]*"):
            try:
                commands[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile

        def is_ours(process: int) -> bool:
            if process == os.getpid() or self._mark in commands.get(process, ""):
                return True
            return process in parents and is_ours(parents[process])

        for process, command in commands.items():
            part = next((part for part, words in PARTS.items() if re.search(words, command)), None)
            if part and is_ours(process):
                yield part, Path("/proc", str(process))


def cluster_folder(options: list[str]) -> str:
    """The folder of the Flink cluster that the options of a stream name, as `cluster.sh flags` does; empty for none."""
    found = [option.partition("=")[2] for option in options if option.startswith("--artifacts_dir=")]
    return str(Path(found[0]).parent) if found else ""


def _seconds(path: Path) -> float:
    user, system = (path / "stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
