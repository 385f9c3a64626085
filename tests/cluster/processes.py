"""The processes that tests start: what they have started themselves (on Linux), and ports for them."""

import socket
from pathlib import Path


def two_free_ports() -> int:
    """The first of two ports of the loopback that follow each other and that nobody uses."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    parents = {int(path.parent.name): parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
    return [child for child, its_parent in parents.items() if its_parent == process]


def parent(stat: Path) -> int:
    """The parent in /proc/<pid>/stat: the second field after the name, which stands in brackets; 0 if it has ended."""
    try:
        return int(stat.read_text().rpartition(") ")[2].split()[1])
    except OSError:
        return 0


def command_of(process: int) -> str:
    """What a process runs."""
    return Path(f"/proc/{process}/cmdline").read_text().partition("\0")[0]
