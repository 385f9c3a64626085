"""Windows of which a runner took a part for late: entries were read in one, and what became of them is in another."""

from collections import Counter

from schemas.errors import DatelineError
from transforms.count_of import count_of

PATIENCE_S = 600


class Unsettled:
    """The entries of each window that were read and have no outcome; fewer than none where the reads are to come.

    It is of one process: in another the manifests alone tell (`unsettled`).
    """

    def __init__(self) -> None:
        self._open: Counter[tuple[str, int]] = Counter()

    def add(self, output: str, window_end_s: int, entries: int) -> None:
        """What a commit of a window has left open, or closed."""
        key = output, window_end_s
        self._open[key] += entries
        if not self._open[key]:
            del self._open[key]

    def check(self, output: str, now_s: int) -> None:
        """Raises DatelineError, once, for a window that ended ten minutes before and is open: entries are lost.

        Outcomes without reads lose nothing: a process that has died since may have counted what they are of.
        """
        for key, entries in list(self._open.items()):
            if key[0] == output and key[1] < now_s - PATIENCE_S:
                del self._open[key]
                if entries > 0:
                    raise DatelineError(
                        f"{count_of(entries, 'entry')} read in the window to {key[1]} without an outcome"
                    )
