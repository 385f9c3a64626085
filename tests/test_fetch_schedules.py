"""When to poll again."""

import pytest

from tests.make import READ_AT
from transforms.fetch.schedules import DAY, fresh_until, next_attempt, retry_after

TTL = b"<rss><channel><ttl> %d </ttl>"
FRESH = {
    "nothing_said": ({}, b"", None),
    "max_age": ({"cache-control": "public, max-age=900"}, b"", 720),
    "max_age_quoted": ({"cache-control": 'Max-Age="900"'}, b"", 720),
    "s_maxage_is_another": ({"cache-control": "s-maxage=900"}, b"", None),
    "no_cache": ({"cache-control": "no-cache, max-age=900"}, b"", None),
    "an_hour_at_most": ({"cache-control": "max-age=86400"}, b"", 2880),
    "zero": ({"cache-control": "max-age=0"}, b"", None),
    "ttl": ({}, TTL % 15, 720),
    "the_longer": ({"cache-control": "max-age=60"}, TTL % 30, 1440),
    "ttl_in_an_item": ({}, b" " * 20_000 + TTL % 15, None),
    "ttl_of_junk": ({}, b"<ttl>soon</ttl>", None),
}


@pytest.mark.parametrize(("headers", "data", "seconds"), FRESH.values(), ids=FRESH)
def test_a_feed_says_how_long_it_is_fresh(headers: dict[str, str], data: bytes, seconds: int | None) -> None:
    assert fresh_until(READ_AT, headers, data) == (seconds and READ_AT + seconds * 10**6)


DATE = "Sat, 22 Mar 2025 12:00:00 GMT"  # READ_AT
AFTER = {
    "none": ({}, None),
    "seconds": ({"retry-after": " 120 "}, 120),
    "date": ({"retry-after": "Sat, 22 Mar 2025 12:10:00 GMT"}, 600),
    "date_by_the_server": ({"retry-after": DATE, "date": "Sat, 22 Mar 2025 11:00:00 GMT"}, 3600),
    "past": ({"retry-after": "Sat, 22 Mar 2025 11:10:00 GMT"}, 0),
    "no_zone": ({"retry-after": "Sat, 22 Mar 2025 12:10:00 -0000"}, 600),
    "junk": ({"retry-after": "soon"}, None),
    "negative": ({"retry-after": "-5"}, None),
    "huge": ({"retry-after": "9" * 5000}, None),
    "huge_zone": ({"retry-after": "Sat, 22 Mar 2025 12:10:00 +9999999999"}, None),
}


@pytest.mark.parametrize(("headers", "seconds"), AFTER.values(), ids=AFTER)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after(READ_AT, headers) == seconds


@pytest.mark.parametrize(
    ("failures", "low", "high"), [(1, 300, 600), (2, 600, 1200), (9, DAY / 2, DAY), (10**6, DAY / 2, DAY)]
)
def test_each_failure_doubles_the_wait(failures: int, low: float, high: float) -> None:
    waits = {(next_attempt(READ_AT, f"https://example.org/{n}", failures, {}) - READ_AT) / 10**6 for n in range(50)}
    assert low <= min(waits) < max(waits) <= high
    assert len(waits) > 40


@pytest.mark.parametrize(("asked", "seconds"), [("7200", 7200), ("99999999", 7 * DAY)])
def test_retry_after_counts_where_it_is_longer(asked: str, seconds: int) -> None:
    assert next_attempt(READ_AT, "https://example.org/", 1, {"retry-after": asked}) == READ_AT + seconds * 10**6
    assert next_attempt(READ_AT, "https://example.org/", 1, {"retry-after": "1"}) >= READ_AT + 300 * 10**6
