"""What a command's exit code says."""

from collections.abc import Mapping

OK = 0
FAILED = 1
USAGE = 2  # an option that cannot be used
SOME_INPUTS_FAILED = 3  # committed, but not all could be fetched or read
INTERRUPTED = 130

# Counts of a run: feeds, pages and files that could not be fetched or read, but may be at another time.
_INPUTS = ("feeds_failed", "pages_failed", "files_failed")


def committed(counts: Mapping[str, int]) -> int:
    """The exit code of a run that has committed, by what it counted."""
    return SOME_INPUTS_FAILED if any(counts.get(name) for name in _INPUTS) else OK
