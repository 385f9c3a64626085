"""Dates as feeds write them to instants, never by guess."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from transforms.clean.date_names import MONTHS, ZONES

SECOND = 1_000_000  # microseconds
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST = 100  # characters
_WIDEST_OFFSET = 14 * 60  # minutes; no zone is further from UTC

Parts = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """An instant in microseconds since the epoch, UTC, or None; how exact it is, and whose zone it is in."""

    at: int | None = None
    precision: str = ""  # second, minute, day
    zone: str = ""  # given, assumed


_UNREAD = ParsedDate()

_TIME = (
    r"(?P<h>\d{1,2}):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?: ?(?P<ap>[ap])\.?m\.?(?![a-z]))? ?(?P<tz>[a-z]{1,5}(?: ?[+-]\d[\d:]{0,5})?|[+-]\d[\d:]{0,5})?"
)
_AT = rf"(?:[ ,t]+(?:at |um |à |- )?{_TIME})?"
_WEEKDAY = r"(?:[^\W\d_]+(?:\.,? ?|, ?| ))?"
_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # ISO 8601, RFC 3339, W3CDTF and relatives: 2025-03-22T10:15:00+01:00, 2025/3/22 10:15
        rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?:z|{_AT})",
        # RFC 822 and relatives: Sat, 22 Mar 2025 10:15:00 GMT, 22-Mar-25, 22. März 2025, 22 de marzo de 2025
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|º|\.)?,?[ -]?(?:de |of )?{_NAME},?[ -]?(?:de |of )?"
        rf"(?P<y>\d{{4}}|\d\d){_AT}",
        # March 22, 2025 10:15 AM EST
        rf"{_WEEKDAY}{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_AT}",
        # asctime, date(1): Sat Mar 22 10:15:00 UTC 2025
        rf"{_WEEKDAY}{_NAME} (?P<d>\d{{1,2}}),? {_TIME} (?P<y>\d{{4}})",
        # 22/03/2025, where only one reading is a date
        rf"{_WEEKDAY}(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}){_AT}",
        # ISO 8601 basic: 20250322T101500Z, 20250322
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?(?P<tz>z|[+-]\d[\d:]{0,5})?)?",
        # ISO 8601 week and ordinal dates: 2025-W12-6, 2025-081
        r"(?P<y>\d{4})-?w(?P<week>\d\d)-?(?P<weekday>\d)",
        r"(?P<y>\d{4})-(?P<ordinal>\d{3})",
        # seconds or milliseconds since the epoch
        r"(?P<seconds>\d{10})(?P<millis>\d{3})?",
    )
]
_COMMENT = re.compile(r" ?\([^()]*\)$")
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)? ?([+-])([0-9]{1,2}):?([0-9]{2})?")


@lru_cache(maxsize=4096)
def parse_date(raw: str, zone: str = "") -> ParsedDate:
    """The instant that a date of a feed stands for; `at` is None where it stands for none or for several.

    A day without a time is 00:00 UTC of that day; so is a time in a zone that its name does not settle (IST),
    unless `zone`, the feed's IANA time zone, has that name. A time without a zone is in `zone`, else in UTC.
    A month or a year alone is no date, and nor is 03/04/2025. Years of two digits are RFC 2822's.
    Raises zoneinfo.ZoneInfoNotFoundError for a zone that is none.
    """
    if len(raw) > _LONGEST:
        return _UNREAD
    text = _COMMENT.sub("", " ".join(raw.lower().split()))
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return _read(match.groupdict(), zone)
    return _UNREAD


def _read(parts: Parts, zone: str) -> ParsedDate:
    if seconds := parts.get("seconds"):
        return ParsedDate(int(seconds + (parts["millis"] or "000")) * 1000, "second", "given")
    day = _day(parts)
    if day is None:
        return _UNREAD
    midnight = (day.toordinal() - _EPOCH) * DAY
    if not parts.get("h"):
        return ParsedDate(midnight, "day", "assumed")
    time = _time(parts)
    if time is None:
        return _UNREAD
    name = parts["tz"] or ""
    offset = _offset(name, day, time, zone)
    if offset is None:
        return ParsedDate(midnight, "day", "assumed")
    precision = "second" if parts["s"] else "minute"
    return ParsedDate(midnight + time - offset * MINUTE, precision, "given" if name else "assumed")


def _day(parts: Parts) -> date | None:
    year = _year(parts["y"] or "")
    try:
        if week := parts.get("week"):
            return date.fromisocalendar(year, int(week), int(parts["weekday"] or 0))
        if ordinal := parts.get("ordinal"):
            day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
            return day if day.year == year and ordinal != "000" else None
        month, day_of_month = _month_and_day(parts)
        return date(year, month, day_of_month)
    except ValueError:  # 31 April
        return None


def _year(digits: str) -> int:
    """RFC 2822, 4.3: two digits are 1950 to 2049."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 50 else 1900)


def _month_and_day(parts: Parts) -> tuple[int, int]:
    """Month and day; month 0, which no date has, where they are unknown or could be either."""
    if name := parts.get("name"):
        return MONTHS.get(name, 0), int(parts["d"] or 0)
    if month := parts.get("m"):
        return int(month), int(parts["d"] or 0)
    first, second = int(parts["a"] or 0), int(parts["b"] or 0)
    if first > 12 or first == second:
        return second, first
    return (first, second) if second > 12 else (0, 0)


def _time(parts: Parts) -> int | None:
    """Microseconds since midnight; None for no time of day. 24:00 and 23:59:60 are the next midnight."""
    hour, minute, second = (int(parts[name] or 0) for name in ("h", "mi", "s"))
    if half := parts.get("ap"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = int((parts.get("f") or "0").ljust(6, "0")[:6])
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
        offset = int(hours) * 60 + int(minutes)
        return (-offset if sign == "-" else offset) if offset <= _WIDEST_OFFSET else None
    if not zone:
        return None if name else 0
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(microseconds=time)
    if name and (local.tzname() or "").lower() != name:
        return None
    return round((local.utcoffset() or timedelta()).total_seconds() / 60)
