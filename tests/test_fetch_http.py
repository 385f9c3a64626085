"""One feed over HTTP, from a server on loopback."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import AddressRefused, BadRecord, FetchFailed, TooLarge
from tests.certificates import make_certificate, server_context, trusting
from tests.feed_server import RSS, Call, FeedServer, serving
from transforms.fetch.http import Request, fetch
from transforms.fetch.settings import FetchSettings, user_agent

BOMB = gzip.compress(b"\0" * 10**7)
SETTINGS = FetchSettings(allowed=("127.0.0.1/32",), connect_s=2, read_s=0.15, total_s=2, size_limit=100_000)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def redirect(to: str, status: int = 302) -> Callable[[Call], object]:
    return lambda call: call.answer(status, b"", Location=to)


def get(url: str, settings: FetchSettings = SETTINGS, **given: Any) -> Any:
    return fetch(Request(url, home=given.pop("home", url), **given), settings)


def test_an_answer_holds_bytes_headers_and_where_from(server: FeedServer) -> None:
    server.pages["/rss?q=a%20b"] = lambda call: call.answer(ETag='"1"', Content_Type="text/xml; charset=utf-8")
    answer = get(server.url("/rss?q=a b#part"), replace(SETTINGS, contact="desk@example.org"))
    assert (answer.status, answer.data, answer.moved_to) == (200, RSS, "")
    assert (answer.headers["etag"], answer.headers["content-type"]) == ('"1"', "text/xml; charset=utf-8")
    _, sent = server.calls[0]
    assert sent["user-agent"] == user_agent("desk@example.org")
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "application/rss+xml" in sent["accept"]
    assert sent["Host"] == f"127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("path", ["/feed;v=2", "/a;b/c;d?e;f", "/a/../b", "/%2F?q=%20+", "/"])
def test_a_path_is_asked_for_as_it_is(server: FeedServer, path: str) -> None:
    server.pages[path] = lambda call: call.answer()
    assert get(server.url(path)).data == RSS


@pytest.mark.parametrize(
    ("host", "said"),
    {"Bücher.test": "xn--bcher-kva.test", "my_feed.test": "my_feed.test", "[::1]": "[::1]"}.items(),
)
def test_a_host_is_named_as_http_writes_it(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, host: str, said: str
) -> None:
    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *given, **named: lookup("127.0.0.1", *given, **named))
    server.pages["/"] = lambda call: call.answer()
    assert get(server.url("/", host)).data == RSS
    assert server.calls[0][1]["Host"] == f"{said}:{server.server_port}"


def test_what_a_proxy_has_changed_is_an_answer_like_another(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer(203)
    answer = get(server.url("/"))
    assert (answer.status, answer.data) == (200, RSS)


def test_validators_are_sent_and_304_is_an_answer(server: FeedServer) -> None:
    server.pages["/rss"] = lambda call: call.answer(304, b"")
    validators = {"if-none-match": '"1"', "if-modified-since": "Sat, 22 Mar 2025 12:00:00 GMT"}
    answer = get(server.url("/rss"), validators=validators)
    assert (answer.status, answer.data) == (304, b"")
    assert validators.items() <= server.calls[0][1].items()


def test_a_status_of_failure_is_an_answer_without_a_body(server: FeedServer) -> None:
    server.pages["/rss"] = lambda call: call.answer(503, b"sorry", Retry_After="7")
    answer = get(server.url("/rss"))
    assert (answer.status, answer.data, answer.headers["retry-after"]) == (503, b"", "7")


CHAINS = {
    "temporary": ([302], ""),
    "permanent": ([301], "/1"),
    "permanent_twice": ([308, 301], "/2"),
    "permanent_then_not": ([301, 307, 301], "/1"),
    "not_then_permanent": ([303, 301], ""),
    "ten": ([301] * 10, "/10"),
}


@pytest.mark.parametrize(("statuses", "moved_to"), CHAINS.values(), ids=CHAINS)
def test_redirects_are_followed(server: FeedServer, statuses: list[int], moved_to: str) -> None:
    for number, status in enumerate(statuses):
        server.pages[f"/{number}"] = redirect(f"{number + 1}", status)
    server.pages[f"/{len(statuses)}"] = lambda call: call.answer()
    answer = get(server.url("/0"))
    assert (answer.data, answer.url) == (RSS, server.url(f"/{len(statuses)}"))
    assert answer.moved_to == (moved_to and server.url(moved_to))


@pytest.mark.parametrize(
    ("target", "message"),
    {
        "private": ("http://10.0.0.1/feed", "10.0.0.1 leads to 10.0.0.1 (private)"),
        "metadata": ("http://169.254.169.254/latest/meta-data/", "(link-local)"),
        "mapped": ("http://[::ffff:10.0.0.1]/", "(private)"),
        "other_loopback": ("http://127.0.0.2/", "127.0.0.2 leads to 127.0.0.2 (loopback)"),
        "decimal": ("http://167772161/", "leads to 10.0.0.1 (private)"),
        "tls": ("https://192.168.0.1/", "(private)"),
        "file": ("file:///etc/passwd", "redirects to file:///etc/passwd: only http and https"),
        "ftp": ("ftp://me:hunter2@example.org/rss", "redirects to ftp://example.org/rss: only"),
        "no_slashes": ("javascript:alert(1)", "only http and https"),
    }.values(),
)
def test_a_redirect_into_a_private_network_is_refused(server: FeedServer, target: str, message: str) -> None:
    server.pages["/0"] = redirect("/1", 301)
    server.pages["/1"] = redirect(target)
    with pytest.raises(AddressRefused) as caught:
        get(server.url("/0"))
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_nothing_private_is_reached_unless_allowed(server: FeedServer) -> None:
    server.pages["/"] = lambda call: call.answer()
    for url in (server.url("/"), server.url("/", "localhost")):
        with pytest.raises(AddressRefused, match=r"leads to (127\.0\.0\.1|::1) \(loopback\)"):
            get(url, FetchSettings())
    assert server.calls == []


def test_the_address_that_was_checked_is_the_one_connected_to(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup, asked = socket.getaddrinfo, []

    def turncoat(host: str, port: int, *arguments: Any, **named: Any) -> Any:
        asked.append(host)
        address = {1: "127.0.0.1"}.get(asked.count("turncoat.test"), "10.0.0.1")
        return lookup(address if host == "turncoat.test" else host, port, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", turncoat)
    server.pages["/"] = lambda call: call.answer()
    assert get(server.url("/", "turncoat.test")).data == RSS
    assert asked.count("turncoat.test") == 1
    assert server.calls[0][1]["Host"] == f"turncoat.test:{server.server_port}"


def by_hand(*parts: bytes, pause: float = 0) -> Callable[[Call], object]:
    def page(call: Call) -> None:
        for part in parts:
            call.wfile.write(part)
            time.sleep(pause)
        call.close_connection = True

    return page


OK = b"HTTP/1.1 200 OK\r\n"
FAILING: dict[str, tuple[Callable[[Call], object], type[BadRecord], str]] = {
    "hangs": (lambda call: call.server.ended.wait(), FetchFailed, "timed out at http"),
    "hangs_in_the_body": (
        lambda call: call.wfile.write(OK + b"Content-Length: 9\r\n\r\nabc") and call.server.ended.wait(),
        FetchFailed,
        "timed out",
    ),
    "drips": (
        by_hand(OK, b"Content-Length: 999\r\n\r\n", *[b"x"] * 900, pause=0.02),
        FetchFailed,
        "not whole within 0.4 s at http",
    ),
    "drips_headers": (by_hand(OK, *[b"X-A: b\r\n"] * 900, pause=0.02), FetchFailed, "not whole within 0.4 s"),
    "half_a_body": (
        by_hand(OK, b"Content-Length: 99\r\n\r\nhalf"),
        FetchFailed,
        "without sending complete message",
    ),
    "half_a_chunk": (
        by_hand(OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        FetchFailed,
        "without sending complete",
    ),
    "hangs_up": (by_hand(), FetchFailed, "Server disconnected"),
    "not_http": (by_hand(b"\x16\x03 hello\r\n\r\n"), FetchFailed, "illegal status line"),
    "endless_headers": (by_hand(OK, *[b"X-A: " + b"b" * 9000 + b"\r\n"] * 20), FetchFailed, "at http"),
    "large": (lambda call: call.answer(body=b"x" * 100_001), TooLarge, "more than 100000 bytes"),
    "endless": (
        by_hand(OK, b"Transfer-Encoding: chunked\r\n\r\n", *[b"4000\r\n" + b"x" * 0x4000 + b"\r\n"] * 99),
        TooLarge,
        "more than 100000 bytes",
    ),
    "bomb": (
        lambda call: call.answer(body=BOMB, Content_Encoding="gzip"),
        TooLarge,
        "unpacks to more than 100000 bytes",
    ),
    "half_a_gzip": (
        lambda call: call.answer(body=gzip.compress(RSS)[:-9], Content_Encoding="gzip"),
        FetchFailed,
        "cut short",
    ),
    "no_location": (lambda call: call.answer(302), FetchFailed, "HTTP 302 without a Location"),
    "bad_location": (redirect("http://[::1/"), FetchFailed, "redirects to what is no URL"),
    "odd_port": (redirect("http://me:hunter2@127.0.0.1:99999/"), FetchFailed, "redirects to what is no URL"),
    "long_location": (redirect("/" + "x" * 8000), FetchFailed, "redirects to a URL of 8001 characters"),
    "loop": (redirect("/"), FetchFailed, "more than 10 redirects, the last to http"),
    "unknown_host": (redirect("http://nowhere.invalid/"), FetchFailed, "nowhere.invalid does not resolve"),
    "long_host": (redirect(f"http://{'a' * 64}.org/"), FetchFailed, "does not resolve"),
    "odd_host": (redirect('http://a"b<c>/'), FetchFailed, "at http"),
}


@pytest.mark.parametrize(("page", "error", "message"), FAILING.values(), ids=FAILING)
def test_what_does_not_arrive_whole_and_in_time_fails(
    server: FeedServer, page: Callable[[Call], object], error: type[BadRecord], message: str
) -> None:
    server.pages["/"] = page
    with pytest.raises(error, match=message) as caught:
        get(server.url("/"), replace(SETTINGS, total_s=0.4))
    assert "hunter2" not in str(caught.value)


def test_a_closed_port_fails(server: FeedServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(FetchFailed, match="refused at http://127"):
            get(f"http://127.0.0.1:{closed.getsockname()[1]}/")


def test_own_headers_go_to_their_origin_alone(server: FeedServer) -> None:
    elsewhere = server.url("/2", "localhost")
    server.pages |= {
        "/1": redirect(elsewhere),
        "/2": redirect(server.url("/3")),
        "/3": lambda call: call.answer(),
    }
    own = {"authorization": "Bearer hunter2", "x-reader": "7", "user-agent": "Own/1"}
    allowed = replace(SETTINGS, allowed=("127.0.0.1/32", "::1/128"))
    get(server.url("/1"), allowed, own_headers=own)
    sent = dict(server.calls)
    assert own.items() <= sent["/1"].items()
    assert sent["/3"]["authorization"] == "Bearer hunter2"
    assert not {"authorization", "x-reader"} & sent["/2"].keys()
    assert sent["/2"]["user-agent"].startswith("Dateline/")


def test_credentials_in_a_location_are_dropped(server: FeedServer) -> None:
    server.pages |= {
        "/1": redirect(f"http://me:hunter2@127.0.0.1:{server.server_port}/2", 301),
        "/2": lambda call: call.answer(),
    }
    answer = get(server.url("/1"))
    assert answer.url == answer.moved_to == server.url("/2")
    assert "authorization" not in server.calls[1][1]


def test_bytes_that_no_url_may_hold_are_encoded(server: FeedServer) -> None:
    server.pages |= {"/1": by_hand(b"HTTP/1.1 302 Found\r\nLocation: /caf\xc3\xa9 1\r\n\r\n")}
    server.pages["/caf%C3%A9%201"] = lambda call: call.answer()
    assert get(server.url("/1")).url == server.url("/caf%C3%A9%201")


def test_tls_verifies_the_name_that_was_asked_for(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    server.socket = server_context(certificate).wrap_socket(server.socket, server_side=True)
    server.pages["/"] = lambda call: call.answer()
    settings = replace(SETTINGS, allowed=("127.0.0.1/32", "::1/128"))
    with pytest.raises(FetchFailed, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"https://localhost:{server.server_port}/", settings)
    with trusting(certificate, monkeypatch):
        assert get(f"https://localhost:{server.server_port}/", settings).data == RSS
        with pytest.raises(FetchFailed, match=r"127\.0\.0\.1"):
            get(f"https://127.0.0.1:{server.server_port}/", settings)


@pytest.mark.parametrize("contact", ["a\nb", "désk", "a (b)"])
def test_a_contact_must_fit_in_a_header(contact: str) -> None:
    with pytest.raises(Exception, match="--contact"):
        user_agent(contact)
    assert user_agent("") == user_agent("x").removesuffix(" (+x)")
