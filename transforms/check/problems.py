"""What a check finds."""

from dataclasses import dataclass

QUARANTINE = "_quarantine"
COME_BACK = "its rows come back with the next ingest of their source"

# What the files of a table take with them, by the start of their paths.
_LOST = {
    "articles/": COME_BACK,
    "sightings/": COME_BACK,
    "rejects/": COME_BACK,
    "feeds/": "feeds are asked as if for the first time",
    "_keys/forgotten/": "what was forgotten is no longer kept from coming back",
    "_keys/exact/": "the keys are made anew, but not which pages were asked for",
    "_keys/": "the keys are made anew",
    "_cursors/": "a stream reads its files and topics from the start",
    "_lines/": "recurring lines are counted anew",
    "raw/": "what was kept in it cannot be cleaned again",
}


def what_is_lost(path: str) -> str:
    """What becomes of what a file of the dataset held."""
    return next((lost for start, lost in _LOST.items() if path.startswith(start)), "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be; a note says what is no damage."""

    where: str  # a path below the dataset's folder
    what: str
    repair: str = ""  # what a repair does about it; empty where it can do nothing
    is_note: bool = False


def set_aside(path: str, what: str, then: str) -> Problem:
    """A file that a repair moves out of the way."""
    return Problem(path, what, f"moves it to {QUARANTINE}" + (f"; {then}" if then else ""))
