"""Pages from a server on loopback, asked for with manners."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from schemas.errors import BadRecord, FetchFailed
from tests.feed_server import Call, FeedServer, serving
from tests.make import READ_AT
from transforms.fetch.http import Answer
from transforms.fetch.manners import Manners
from transforms.fetch.pages import fetch_pages, page_settings
from transforms.fetch.settings import FetchSettings

POLL = FetchSettings(allowed=("127.0.0.1/32", "::1/128"), read_s=0.3, total_s=2, deadline_s=10, backoff_s=0.01)
SETTINGS = replace(page_settings(POLL), delay_s=0)
HTML = b"<!doctype html><p>Tide"
NO_RULES = b""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages["/robots.txt"] = lambda call: call.answer(200, NO_RULES)
        yield running


def html(call: Call) -> None:
    call.answer(200, HTML, Content_Type="text/html; charset=utf-8")


def fetched(server: FeedServer, *paths: str, settings: FetchSettings = SETTINGS) -> dict[str, Answer | BadRecord]:
    found = fetch_pages([server.url(path) for path in paths], settings, READ_AT)
    return {url.removeprefix(server.url("")): result for url, result in found}


def failure(result: Answer | BadRecord) -> str:
    return f"{type(result).__name__}: {result}" if isinstance(result, BadRecord) else ""


def asked(server: FeedServer) -> list[str]:
    return [path for path, _ in server.calls]


def test_a_page_is_asked_for_as_a_page(server: FeedServer) -> None:
    server.pages["/1"] = lambda call: call.answer(301, b"", Location="/2")
    server.pages["/2"] = html
    found = fetched(server, "/1")["/1"]
    assert isinstance(found, Answer)
    assert (found.url, found.data, found.media_type) == (server.url("/2"), HTML, "text/html")
    assert asked(server) == ["/robots.txt", "/1", "/2"]
    assert server.calls[1][1]["accept"].startswith("text/html")


REASONS = {
    "sign_in": (lambda call: call.answer(401, b""), "PageRefused: HTTP 401"),
    "forbidden": (lambda call: call.answer(403, b""), "PageRefused: HTTP 403"),
    "not_found": (lambda call: call.answer(404, b""), "PageRefused: HTTP 404"),
    "gone": (lambda call: call.answer(410, b""), "PageRefused: HTTP 410"),
    "teapot": (lambda call: call.answer(418, b""), "PageRefused: HTTP 418"),
    "too_many": (lambda call: call.answer(429, b""), "FetchFailed: HTTP 429"),
    "down": (lambda call: call.answer(503, b""), "FetchFailed: HTTP 503"),
    "hangs": (lambda call: call.server.ended.wait(5), "FetchFailed: timed out"),
    "pdf": (lambda call: call.answer(200, b"%PDF", Content_Type="application/PDF; v=1"), "NotAPage: application/pdf"),
    "inward": (lambda call: call.answer(302, b"", Location="http://10.0.0.1/"), "AddressRefused: its host"),
    "too_large": (lambda call: call.answer(200, b"a" * 6_000_000, Content_Type="text/html"), "TooLarge"),
    "no_type": (lambda call: call.answer(200, HTML), ""),
}


@pytest.mark.parametrize(("page", "reason"), REASONS.values(), ids=REASONS)
def test_why_a_page_cannot_be_had(server: FeedServer, page: object, reason: str) -> None:
    server.pages["/1"] = page  # type: ignore[assignment]
    found = failure(fetched(server, "/1")["/1"])
    assert found.startswith(reason)
    assert bool(found) == bool(reason)


def test_what_is_no_page_is_not_downloaded(server: FeedServer) -> None:
    def endless(call: Call) -> None:
        call.send_response(200)
        call.send_header("Content-Type", "video/mp4")
        call.end_headers()
        server.ended.wait(5)

    server.pages["/1"] = endless
    assert failure(fetched(server, "/1")["/1"]).startswith("NotAPage: video/mp4")


def test_rules_are_read_once_and_kept(server: FeedServer) -> None:
    server.pages["/robots.txt"] = lambda call: call.answer(200, b"User-agent: *\nDisallow: /private")
    server.pages |= {"/1": html, "/2": html, "/private/3": html}
    found = fetched(server, "/1", "/2", "/private/3")
    assert failure(found["/private/3"]) == f"DisallowedByRobots: robots.txt forbids {server.url('/private/3')}"
    assert sorted(asked(server)) == ["/1", "/2", "/robots.txt"]


def test_rules_hold_where_a_redirect_leads(server: FeedServer) -> None:
    other = server.url("", "localhost")
    rules = iter([NO_RULES, b"User-agent: dateline\nDisallow: /closed"])
    server.pages["/robots.txt"] = lambda call: call.answer(200, next(rules))
    server.pages["/1"] = lambda call: call.answer(302, b"", Location=f"{other}/closed")
    server.pages["/2"] = lambda call: call.answer(302, b"", Location=f"{other}/open")
    server.pages["/open"] = html
    found = fetched(server, "/1", "/2")
    assert failure(found["/1"]) == f"DisallowedByRobots: robots.txt forbids {other}/closed"
    assert failure(found["/2"]) == ""
    assert asked(server) == ["/robots.txt", "/1", "/robots.txt", "/2", "/open"]


def test_without_rules_nothing_is_asked_for(server: FeedServer) -> None:
    server.pages |= {"/robots.txt": lambda call: call.answer(503, b""), "/1": html}
    assert "rules could not be read: HTTP 503" in failure(fetched(server, "/1")["/1"])
    assert asked(server) == ["/robots.txt"]


DELAYS = {
    "our_own": (NO_RULES, 0.1, 9),
    "crawl_delay": (b"User-agent: *\nCrawl-delay: 0.1", 0, 9),
    "crawl_delay_bounded": (b"User-agent: *\nCrawl-delay: 99", 0, 0.1),
}


@pytest.mark.parametrize(("rules", "delay_s", "longest"), DELAYS.values(), ids=DELAYS)
def test_a_host_is_left_a_tenth_of_a_second(server: FeedServer, rules: bytes, delay_s: float, longest: float) -> None:
    times = []

    def page(call: Call) -> None:
        times.append(time.monotonic())
        html(call)

    server.pages |= {"/robots.txt": lambda call: call.answer(200, rules)} | dict.fromkeys(("/1", "/2", "/3"), page)
    fetched(server, "/1", "/2", "/3", settings=replace(SETTINGS, delay_s=delay_s, longest_delay_s=longest))
    assert [later - earlier >= 0.1 for earlier, later in pairwise(times)] == [True, True]


def test_a_redirect_to_a_host_waits_for_it_but_one_within_it_does_not(server: FeedServer) -> None:
    other, times = server.url("", "localhost"), []

    def page(call: Call) -> None:
        times.append(time.monotonic())
        call.answer(302, b"", Location="/end") if call.path == "/there" else html(call)

    server.pages |= {path: (lambda call: call.answer(302, b"", Location=f"{other}/there")) for path in ("/1", "/2")}
    server.pages |= {"/there": page, "/end": page}
    fetched(server, "/1", "/2", settings=replace(SETTINGS, delay_s=0.3))
    first, end, second, _ = times
    assert end - first < 0.3 <= second - end


def test_a_host_that_keeps_failing_is_left_alone(server: FeedServer) -> None:
    paths = [f"/{n}" for n in range(8)]
    server.pages |= dict.fromkeys(paths, lambda call: call.answer(500, b""))
    server.pages["/1"] = html
    found = fetched(server, *paths)
    assert Counter(asked(server)) == dict.fromkeys(["/robots.txt", *paths[:5]], 1)
    assert "failed 3 times in a row" in failure(found["/7"])


def test_hosts_take_turns(server: FeedServer) -> None:
    server.pages |= dict.fromkeys(("/1", "/2", "/3"), html)
    urls = [server.url(path, host) for host in ("127.0.0.1", "localhost") for path in ("/1", "/2", "/3")]
    found = [url.split(":")[1] for url, _ in fetch_pages(urls, replace(SETTINGS, delay_s=0.05), READ_AT)]
    assert [len(set(found[at : at + 2])) for at in (0, 2, 4)] == [2, 2, 2]


def test_the_deadline_ends_it(server: FeedServer) -> None:
    server.pages |= dict.fromkeys(("/1", "/2"), html)
    settings = replace(SETTINGS, delay_s=60, deadline_s=30)
    started = time.monotonic()
    found = fetched(server, "/1", "/2", settings=settings)
    assert failure(found["/1"]) == ""
    assert failure(found["/2"]) == "FetchFailed: not had by the deadline (30 s)"
    assert time.monotonic() - started < 20  # who cannot have a turn in time is not waited for


def test_the_time_that_rules_take_counts(server: FeedServer) -> None:
    manners = Manners(replace(SETTINGS, read_s=5, delay_s=9))
    with manners.visit()(server.url("/1"), 9):
        pass

    def slow(call: Call) -> None:
        time.sleep(0.3)
        call.answer(404, b"")

    with serving() as other:
        other.pages["/robots.txt"] = slow
        with pytest.raises(FetchFailed, match="no turn"), manners.visit()(other.url("/2"), 8.8):
            pass
