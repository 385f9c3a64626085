"""Dates as feeds write them to instants, never by guess."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from transforms.clean.date_forms import NUMBERS_FIRST, WORDS_FIRST, is_korean, plain_date
from transforms.clean.date_names import MONTHS, ZONES, find_region

SECOND = 1_000_000  # microseconds
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST = 100  # characters
_KOREAN_TIME = "Asia/Seoul"

Parts = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """An instant in microseconds since the epoch, UTC, or None; how exact it is, and whose zone it is in."""

    at: int | None = None
    precision: str = ""  # second, minute, day
    zone: str = ""  # given, assumed


_UNREAD = ParsedDate()
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)? ?([+-])(1[0-4]|0?[0-9]):?([0-9]{2})?")


@lru_cache(maxsize=4096)
def parse_date(raw: str, zone: str = "", is_day_first: bool = False) -> ParsedDate:
    """The instant that a date of a feed stands for; `at` is None where it stands for none or for several.

    A day without a time is 00:00 UTC of that day; so is a time in a zone that its name does not settle (IST),
    unless `zone`, the feed's IANA time zone, has that name. A time without a zone is in `zone`, else in that of
    Korea where the date is in Korean, else in UTC. A month or a year alone is no date, and nor is 03/04/2025;
    03.04.2025 is the 3 April where `is_day_first`, by the language of the text (`DAY_FIRST`), else none either.
    Years of two digits are RFC 2822's, and only where the month has a name. A weekday is not held against the
    date: feeds get it wrong. Nothing is relative to the day it is read.
    Raises zoneinfo.ZoneInfoNotFoundError for a zone that is none.
    """
    if len(raw) > _LONGEST:
        return _UNREAD
    text = plain_date(raw)
    for form in NUMBERS_FIRST if text[:1].isdigit() else WORDS_FIRST:
        if match := form.fullmatch(text):
            return _read(match.groupdict(), zone or (_KOREAN_TIME if is_korean(raw) else ""), is_day_first)
    return _UNREAD


def _read(parts: Parts, zone: str, is_day_first: bool) -> ParsedDate:
    if seconds := parts.get("seconds"):
        return ParsedDate(int(seconds + (parts["millis"] or "000")) * 1000, "second", "given")
    day = _day(parts, is_day_first and parts.get("sep") == ".")
    if day is None:
        return _UNREAD
    midnight = (day.toordinal() - _EPOCH) * DAY
    if not parts.get("h"):
        return ParsedDate(midnight, "day", "assumed")
    time = _time(parts) if parts["mi"] or parts["ap"] else None
    if time is None:
        return _UNREAD
    name = parts["tz"] or ""
    offset = _offset(name, day, time, zone)
    if offset is None:
        return ParsedDate(midnight, "day", "assumed")
    precision = "second" if parts["s"] else "minute"
    return ParsedDate(midnight + time - offset * MINUTE, precision, "given" if name else "assumed")


def _day(parts: Parts, is_day_first: bool) -> date | None:
    year = int(parts["y"]) if parts["y"] else _full_year(parts["yy"] or "")
    try:
        if week := parts.get("week"):
            return date.fromisocalendar(year, int(week), int(parts["weekday"] or 0))
        if ordinal := parts.get("ordinal"):
            day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
            return day if day.year == year and ordinal != "000" else None
        month, day_of_month = _month_and_day(parts, is_day_first)
        return date(year, month, day_of_month)
    except (ValueError, OverflowError):  # 31 April, 9999-366
        return None


def _full_year(digits: str) -> int:
    """RFC 2822, 4.3: two digits are 1950 to 2049."""
    year = int(digits)
    return year + (2000 if year < 50 else 1900)


def _month_and_day(parts: Parts, is_day_first: bool) -> tuple[int, int]:
    """Month and day; month 0, which no date has, where they are unknown or could be either."""
    if name := parts.get("name"):
        return MONTHS.get(name, 0), int(parts["d"] or 0)
    if month := parts.get("m"):
        return int(month), int(parts["d"] or 0)
    first, second = int(parts["a"] or 0), int(parts["b"] or 0)
    if second > 12:
        return first, second
    return (second, first) if first > 12 or first == second or is_day_first else (0, 0)


def _time(parts: Parts) -> int | None:
    """Microseconds since midnight; None for no time of day. 24:00 and 23:59:60 are the next midnight."""
    hour, minute, second = int(parts["h"] or 0), int(parts["mi"] or 0), int(parts["s"] or 0)
    if half := parts.get("ap"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = int(f"{digits:0<6}"[:6]) if (digits := parts.get("f")) else 0
    time = (hour * 60 + minute) * MINUTE + second * SECOND + fraction
    if minute > 59 or second > (60 if minute == 59 else 59) or time > DAY + fraction:
        return None
    return time


def _offset(name: str, day: date, time: int, zone: str) -> int | None:
    """Minutes east of UTC; None for a name that does not settle it."""
    if name in ZONES:
        return ZONES[name]
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups(default="0")
        return int(sign + "1") * (int(hours) * 60 + int(minutes))
    region = find_region(name) or zone
    if not region:
        return None if name else 0
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(region))
    local = midnight + timedelta(microseconds=min(time, DAY - 1))
    if name and region == zone and name not in (zone.lower(), (local.tzname() or "").lower()):
        return None
    return round((local.utcoffset() or timedelta()).total_seconds() / 60)
