"""When to poll a feed again. All times are in microseconds since the epoch, UTC."""

import email.utils
import re
import zlib
from datetime import UTC, datetime

from schemas.records import FeedState

HOUR = 3600
DAY = 24 * HOUR
LONGEST = 7 * DAY
DEAD_AFTER = 90 * DAY
DEAD_AFTER_FAILURES = 10  # too, so that a machine that polls once a month buries nobody
NEVER = 2**63

_SECOND = 1_000_000
_OF_AGE = 0.25  # the part of a feed's age for which it is taken to stay as it is
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


def next_poll(state: FeedState, poll_every_s: float) -> int:
    """When to poll a feed again that is polled without end; 0 for one that never was, NEVER for one that is gone.

    After a quarter of the time since it last changed, as caches judge freshness by age (RFC 9111, 4.2.2), at least
    `poll_every_s` and at most an hour; and never before `state.next_poll_at`, which alone counts after a failure.
    """
    if state.gone_at is not None:
        return NEVER
    known_until = state.next_poll_at or 0
    if state.last_fetched_at is None or state.failures:
        return known_until
    age_s = (state.last_fetched_at - (state.last_changed_at or state.last_fetched_at)) / _SECOND
    wait_s = max(min(age_s * _OF_AGE, HOUR), poll_every_s)
    return max(state.last_fetched_at + int(wait_s * _SECOND), known_until)


def is_dead(failing_since: int, failures: int, read_at: int) -> bool:
    """Whether a feed has failed so long, and so often in a row, that it is not worth another poll."""
    return failures >= DEAD_AFTER_FAILURES and read_at - failing_since >= DEAD_AFTER * _SECOND


def next_attempt(read_at: int, url: str, failures: int, headers: dict[str, str], first_s: float) -> int:
    """When to try a feed again that has failed `failures` times in a row.

    `first_s` seconds, doubled with each failure up to a day, spread over its later half by the URL; or what
    Retry-After asks for, if that is later, up to 7 days.
    """
    backoff = min(first_s * 2 ** min(failures - 1, 20), DAY)
    spread = zlib.crc32(f"{failures} {url}".encode()) / 2**32
    wait = max(backoff * (1 + spread) / 2, retry_after(read_at, headers) or 0)
    return read_at + int(min(wait, LONGEST) * _SECOND)


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
