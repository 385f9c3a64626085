"""When to poll again."""

from dataclasses import replace

import pytest

from tests.make import READ_AT
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state
from transforms.fetch.schedules import DAY, NEVER, fresh_until, next_attempt, next_poll, retry_after

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


HOURS = 3600
NEXT = {
    "never_polled": ({}, None),
    "never_polled_not_before": ({"next_poll_at": 7}, 7),
    "just_changed": ({"last_fetched_at": 0, "last_changed_at": 0}, 60),
    "changed_lately": ({"last_fetched_at": 200, "last_changed_at": 0}, 260),
    "a_quarter_of_its_age": ({"last_fetched_at": 2 * HOURS, "last_changed_at": 0}, 2.5 * HOURS),
    "an_hour_at_most": ({"last_fetched_at": 99 * HOURS, "last_changed_at": 0}, 100 * HOURS),
    "change_unknown": ({"last_fetched_at": 99 * HOURS}, 99 * HOURS + 60),
    "change_to_come": ({"last_fetched_at": 0, "last_changed_at": 99}, 60),
    "not_before": ({"last_fetched_at": 0, "last_changed_at": 0, "next_poll_at": 2 * HOURS}, 2 * HOURS),
    "may_be_before": ({"last_fetched_at": 0, "last_changed_at": -9 * HOURS, "next_poll_at": 30}, HOURS),
    "failed": ({"last_fetched_at": 0, "last_changed_at": -9 * HOURS, "next_poll_at": 30, "failures": 1}, 30),
}


@pytest.mark.parametrize(("known", "seconds"), NEXT.values(), ids=NEXT)
def test_a_feed_is_polled_as_often_as_it_changes(known: dict[str, float], seconds: float | None) -> None:
    times = {name: value if name == "failures" else READ_AT + int(value * 10**6) for name, value in known.items()}
    state = replace(current_state(Feed("https://example.org/"), None), **times)  # type: ignore[arg-type]
    assert next_poll(state, 60) == (0 if seconds is None else READ_AT + seconds * 10**6)


def test_a_feed_that_is_gone_is_polled_never() -> None:
    assert next_poll(replace(current_state(Feed("https://example.org/"), None), gone_at=READ_AT), 60) == NEVER


@pytest.mark.parametrize("every", [1, 7200])
def test_the_shortest_time_between_polls_is_set(every: int) -> None:
    state = replace(current_state(Feed("https://example.org/"), None), last_fetched_at=READ_AT)
    assert next_poll(state, every) == READ_AT + every * 10**6


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
    waits = {
        (next_attempt(READ_AT, f"https://example.org/{n}", failures, {}, 600) - READ_AT) / 10**6 for n in range(50)
    }
    assert low <= min(waits) < max(waits) <= high
    assert len(waits) > 40


@pytest.mark.parametrize(("asked", "seconds"), [("7200", 7200), ("99999999", 7 * DAY)])
def test_retry_after_counts_where_it_is_longer(asked: str, seconds: int) -> None:
    assert next_attempt(READ_AT, "https://example.org/", 1, {"retry-after": asked}, 600) == READ_AT + seconds * 10**6
    assert next_attempt(READ_AT, "https://example.org/", 1, {"retry-after": "1"}, 600) >= READ_AT + 300 * 10**6
