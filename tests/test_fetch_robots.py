"""Rules of hosts."""

from collections.abc import Iterator

import pytest

from schemas.errors import AddressRefused, DisallowedByRobots, FetchFailed
from tests.feed_server import FeedServer, serving
from transforms.fetch.http import Answer
from transforms.fetch.robots import Robots, fetch_robots, read_robots
from transforms.fetch.settings import FetchSettings, user_agent

SETTINGS = FetchSettings(allowed=("127.0.0.1/32", "::1/128"), read_s=0.2)
OPEN, CLOSED = (True, True), (False, False)
# The text of a robots.txt; whether /news/1 and /private/1?a=b may be asked for.
RULES = {
    "empty": ("", OPEN),
    "all": ("User-agent: *\nDisallow: /", CLOSED),
    "a_folder": ("User-agent: *\nDisallow: /private/", (True, False)),
    "ours_alone": ("User-agent: *\nAllow: /\n\nUser-agent: Dateline\nDisallow: /", CLOSED),
    "ours_overrides_all": ("User-agent: *\nDisallow: /\nUser-agent: dateline\nDisallow: /private", (True, False)),
    "ours_with_a_version": ("User-agent: Dateline/1.0 # us\nDisallow: /", CLOSED),
    "others": ("User-agent: datelinebot\nUser-agent: date\nDisallow: /", OPEN),
    "ours_among_others": ("user-agent: a\nUSER-AGENT:dateline\nUser-agent: b\nDisallow: /private", (True, False)),
    "longest_wins": ("User-agent: *\nDisallow: /\nAllow: /news/", (True, False)),
    "wildcards": ("User-agent: *\nDisallow: /*?a=\nDisallow: /*ws/*$", CLOSED),
    "windows_line_ends": ("\ufeffUser-agent: *\r\nDisallow: /private\r\n", (True, False)),
    "a_page_in_its_place": ("<!doctype html><p>Not here: User-agent: * Disallow: /", OPEN),
    "no_agent": ("Disallow: /", OPEN),
}
ANSWERS = {
    "gone": (404, OPEN),
    "forbidden": (403, OPEN),
    "teapot": (418, OPEN),
    "busy": (429, None),
    "down": (503, None),
}


def answer(status: int, text: str = "") -> Answer:
    return Answer(status, "http://h/robots.txt", "", {}, text.encode())


def allowed(robots: Robots) -> tuple[bool, ...]:
    def may(url: str) -> bool:
        try:
            robots.check(url)
        except DisallowedByRobots:
            return False
        return True

    return tuple(may(f"http://h{path}") for path in ("/news/1", "/private/1?a=b"))


@pytest.mark.parametrize(("text", "wanted"), RULES.values(), ids=RULES)
def test_rules(text: str, wanted: tuple[bool, bool]) -> None:
    assert allowed(read_robots(answer(200, text))) == wanted


@pytest.mark.parametrize(("status", "wanted"), ANSWERS.values(), ids=ANSWERS)
def test_no_rules_allow_all_and_a_server_in_trouble_nothing(status: int, wanted: tuple[bool, bool] | None) -> None:
    robots = read_robots(answer(status))
    if wanted:
        assert allowed(robots) == wanted
    else:
        with pytest.raises(FetchFailed, match=f"HTTP {status} at http://h/robots.txt"):
            robots.check("http://h/news/1")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 9\nUser-agent: dateline\nCrawl-delay: 4", 4),
        ("User-agent: other\nCrawl-delay: 9", 0),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
    ],
    ids=["given", "ours", "others", "negative", "nan", "words"],
)
def test_crawl_delay(text: str, seconds: float) -> None:
    assert read_robots(answer(200, text)).delay == seconds


def test_the_rules_name_us_as_our_requests_do() -> None:
    assert user_agent("").lower().startswith("dateline/")


def test_thousands_of_agents_do_not_multiply_the_rules() -> None:
    """A rule for each agent would take minutes and gigabytes."""
    agents = "".join(f"User-agent: a{n}\n" for n in range(20_000))
    rules = "".join(f"Disallow: /{n}*x$\n" for n in range(15_000))
    assert allowed(read_robots(answer(200, f"{agents}User-agent: *\n{rules}"))) == OPEN


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def test_robots_are_asked_for_at_the_origin(server: FeedServer) -> None:
    server.pages["/robots.txt"] = lambda call: call.answer(301, b"", Location="/rules")
    server.pages["/rules"] = lambda call: call.answer(200, b"User-agent: *\nDisallow: /private")
    assert allowed(fetch_robots(server.url("/news/1?x=1"), SETTINGS)) == (True, False)


FAILURES = {
    "hangs": lambda call: call.server.ended.wait(5),
    "hangs_up": lambda call: setattr(call, "close_connection", True),
    "too_large": lambda call: call.answer(200, b"#" * 600_000),
    "turns_in_a_circle": lambda call: call.answer(302, b"", Location="/robots.txt"),
    "leads_inward": lambda call: call.answer(302, b"", Location="http://10.0.0.1/robots.txt"),
}


@pytest.mark.parametrize("page", FAILURES.values(), ids=FAILURES)
def test_rules_that_cannot_be_had_allow_nothing(server: FeedServer, page: object) -> None:
    server.pages["/robots.txt"] = page  # type: ignore[assignment]
    robots = fetch_robots(server.url("/"), SETTINGS)
    with pytest.raises((FetchFailed, AddressRefused), match="rules could not be read"):
        robots.check(server.url("/"))
