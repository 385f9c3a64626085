"""Feeds polled at ticks, from a server on loopback."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from schemas.records import FeedState
from tests.feed_server import RSS, Call, FeedServer, serving
from tests.make import READ_AT
from transforms.deduplicate.keys import reject_key
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state
from transforms.fetch.settings import FetchSettings
from transforms.rejects import to_reject
from transforms.stream.sources.feed_bucket import Delivery, FeedBucket
from transforms.stream.sources.feed_cursors import unpack_states
from transforms.stream.sources.feed_requests import FeedRequests

SETTINGS = FetchSettings(
    allowed=("127.0.0.1/32", "::1/128"), read_s=5, total_s=5, backoff_s=0.01, poll_every_s=60, failed_s=60
)
SECOND = 1_000_000
LIMIT_S = 10  # of waiting for what must come


class Ticks:
    """A bucket with what a runner gives it: its cursor and a clock, which stands still until it is set."""

    def __init__(
        self,
        feeds: Iterable[Feed],
        settings: FetchSettings = SETTINGS,
        requests: FeedRequests | None = None,
        stored: Iterable[FeedState] = (),
    ) -> None:
        self.feeds = list(feeds)
        self.settings = settings
        self.requests = requests or FeedRequests(settings)
        self.stored = {state.url: state for state in stored}
        self.cursor: bytes | None = None
        self.now = READ_AT
        self.move()

    def move(self) -> None:
        """The next tick is another process's."""
        self.bucket = FeedBucket(self.feeds, self.settings, self.requests, lambda: self.stored)

    def tick(self) -> Delivery:
        delivery = self.bucket.tick(self.cursor, self.now)
        self.cursor = delivery.cursor or self.cursor
        return delivery

    def until(self, polled: int) -> list[Delivery]:
        """What ticks bring until so many feeds were polled."""
        deliveries, deadline = [self.tick()], time.monotonic() + LIMIT_S
        while sum(len(delivery.states) for delivery in deliveries) < polled:
            assert time.monotonic() < deadline, "nothing came"
            time.sleep(0.002)
            deliveries.append(self.tick())
        return deliveries

    def next(self, seconds: float = 0) -> Delivery:
        """What one feed brings, after the clock was put on."""
        self.now += int(seconds * SECOND)
        return self.until(1)[-1]

    @property
    def states(self) -> dict[str, FeedState]:
        return unpack_states(self.cursor) if self.cursor else {}


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def in_turn(*pages: Callable[[Call], object]) -> Callable[[Call], object]:
    left = list(pages)
    return lambda call: left.pop(0)(call)


def settle_down(ticks: Ticks) -> Delivery:
    """What a tick brings after a moment in which anything that was asked would have ended."""
    ticks.tick()
    time.sleep(0.05)
    return ticks.tick()


def wait_for_calls(server: FeedServer, calls: int) -> None:
    deadline = time.monotonic() + LIMIT_S
    while len(server.calls) < calls:
        assert time.monotonic() < deadline, "no call came"
        time.sleep(0.002)


def hang(call: Call) -> None:
    call.server.ended.wait(30)


def half(call: Call) -> None:
    call.send_response_only(200)
    call.send_header("Content-Length", "1000")
    call.end_headers()
    call.wfile.write(RSS)
    call.close_connection = True


def test_a_fetch_starts_at_a_tick_and_is_delivered_at_a_later_one(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(ETag='"1"')
    ticks = Ticks([Feed(server.url("/"), "Harbour", "News")])
    assert ticks.tick() == Delivery()
    ticks.now += 3 * SECOND
    delivery = ticks.next()
    (document,) = delivery.documents
    assert (document.source, document.data, document.read_at) == (server.url("/"), RSS, READ_AT + 3 * SECOND)
    assert list(ticks.states.values()) == delivery.states
    assert [(state.etag, state.title, state.last_fetched_at) for state in delivery.states] == [
        ('"1"', "Harbour", document.read_at)
    ]
    assert delivery.counts == {"feeds_polled": 1, "feeds_changed": 1}


def test_a_feed_is_polled_again_when_it_is_due(server: FeedServer) -> None:
    fresh = '"1"'
    server.pages["/"] = lambda call: call.answer(304 if call.headers["If-None-Match"] == fresh else 200, ETag=fresh)
    ticks = Ticks([Feed(server.url("/"))])
    ticks.next()
    before = ticks.cursor
    ticks.now += 60 * SECOND - 1
    assert settle_down(ticks) == Delivery()
    assert ticks.cursor == before
    ticks.now += 1
    delivery = ticks.next()
    assert (delivery.documents, delivery.counts) == ([], {"feeds_polled": 1, "feeds_unchanged": 1})
    assert delivery.states[0].last_fetched_at == ticks.now
    assert len(server.calls) == 2


FAILURES = {
    "server_error": (lambda call: call.answer(500, b""), "HTTP 500", (30, 60), 3),
    "too_many": (lambda call: call.answer(429, b"", Retry_After="3600"), "HTTP 429", (3600, 3600), 1),
    "hangs": (hang, "timed out", (30, 60), 1),
    "half_a_body": (half, "peer closed connection", (30, 60), 3),
    "hangs_up": (lambda call: setattr(call, "close_connection", True), "Server disconnected", (30, 60), 3),
}


@pytest.mark.parametrize(("page", "detail", "seconds", "calls"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_a_document_and_the_feed_comes_back(
    server: FeedServer, page: Callable[[Call], object], detail: str, seconds: tuple[int, int], calls: int
) -> None:
    server.pages["/"] = page
    ticks = Ticks([Feed(server.url("/"))], replace(SETTINGS, read_s=0.5))
    failed = ticks.next()
    assert [(found.failure, found.data) for found in failed.documents] == [("FetchFailed", b"")]
    assert failed.documents[0].detail.startswith(detail)
    assert failed.counts == {"feeds_polled": 1, "feeds_failed": 1}
    again = ticks.states[server.url("/")].next_poll_at or 0
    assert seconds[0] * SECOND <= again - ticks.now <= seconds[1] * SECOND
    server.pages["/"] = Call.answer
    ticks.now = again - 1
    assert settle_down(ticks) == Delivery()
    ticks.now = again
    assert ticks.next().counts["feeds_changed"] == 1
    assert len(server.calls) == calls + 1


def test_a_server_that_is_not_there_is_asked_again(server: FeedServer) -> None:
    with serving() as gone:
        address = gone.url("/")
    ticks = Ticks([Feed(address)])
    assert ticks.next().counts["feeds_failed"] == 1
    assert ticks.next(61).states[0].failures == 2


def test_a_feed_that_fails_at_each_poll_is_one_reject(server: FeedServer) -> None:
    server.pages["/"] = in_turn(*[lambda call, status=status: call.answer(status, b"") for status in (404, 403)])
    ticks = Ticks([Feed(server.url("/"))])
    documents = ticks.next().documents + ticks.next(61).documents
    assert documents[0].detail != documents[1].detail
    rejects = [to_reject((document, (ValueError, document.detail, []))) for document in documents]
    assert len({reject_key(one.stage, one.reason, one.source, one.payload) for one in rejects}) == 1


def test_servers_that_hang_delay_nobody(server: FeedServer) -> None:
    server.pages = {f"/{n}": hang for n in range(6)} | {"/well": Call.answer}
    feeds = [Feed(server.url(f"/{n}", "localhost")) for n in range(6)] + [Feed(server.url("/well"))]
    settings = replace(SETTINGS, threads=2, per_host=6)
    ticks = Ticks(feeds, settings, FeedRequests(settings, slow_s=0.02))
    (found,) = ticks.until(1)[-1].documents
    assert (found.url, found.failure) == (server.url("/well"), "")
    server.ended.set()
    ticks.until(6)
    assert sum(server.most[f"/{n}"] for n in range(6)) == 6


def test_feeds_that_moved_to_a_host_that_hangs_delay_nobody(server: FeedServer) -> None:
    server.pages = {"/moved": hang, "/well": Call.answer}
    moved = [Feed(f"https://h{n}.example.org/") for n in range(4)]
    known = [replace(current_state(feed, None), moved_to=server.url("/moved", "localhost")) for feed in moved]
    ticks = Ticks([*moved, Feed(server.url("/well"))], replace(SETTINGS, threads=3), stored=known)
    assert ticks.until(1)[-1].documents[0].url == server.url("/well")
    assert server.most["/moved"] == 2


def slow(call: Call) -> None:
    with call.server.count("slow"):
        time.sleep(0.02)
    call.answer()


@pytest.mark.parametrize(("per_host", "threads", "most"), [(2, 128, 2), (9, 3, 3)], ids=["of_a_host", "in_all"])
def test_no_more_run_at_a_time_than_may(server: FeedServer, per_host: int, threads: int, most: int) -> None:
    server.pages = {f"/{n}": slow for n in range(9)}
    settings = replace(SETTINGS, per_host=per_host, threads=threads)
    Ticks([Feed(server.url(path)) for path in server.pages], settings).until(9)
    assert server.most["slow"] == most


def test_the_limit_of_a_host_holds_over_buckets_that_redirect_to_it(server: FeedServer) -> None:
    server.pages = {f"/{n}": lambda call: call.answer(302, b"", Location=server.url("/slow")) for n in range(4)}
    server.pages["/slow"] = slow
    Ticks([Feed(server.url(f"/{n}", ["localhost", "127.0.0.1"][n % 2])) for n in range(4)]).until(4)
    assert server.most["slow"] == 2


def test_what_waits_to_be_delivered_is_bounded(server: FeedServer) -> None:
    server.pages = {f"/{n}": lambda call: call.answer(body=b"x" * 100_000) for n in range(5)}
    settings = replace(SETTINGS, threads=1)
    ticks = Ticks([Feed(server.url(path)) for path in server.pages], settings, FeedRequests(settings, held_bytes=1))
    ticks.tick()
    wait_for_calls(server, 1)
    time.sleep(0.05)
    assert len(server.calls) == 1
    ticks.until(5)
    assert len(server.calls) == 5


def test_what_is_known_starts_from_the_dataset(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(304, b"")
    feed, other = Feed(server.url("/"), "Renamed"), Feed(server.url("/later"))
    known = replace(current_state(feed, None), etag='"1"', last_changed_at=READ_AT - 9, last_fetched_at=1)
    later = replace(current_state(other, None), next_poll_at=READ_AT + SECOND)
    ticks = Ticks([feed, other], stored=[known, later, replace(known, url="https://example.org/left")])
    assert ticks.next().counts["feeds_unchanged"] == 1
    assert server.calls[0][1]["if-none-match"] == '"1"'
    assert ticks.states == {
        feed.url: replace(known, title="Renamed", status=304, last_fetched_at=READ_AT, last_ok_at=READ_AT),
        other.url: later,
    }


def test_another_process_goes_on_from_the_cursor(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(ETag='"1"')
    ticks = Ticks([Feed(server.url("/"))])
    ticks.next()
    ticks.stored = {}
    ticks.move()
    assert settle_down(ticks) == Delivery()
    assert len(server.calls) == 1
    ticks.next(60)
    assert server.calls[1][1]["if-none-match"] == '"1"'


def test_what_is_lost_with_a_process_is_asked_again(server: FeedServer) -> None:
    server.pages["/"] = Call.answer
    ticks = Ticks([Feed(server.url("/"))])
    ticks.tick()
    ticks.move()
    assert ticks.next().counts["feeds_changed"] == 1


def test_a_delivery_whose_cursor_was_not_kept_is_made_again(server: FeedServer) -> None:
    server.pages["/"] = Call.answer
    ticks = Ticks([Feed(server.url("/"))])
    first = ticks.next()
    for kept in (None, ticks.cursor):
        ticks.cursor = kept
        ticks.now += 60 * SECOND
        found = ticks.next()
        assert (found.counts["feeds_changed"], found.counts["feeds_unchanged"]) == ((0, 1) if kept else (1, 0))
    assert first.documents[0].data == RSS


def test_an_answer_to_what_is_known_no_more_is_not_delivered(server: FeedServer) -> None:
    """A key that moves away and comes back finds an answer to a request made before another process polled."""
    answered = threading.Event()
    server.pages["/"] = in_turn(
        lambda call: (call.answer(body=b"old"), answered.set()), lambda call: call.answer(body=b"new"), hang
    )
    here = Ticks([Feed(server.url("/"))])
    here.tick()
    assert answered.wait(LIMIT_S)
    there = Ticks(here.feeds)
    assert there.next().documents[0].data == b"new"
    here.cursor = there.cursor
    assert settle_down(here) == Delivery()
    here.now += 60 * SECOND
    assert settle_down(here) == Delivery()
    assert len(server.calls) == 3


def test_feeds_join_and_leave_the_list(server: FeedServer) -> None:
    server.pages = {"/1": Call.answer, "/2": Call.answer, "/3": Call.answer}
    ticks = Ticks([Feed(server.url("/1")), Feed(server.url("/2"))])
    ticks.until(2)
    ticks.feeds = [Feed(server.url("/2")), Feed(server.url("/3"))]
    ticks.move()
    assert [document.url for document in ticks.next().documents] == [server.url("/3")]
    assert ticks.states.keys() == {server.url("/2"), server.url("/3")}


def test_a_permanent_move_is_followed(server: FeedServer) -> None:
    server.pages["/old"] = lambda call: call.answer(301, b"", Location="/new")
    server.pages["/new"] = Call.answer
    ticks = Ticks([Feed(server.url("/old"))])
    ticks.next()
    ticks.next(60)
    assert [path for path, _ in server.calls] == ["/old", "/new", "/new"]


def test_a_feed_that_is_gone_is_asked_no_more(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(410, b"")
    ticks = Ticks([Feed(server.url("/"))])
    failed = ticks.next()
    assert failed.documents[0].detail.startswith("HTTP 410 (the feed is gone) at")
    assert [(state.gone_at, state.next_poll_at) for state in failed.states] == [(ticks.now, None)]
    ticks.now += 400 * 86400 * SECOND
    assert settle_down(ticks) == Delivery()
    ticks.move()
    assert settle_down(ticks) == Delivery()
    assert len(server.calls) == 1


def test_a_move_is_remembered_when_the_new_address_fails(server: FeedServer) -> None:
    server.pages["/old"] = lambda call: call.answer(301, b"", Location="/new")
    server.pages["/new"] = in_turn(Call.answer, lambda call: call.answer(404, b""), Call.answer)
    ticks = Ticks([Feed(server.url("/old"))])
    moves = [ticks.next(60).states[0].moved_to for _ in range(3)]
    assert moves == [server.url("/new")] * 3
    assert [path for path, _ in server.calls] == ["/old", "/new", "/new", "/old", "/new"]


def test_when_the_stream_stops_what_was_fetched_is_still_delivered(server: FeedServer) -> None:
    told = threading.Event()
    server.pages = {path: lambda call: (told.wait(LIMIT_S), call.answer()) for path in ("/1", "/2")}
    ticks = Ticks([Feed(server.url("/1")), Feed(server.url("/2"))], replace(SETTINGS, threads=1))
    ticks.tick()
    wait_for_calls(server, 1)
    ticks.requests.is_stopping = True
    told.set()
    assert len(ticks.next().documents) == 1
    ticks.now += 3600 * SECOND
    assert settle_down(ticks) == Delivery()
    assert len(server.calls) == 1


def test_a_bucket_that_left_holds_nothing(server: FeedServer) -> None:
    server.pages = {f"/{n}": Call.answer for n in range(4)}
    settings = replace(SETTINGS, threads=1)
    ticks = Ticks([Feed(server.url(f"/{n}")) for n in range(3)], settings, FeedRequests(settings, held_bytes=1))
    ticks.tick()
    wait_for_calls(server, 1)
    ticks.bucket.forget()
    ticks.feeds = [Feed(server.url("/3"))]
    ticks.move()
    assert ticks.next().documents[0].url == server.url("/3")
    assert [path for path, _ in server.calls] == ["/0", "/3"]


def test_work_that_ended_is_not_waited_for() -> None:
    ticks = Ticks([Feed("http://127.0.0.1:9/")], replace(SETTINGS, threads="many"))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ticks.next()


def test_a_bug_is_no_bad_record() -> None:
    ticks = Ticks([Feed("http://127.0.0.1:9/")], replace(SETTINGS, allowed=("no-network",)))
    with pytest.raises(ValueError, match="no-network"):
        ticks.next()


def test_ticks_at_the_same_time_follow_each_other() -> None:
    known = replace(current_state(Feed("https://example.org/"), None), next_poll_at=READ_AT + SECOND)
    begun, go_on, looks = threading.Event(), threading.Event(), list[None]()

    def stored() -> dict[str, FeedState]:
        looks.append(None)
        begun.set()
        go_on.wait(LIMIT_S)
        return {known.url: known}

    bucket = FeedBucket([Feed(known.url)], SETTINGS, FeedRequests(SETTINGS), stored)
    ticks = [threading.Thread(target=bucket.tick, args=(None, READ_AT)) for _ in range(2)]
    ticks[0].start()
    assert begun.wait(LIMIT_S)
    ticks[1].start()
    ticks[1].join(0.05)
    go_on.set()
    for tick in ticks:
        tick.join(LIMIT_S)
    assert len(looks) == 1
