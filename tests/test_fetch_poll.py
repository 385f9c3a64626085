"""A poll of many feeds, from a server on loopback."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.records import FeedState
from tests.feed_server import RSS, Call, FeedServer, serving
from tests.make import READ_AT
from transforms.fetch.feed_lists import Feed, read_feed_list
from transforms.fetch.outcomes import Polled, current_state
from transforms.fetch.poll import poll
from transforms.fetch.schedules import is_dead
from transforms.fetch.settings import FetchSettings

LOCAL = ("127.0.0.1/32", "::1/128")
SETTINGS = FetchSettings(allowed=LOCAL, read_s=2, total_s=5, deadline_s=10, backoff_s=0.01)
MINUTE = 60_000_000
DAY = 1440 * MINUTE


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def poll_one(feed: Feed, state: FeedState | None = None, settings: FetchSettings = SETTINGS) -> Polled:
    (polled,) = poll([(feed, state)], READ_AT, settings)
    return polled


def state_of(feed: Feed, **known: object) -> FeedState:
    return replace(current_state(feed, None), **known)  # type: ignore[arg-type]


def in_turn(*pages: Callable[[Call], object]) -> Callable[[Call], object]:
    left = list(pages)
    return lambda call: left.pop(0)(call)


def test_a_document_tells_where_it_comes_from(server: FeedServer) -> None:
    server.pages["/rss"] = lambda call: call.answer(302, b"", Location="/2")
    server.pages["/2"] = lambda call: call.answer(ETag='"1"', Last_Modified="then", Content_Type="text/xml; x=1")
    feed = Feed(server.url("/rss"), "Harbour", "News/Port", "Europe/Paris")
    polled = poll_one(feed)
    document, state = polled.document, polled.state
    assert document is not None
    assert state is not None
    assert (document.source, document.url) == (feed.url, server.url("/2"))
    assert (document.data, document.media_type, document.is_feed) == (RSS, "text/xml; x=1", True)
    assert (document.collection, document.zone, document.read_at) == ("News/Port", "Europe/Paris", READ_AT)
    assert (document.failure, document.detail) == ("", "")
    assert state == FeedState(
        feed.url,
        "Harbour",
        "News/Port",
        "",
        '"1"',
        "then",
        state.body_hash,
        200,
        "",
        0,
        READ_AT,
        READ_AT,
        READ_AT,
        None,
        None,
    )


def test_an_unchanged_feed_gives_no_document(server: FeedServer) -> None:
    def page(call: Call) -> None:
        fresh = call.headers["If-None-Match"] == '"1"' and call.headers["If-Modified-Since"] == "then"
        call.answer(304, b"", Cache_Control="max-age=600") if fresh else call.answer(ETag='"1"', Last_Modified="then")

    server.pages["/"] = page
    feed = Feed(server.url("/"))
    first = poll_one(feed).state
    ((_, second, again),) = [
        (p.outcome, p.document, p.state) for p in poll([(feed, first)], READ_AT + MINUTE, SETTINGS)
    ]
    assert first is not None
    assert (second, again) == (
        None,
        replace(
            first,
            status=304,
            last_fetched_at=READ_AT + MINUTE,
            last_ok_at=READ_AT + MINUTE,
            next_poll_at=READ_AT + MINUTE + 8 * MINUTE,
        ),
    )


def test_the_same_bytes_give_no_document(server: FeedServer) -> None:
    server.pages["/"] = in_turn(Call.answer, Call.answer, lambda call: call.answer(body=RSS + b" "))
    feed = Feed(server.url("/"))
    first = poll_one(feed)
    second = poll_one(feed, first.state)
    third = poll_one(feed, second.state)
    assert [polled.outcome for polled in (first, second, third)] == ["changed", "unchanged", "changed"]
    assert (second.document, second.state) == (None, first.state)


FULL_TEXTS = {
    "wanted, not yet asked for": (None, True, "changed", True),
    "wanted, some missed": (False, True, "changed", True),
    "wanted, all asked for": (True, True, "unchanged", True),
    "not wanted": (None, False, "unchanged", None),
    "not wanted any more": (True, False, "unchanged", None),
}


@pytest.mark.parametrize("honest", [True, False], ids=["304", "same bytes"])
@pytest.mark.parametrize(("before", "wanted", "outcome", "after"), FULL_TEXTS.values(), ids=FULL_TEXTS)
def test_a_feed_is_read_whole_until_the_pages_of_its_entries_were_asked_for(
    server: FeedServer, honest: bool, before: bool | None, wanted: bool, outcome: str, after: bool | None
) -> None:
    server.pages["/"] = lambda call: (
        call.answer(304, b"") if honest and call.headers["If-None-Match"] == '"1"' else call.answer(ETag='"1"')
    )
    feed = Feed(server.url("/"))
    first = poll_one(feed).state
    assert first is not None
    known = replace(first, full_text=before, last_changed_at=READ_AT - MINUTE)
    polled = poll_one(feed, known, replace(SETTINGS, full_text=wanted))
    assert ("if-none-match" in server.calls[-1][1]) == (outcome == "unchanged")
    assert (polled.outcome, polled.document is None) == (outcome, outcome == "unchanged")
    assert polled.state == replace(known, full_text=after, status=polled.state.status)  # type: ignore[union-attr]


def test_a_feed_that_failed_has_its_pages_still_to_be_asked_for(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(404, b"")
    feed = Feed(server.url("/"))
    settings = replace(SETTINGS, full_text=True)
    for before in (None, False, True):
        polled = poll_one(feed, state_of(feed, full_text=before), settings)
        assert polled.state is not None
        assert polled.state.full_text is before


def test_a_304_that_nobody_asked_for_is_a_failure(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(304, b"")
    assert poll_one(Feed(server.url("/"))).outcome == "failed"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_passing_trouble_is_tried_again(server: FeedServer, status: int) -> None:
    server.pages["/"] = in_turn(
        lambda call: call.answer(status), lambda call: setattr(call, "close_connection", True), Call.answer
    )
    polled = poll_one(Feed(server.url("/")))
    assert (polled.outcome, len(server.calls)) == ("changed", 3)


def test_a_short_retry_after_is_waited_for(server: FeedServer) -> None:
    server.pages["/"] = in_turn(lambda call: call.answer(429, Retry_After="0"), Call.answer)
    assert poll_one(Feed(server.url("/")), settings=replace(SETTINGS, backoff_s=99)).outcome == "changed"


FAILURES = {
    "not_found": ({}, 404, "HTTP 404 at http", 1, (5, 10)),
    "server_error": ({}, 500, "HTTP 500 at http", 3, (5, 10)),
    "too_many": ({}, 429, "HTTP 429 at http", 1, (5, 10)),
    "retry_after": ({"Retry_After": "3600"}, 429, "HTTP 429 at http", 1, (60, 60)),
    "retry_after_a_date": (
        {"Retry_After": "Sat, 22 Mar 2025 13:00:00 GMT", "Date": "Sat, 22 Mar 2025 12:30:00 GMT"},
        503,
        "HTTP 503 at http",
        1,
        (30, 30),
    ),
}


@pytest.mark.parametrize(("headers", "status", "detail", "calls", "minutes"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_a_document_and_a_state(
    server: FeedServer,
    headers: dict[str, str],
    status: int,
    detail: str,
    calls: int,
    minutes: tuple[int, int],
) -> None:
    def page(call: Call) -> None:
        call.send_response_only(status)
        for name, value in headers.items():
            call.send_header(name.replace("_", "-"), value)
        call.end_headers()
        call.close_connection = True

    server.pages["/"] = page
    feed = Feed(server.url("/"), collection="News")
    known = state_of(feed, etag='"1"', moved_to=server.url("/"), last_ok_at=5, body_hash="b")
    polled = poll_one(feed, known)
    document, state = polled.document, polled.state
    assert document is not None
    assert state is not None
    assert (polled.outcome, len(server.calls)) == ("failed", calls)
    assert (document.failure, document.data, document.source) == ("FetchFailed", b"", feed.url)
    assert (document.is_feed, document.collection) == (True, "News")
    assert document.detail.startswith(detail)
    assert state.last_error == f"FetchFailed: {document.detail}"
    low, high = (READ_AT + part * MINUTE for part in minutes)
    assert low <= (state.next_poll_at or 0) <= high
    expected = {"failures": 1, "failing_since": READ_AT, "status": status, "last_fetched_at": READ_AT}
    assert replace(state, last_error="", next_poll_at=None) == replace(known, **expected)  # type: ignore[arg-type]


def test_failures_count_until_an_answer_is_well(server: FeedServer) -> None:
    feed = Feed(server.url("/"))
    server.pages["/"] = in_turn(lambda call: call.answer(404), Call.answer)
    failed = poll_one(feed, state_of(feed, failures=4)).state
    assert failed is not None
    assert failed.failures == 5
    well = poll_one(feed, replace(failed, next_poll_at=READ_AT)).state
    assert well is not None
    assert (well.failures, well.failing_since, well.last_error, well.next_poll_at) == (0, None, "", None)


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("http://10.0.0.1/rss", "AddressRefused", "10.0.0.1 leads to 10.0.0.1 (private)"),
        ("http://nowhere.invalid/rss", "FetchFailed", "the name nowhere.invalid does not resolve"),
    ],
    ids=["private", "unknown_name"],
)
def test_the_reason_is_the_name_of_the_error(url: str, reason: str, detail: str) -> None:
    polled = poll_one(Feed(url), settings=replace(SETTINGS, backoff_s=60))
    assert polled.document is not None
    assert polled.document.failure == reason
    assert polled.document.detail.startswith(detail)
    assert polled.state is not None
    assert polled.state.status is None


def poll_on(feed: Feed, polls: int, settings: FetchSettings = SETTINGS) -> list[FeedState]:
    """What is known of a feed after each of several polls, eight days apart."""
    states: list[FeedState] = []
    for number in range(polls):
        polled = list(poll([(feed, states[-1] if states else None)], READ_AT + number * 8 * DAY, settings))
        states += [each.state for each in polled if each.state]
    return states


def moved(call: Call) -> None:
    call.answer(301, b"", Location="/new")


def answer(status: int) -> Callable[[Call], object]:
    return lambda call: call.answer(status, b"" if status != 200 else RSS)


# What /old and /new answer in turn, which of them are asked, and after each poll whether the move is known.
MOVES = {
    "used": ([moved], [answer(200)] * 3, ["/old", "/new", "/new", "/new"], [1, 1, 1]),
    "kept_through_a_failure": (
        [moved, moved],
        [answer(200), answer(404), answer(200), answer(200)],
        ["/old", "/new", "/new", "/old", "/new", "/new"],
        [1, 1, 1, 1],
    ),
    "taken_back": (
        [moved, answer(200), answer(200)],
        [answer(200), answer(404)],
        ["/old", "/new", "/new", "/old", "/old"],
        [1, 1, 0, 0],
    ),
    "gone_there_but_not_here": (
        [moved, answer(200)],
        [answer(200), answer(410)],
        ["/old", "/new", "/new", "/old"],
        [1, 1, 0],
    ),
}


@pytest.mark.parametrize(("old", "new", "asked", "known"), MOVES.values(), ids=MOVES)
def test_a_permanent_move_is_remembered(
    server: FeedServer, old: list[Any], new: list[Any], asked: list[str], known: list[int]
) -> None:
    server.pages = {"/old": in_turn(*old), "/new": in_turn(*new)}
    feed = Feed(server.url("/old"))
    states = poll_on(feed, len(known))
    assert [state.moved_to for state in states] == [server.url("/new") * known for known in known]
    assert {(state.url, state.gone_at) for state in states} == {(feed.url, None)}
    assert [path for path, _ in server.calls] == asked


# What /old and /new answer in turn, and the poll (counted from 0) that finds the feed gone.
GONE = {
    "at_once": ([answer(410)], [], 0),
    "after_it_was_well": ([answer(200), answer(410)], [], 1),
    "where_it_moved_to": ([moved, moved], [answer(200), answer(410), answer(410)], 2),
    "long_dead": ([answer(404)] * 13, [], 12),  # 96 days of failures
    "long_dead_after_it_was_well": ([answer(200), *[answer(500)] * 13], [], 13),
}


@pytest.mark.parametrize(("old", "new", "found"), GONE.values(), ids=GONE)
def test_a_feed_that_is_gone_is_polled_no_more(server: FeedServer, old: list[Any], new: list[Any], found: int) -> None:
    server.pages = {"/old": in_turn(*old), "/new": in_turn(*new)}
    feed, once = Feed(server.url("/old")), replace(SETTINGS, attempts=1)
    states = poll_on(feed, found + 9, once)
    gone_at = READ_AT + found * 8 * DAY
    assert [state.gone_at for state in states] == [None] * found + [gone_at] * 9
    assert states[found:] == [states[found]] * 9
    assert states[found].next_poll_at is None
    assert len(server.calls) == len(old) + len(new)


def test_a_feed_that_is_gone_has_an_outcome_of_its_own(server: FeedServer) -> None:
    feed = Feed(server.url("/"))
    known = state_of(feed, gone_at=READ_AT - DAY, failures=1)
    assert poll_one(feed, known) == Polled("gone", None, known)
    assert poll_one(replace(feed, off=True), known) == Polled("skipped", None, known)


@pytest.mark.parametrize(("status", "gone_at"), [(200, None), (503, READ_AT - DAY)], ids=["well", "still_gone"])
def test_a_feed_that_is_gone_is_polled_where_that_is_asked_for(
    server: FeedServer, status: int, gone_at: int | None
) -> None:
    server.pages["/"] = answer(status)
    feed = Feed(server.url("/"))
    known = state_of(feed, gone_at=READ_AT - DAY, failing_since=1, failures=9, next_poll_at=READ_AT + DAY)
    state = poll_one(feed, known, replace(SETTINGS, poll_gone=True, attempts=1)).state
    assert state is not None
    assert (state.gone_at, state.failures) == (gone_at, 0 if status == 200 else 10)


@pytest.mark.parametrize(
    ("failures", "days", "dead"),
    [(10, 90, True), (9, 900, False), (900, 89.9, False)],
    ids=["dead", "rarely", "lately"],
)
def test_a_feed_is_dead_when_it_failed_long_and_often(failures: int, days: float, dead: bool) -> None:
    assert is_dead(READ_AT, failures, READ_AT + int(days * DAY)) is dead


@pytest.mark.parametrize("off", [True, False], ids=["off", "not_due"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_a_feed_that_is_off_or_not_due_is_left_alone(server: FeedServer, off: bool, known: bool) -> None:
    feed = Feed(server.url("/"), off=off)
    state = state_of(feed, next_poll_at=READ_AT + 1, title="as it was") if known or not off else None
    assert poll_one(feed, state) == Polled("skipped", None, state)
    assert server.calls == []


def test_a_feed_that_is_just_due_is_polled(server: FeedServer) -> None:
    server.pages["/"] = Call.answer
    feed = Feed(server.url("/"))
    assert poll_one(feed, state_of(feed, next_poll_at=READ_AT)).outcome == "changed"


def slow(call: Call) -> None:
    with call.server.count("slow"):  # not while it answers: the client may ask again before that has ended here
        time.sleep(0.02)
    call.answer()


def test_a_host_is_asked_for_two_feeds_at_a_time(server: FeedServer) -> None:
    server.pages = {f"/{n}": slow for n in range(8)}
    feeds = [(Feed(server.url(f"/{n}")), None) for n in range(8)]
    assert [polled.outcome for polled in poll(feeds, READ_AT, SETTINGS)] == ["changed"] * 8
    assert server.most["slow"] == 2


def test_redirects_count_for_the_host_they_lead_to(server: FeedServer) -> None:
    server.pages["/slow"] = slow
    for n in range(4):
        server.pages[f"/{n}"] = lambda call: call.answer(302, b"", Location=server.url("/slow"))
    feeds = [Feed(server.url(f"/{n}", ["localhost", "127.0.0.1"][n % 2])) for n in range(4)]
    polled = list(poll([(feed, None) for feed in feeds], READ_AT, SETTINGS))
    assert [one.outcome for one in polled] == ["changed"] * 4
    assert server.most["slow"] == 2


def test_no_more_threads_run_than_are_set(server: FeedServer) -> None:
    server.pages["/"] = slow
    server.pages["/2"] = slow
    settings = replace(SETTINGS, threads=1)
    feeds = [(Feed(server.url(path, host)), None) for path in ("/", "/2") for host in ("localhost", "127.0.0.1")]
    assert len(list(poll(feeds, READ_AT, settings))) == 4
    assert (server.most["/"], server.most["/2"]) == (1, 1)


def test_the_deadline_ends_a_poll_that_hangs(server: FeedServer) -> None:
    server.pages = {f"/{n}": lambda call: call.server.ended.wait() for n in range(3)}
    server.pages["/well"] = lambda call: call.answer()
    settings = replace(SETTINGS, read_s=60, total_s=60, deadline_s=0.3)
    feeds = [Feed(server.url(f"/{n}")) for n in range(3)] + [Feed(server.url("/well", "localhost"))]
    before = set(threading.enumerate())
    polled = {one.state.url: one for one in poll([(feed, None) for feed in feeds], READ_AT, settings) if one.state}
    assert all(thread.daemon for thread in set(threading.enumerate()) - before)
    details = {url: one.document.detail for url, one in polled.items() if one.document}
    assert details == {
        feeds[0].url: "no answer by the deadline of the poll (0.3 s)",
        feeds[1].url: "no answer by the deadline of the poll (0.3 s)",
        feeds[2].url: "not reached by the deadline of the poll (0.3 s)",
        feeds[3].url: "",
    }
    states = [polled[feed.url].state for feed in feeds]
    assert [state and state.failures for state in states] == [1, 1, 0, 0]
    assert [state and state.last_fetched_at for state in states] == [READ_AT, READ_AT, None, READ_AT]


def test_the_deadline_reports_the_last_answer(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(503, b"")
    polled = poll_one(Feed(server.url("/")), settings=replace(SETTINGS, backoff_s=60, deadline_s=30))
    assert polled.document is not None
    assert polled.document.detail == f"HTTP 503 at {server.url('/')}"
    assert polled.state is not None
    assert (polled.state.status, polled.state.failures, len(server.calls)) == (503, 1, 1)


def test_of_many_feeds_the_slow_are_given_up_and_all_are_reported(server: FeedServer) -> None:
    kinds = [lambda call: call.server.ended.wait(5), lambda call: call.answer(500, b""), *[Call.answer] * 8]
    server.pages = {f"/{n}": kinds[n % 10] for n in range(50)}
    feeds = [(Feed(server.url(path)), None) for path in server.pages]
    settings = replace(SETTINGS, read_s=0.3, per_host=10)
    polled = {one.state.url: one for one in poll(feeds, READ_AT, settings) if one.state}
    assert sorted(polled) == sorted(feed.url for feed, _ in feeds)
    told = [one.document.detail.partition(" at ")[0] if one.document else "" for one in polled.values()]
    assert {detail: told.count(detail) for detail in set(told)} == {"": 40, "timed out": 5, "HTTP 500": 5}


def test_who_was_polled_longest_ago_comes_first(server: FeedServer) -> None:
    server.pages = {f"/{n}": lambda call: call.answer() for n in (3, 1, 2)}
    feeds = [Feed(server.url(f"/{n}")) for n in (3, 1, 2)]
    known = [
        (feeds[0], state_of(feeds[0], last_fetched_at=9)),
        (feeds[1], None),
        (feeds[2], state_of(feeds[2], last_fetched_at=4)),
    ]
    list(poll(known, READ_AT, replace(SETTINGS, threads=1)))
    assert [path for path, _ in server.calls] == ["/1", "/2", "/3"]


def test_a_bug_is_no_bad_record() -> None:
    with pytest.raises(ValueError, match="no-network"):
        list(poll([(Feed("http://127.0.0.1:9/"), None)], READ_AT, replace(SETTINGS, allowed=("no-network",))))


def test_secrets_reach_their_server_and_nothing_else(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("NEWS_TOKEN", "hunter3\n")
    monkeypatch.setenv("NEWS_PASSWORD", "hunter4")
    server.pages = {f"/{n}": lambda call: call.answer(Content_Type="text/xml") for n in (1, 2, 3)}
    server.pages["/4"] = lambda call: call.answer(401)
    server.pages["/5"] = lambda call: call.wfile.write(b"\0")
    authority = f"127.0.0.1:{server.server_port}"
    listed = tmp_path / "feeds.txt"
    listed.write_text(
        f'http://reader:hunter2@{authority}/1 header="Cookie: hunter5"\n'
        f'http://{authority}/2 secret="X-Token: a ${{NEWS_TOKEN}} b"\n'
        f"http://reader:${{NEWS_PASSWORD}}@{authority}/3\n"
        f"http://token@{authority}/4\n"
        f"http://reader:hunter2@{authority}/5\n"
    )
    feeds = read_feed_list(str(listed))
    polled = list(poll([(feed, None) for feed in feeds], READ_AT, SETTINGS))
    assert sorted(one.outcome for one in polled) == ["changed"] * 3 + ["failed"] * 2
    sent = dict(server.calls)
    assert sent["/1"]["authorization"] == "Basic cmVhZGVyOmh1bnRlcjI="
    assert sent["/1"]["cookie"] == "hunter5"
    assert sent["/2"]["x-token"] == "a hunter3 b"
    assert sent["/3"]["authorization"] == "Basic cmVhZGVyOmh1bnRlcjQ="
    assert sent["/4"]["authorization"] == "Basic dG9rZW46"
    told = repr([feeds, polled]) + caplog.text
    assert authority in told
    assert not [secret for secret in ("hunter", "cmVhZGVy") if secret in told]


def test_a_secret_that_is_not_there_fails_its_feed_alone(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer()
    feeds = [Feed(server.url("/2"), secrets=["X-Token: ${NO_SUCH_ONE}"]), Feed(server.url("/"))]
    details = {
        one.state.url: one.document.detail
        for one in poll([(f, None) for f in feeds], READ_AT, SETTINGS)
        if one.state and one.document
    }
    assert details == {feeds[0].url: "the environment variable NO_SUCH_ONE is not set", feeds[1].url: ""}
