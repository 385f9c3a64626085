"""Dates in the header of a text: where in a line they stand, written so that cleaning reads them."""

import re
from typing import NamedTuple

from transforms.clean.date_names import MONTHS
from transforms.clean.dates import parse_date

_LONGEST = 160  # characters of a line with a date
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_MONTH = r"(?P<m>[^\W\d_]{3,10})\.?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DATES = [
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}(?P<sep>[-/.])\d{{1,2}}(?P=sep)\d\d?",
        rf"(?<![\d./-])\d{{1,2}}(?P<sep>[-/.])\d{{1,2}}(?P=sep){_YEAR}",
        rf"(?<!\d){_DAY}[ -](?:de |of )?{_MONTH},?[ -](?:de |del )?{_YEAR}",
        rf"(?<![^\W\d_]){_MONTH} {_DAY},? {_YEAR}",
        r"(?P<y>(?:19|20)\d\d) ?[年년] ?(?P<m>\d{1,2}) ?[月월] ?(?P<d>\d{1,2}) ?[日일]",
    )
]
_DIGIT = re.compile(r"\d")
_CLOCK = (
    r"(?P<h>\d{1,2})(?:(?:[:.]|(?P<hour> ?[hH時时点點시] ?))(?P<mi>[0-5]\d)(?P<s>:[0-5]\d)?[分분]?)?"
    r"(?: ?(?P<ap>[AaPp])\.?[Mm]\b\.?)?(?P<word> ?(?:Uhr|hrs?|h)\b)?"
    r"(?: ?\(?(?P<tz>[A-Z]{1,5}\b(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)\)?)?"
)
_TIME = re.compile(rf"[ ,T@|/·•–—\u3000-]*(?:(?:at|um|à|a las|às|alle ore|alle|ore|om|kl\.?) )?{_CLOCK}(?!\d)")
_TIME_BEFORE = re.compile(rf"(?<![\d:.]){_CLOCK},? ?(?:(?:on|am|le|el|em|il) )?(?:[^\W\d_]{{2,12}}\.?,? )?$")


class FoundDate(NamedTuple):
    """Where a date with its time stands in a line, and what it says."""

    start: int
    end: int
    raw: str


def find_dates(line: str) -> list[FoundDate]:
    """The dates of a line, from left to right; a day and a month without a year are none."""
    if len(line) > _LONGEST or not _DIGIT.search(line):
        return []
    matches = sorted((m for pattern in _DATES for m in pattern.finditer(line)), key=lambda match: match.start())
    found: list[FoundDate] = []
    for match in matches:
        if _is_date(match) and (not found or match.start() >= found[-1].end):
            found.append(_with_time(line, match))
    return found


def _is_date(match: re.Match[str]) -> bool:
    month = match.groupdict().get("m") or "1"
    return month.isdigit() or month.casefold() in MONTHS


def _with_time(line: str, date: re.Match[str]) -> FoundDate:
    time = _TIME.match(line, date.end())
    start, end = date.span()
    if time and _is_time(time):
        end = time.end()
    elif (time := _TIME_BEFORE.search(line, 0, start)) and _is_time(time):
        start = time.start()
    else:
        time = None
    return FoundDate(start, end, _spell(line[start:end], date, time))


def _is_time(time: re.Match[str]) -> bool:
    """A number alone is no time."""
    return bool(time["mi"] or time["ap"] or time["word"]) and int(time["h"]) < 25


def _spell(as_is: str, date: re.Match[str], time: re.Match[str] | None) -> str:
    """The text as it stands where cleaning reads all of it, else its parts in a form that it reads."""
    parts = date.groupdict()
    day = f"{parts['y']}-{parts['m']}-{parts['d']}" if (parts.get("m") or "").isdigit() else date.group()
    wanted = "minute" if time else "day"
    spelled = f"{day} {_spell_time(time)}" if time else day
    for text in (as_is, spelled):
        if parse_date(text, is_day_first=True).precision.replace("second", "minute") == wanted:
            return text
    return next((text for text in (as_is, day) if parse_date(text, is_day_first=True).at is not None), as_is)


def _spell_time(time: re.Match[str]) -> str:
    half = f" {time['ap'].lower()}m" if time["ap"] else ""
    zone = f" {time['tz']}" if time["tz"] else ""
    return f"{time['h']}:{time['mi'] or '00'}{time['s'] or ''}{half}{zone}"
