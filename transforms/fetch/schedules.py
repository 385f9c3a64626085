"""When to poll a feed again. All times come from the run's clock, in microseconds since the epoch, UTC."""

import email.utils
import re
import zlib
from datetime import UTC, datetime

HOUR = 3600
DAY = 24 * HOUR
LONGEST = 7 * DAY

_SECOND = 1_000_000
_FIRST_BACKOFF = 600  # under a quarter of an hour: one failure costs no turn of the usual schedule
_SLACK = 0.8  # or a poll every 15 minutes misses a feed that is fresh for 15 by a second
_MAX_AGE = re.compile(r"\bmax-age\s{0,9}=\s{0,9}\"?([0-9]{1,9})")
_TTL = re.compile(rb"<ttl>\s{0,99}([0-9]{1,6})\s{0,99}</ttl>")
_HEAD = 16_384  # `ttl` stands before the items


def fresh_until(read_at: int, headers: dict[str, str], data: bytes) -> int | None:
    """Until when the feed says that it will not change; None where it says nothing.

    The longer of the channel's `ttl` (minutes, RSS 2.0) and Cache-Control's max-age (seconds, RFC 9111,
    5.2.2), an hour at most, less a fifth.
    """
    ttl = _TTL.search(data, 0, _HEAD)
    seconds = max(int(ttl[1]) * 60 if ttl else 0, _max_age(headers))
    return read_at + int(min(seconds, HOUR) * _SLACK) * _SECOND if seconds else None


def next_attempt(read_at: int, url: str, failures: int, headers: dict[str, str]) -> int:
    """When to try a feed again that has failed `failures` times in a row.

    10 minutes, doubled with each failure up to a day, spread over its later half by the URL; or what
    Retry-After asks for, if that is later, up to 7 days.
    """
    backoff = min(_FIRST_BACKOFF * 2 ** min(failures - 1, 20), DAY)
    spread = zlib.crc32(f"{failures} {url}".encode()) / 2**32
    wait = max(int(backoff * (1 + spread) / 2), retry_after(read_at, headers) or 0)
    return read_at + min(wait, LONGEST) * _SECOND


def retry_after(read_at: int, headers: dict[str, str]) -> int | None:
    """The seconds that Retry-After (RFC 9110, 10.2.3) asks for; None without one that can be read.

    A date is counted from the server's own Date, or from `read_at` without one.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return int(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(headers.get("date", "")) or datetime.fromtimestamp(read_at / _SECOND, UTC)
    return max(int((until - now).total_seconds()), 0)


def _max_age(headers: dict[str, str]) -> int:
    control = headers.get("cache-control", "").lower()
    match = _MAX_AGE.search(control)
    return int(match[1]) if match and "no-cache" not in control and "no-store" not in control else 0


def _http_date(value: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(value[:40])
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
