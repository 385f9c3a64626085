"""The date of a file, for texts that give none: as its path writes it, or the time that it was last changed."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from transforms.clean.date_names import MONTHS

_YEAR, _MONTH, _DAY = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>\d\d)", r"(?P<d>\d\d)"
_IN_NAME = [
    re.compile(rf"(?<!\d){pattern}", re.ASCII)
    for pattern in (
        rf"{_YEAR}(?P<sep>[-_.]){_MONTH}(?P=sep){_DAY}(?!\d)",
        rf"{_YEAR}{_MONTH}{_DAY}(?:[-_]?[Tt]?\d{{4}}(?:\d\d)?)?(?!\d)",
        rf"(?P<a>\d\d)(?P<sep>[-_.])(?P<b>\d\d)(?P=sep){_YEAR}(?!\d)",
        rf"(?P<d>\d\d?)(?P<sep>[-_.]?)(?P<name>[A-Za-z]{{3,9}})(?P=sep){_YEAR}(?!\d)",
        rf"{_YEAR}(?P<sep>[-_.]?)(?P<name>[A-Za-z]{{3,9}})(?P=sep)(?P<d>\d\d?)(?!\d)",
    )
]
_IN_FOLDERS = re.compile(rf"(?:^|/)(?:year=)?{_YEAR}/(?:month=)?{_MONTH}/(?:day=)?{_DAY}(?=[/.]|$)", re.ASCII)


def date_in_path(path: str) -> str:
    """The ISO date that a path holds: in the file's name, else in the innermost folder that has one.

    Empty where there is none, where a name holds several, and for 03-04-2025, which could be two days.
    """
    for name in reversed(path.split("/")):
        days = set(_read_name(name))
        if days:
            return min(days).isoformat() if len(days) == 1 else ""
    in_folders = [day for found in _IN_FOLDERS.finditer(path) if (day := _day(found["y"], found["m"], found["d"]))]
    return in_folders[-1].isoformat() if in_folders else ""


def date_of_change(seconds: float | None) -> str:
    """The ISO time of a number of seconds since the epoch; empty where a filesystem gives none."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else ""


def _read_name(name: str) -> Iterator[date]:
    for pattern in _IN_NAME:
        for found in pattern.finditer(name):
            if day := _read(found.groupdict()):
                yield day


def _read(parts: dict[str, str | None]) -> date | None:
    year = parts["y"] or ""
    if month := parts.get("name"):
        return _day(year, str(MONTHS.get(month.lower(), 0)), parts["d"] or "")
    if first := parts.get("a"):
        second = parts["b"] or ""
        days = {day for day in (_day(year, second, first), _day(year, first, second)) if day}
        return days.pop() if len(days) == 1 else None
    return _day(year, parts["m"] or "", parts["d"] or "")


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 2025-13-45
        return None
