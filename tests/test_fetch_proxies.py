"""Fetching through a proxy, a real one on loopback."""

import base64
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.command import main
from schemas.errors import AddressRefused, FetchFailed, UsageError
from tests.certificates import make_certificate, server_context, trusting
from tests.feed_server import RSS, FeedServer, serving
from tests.make import READ_AT, story
from tests.proxy_server import CONNECTED, Asked, ProxyServer, proxying
from tests.runs import rows_of
from transforms.fetch.feeds import Feed
from transforms.fetch.http import Answer, Request, fetch
from transforms.fetch.pages import fetch_pages
from transforms.fetch.poll import poll
from transforms.fetch.proxies import check_proxies, find_proxy, is_excepted
from transforms.fetch.settings import FetchSettings

SETTINGS = FetchSettings(connect_s=0.2, read_s=0.2, total_s=1, deadline_s=5, backoff_s=0.01)
PAGE = "http://port.test/rss?a=b"  # a name that this machine cannot resolve
BASIC = "Basic " + base64.b64encode(b"desk:hunter2").decode()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages |= dict.fromkeys(("/", "/rss?a=b"), lambda call: call.answer())
        yield running


@pytest.fixture
def proxy(server: FeedServer) -> Iterator[ProxyServer]:
    with proxying(server.server_port) as running:
        yield running


def get(url: str, proxy: str, settings: FetchSettings = SETTINGS, **given: Any) -> Answer:
    return fetch(Request(url, home=url, **given), replace(settings, proxy=proxy))


CHOICES: dict[str, tuple[dict[str, str], str, str]] = {
    "none": ({}, "http://a.test/", ""),
    "http": ({"http_proxy": "http://p.test:3128"}, "http://a.test/", "http://p.test:3128"),
    "http not for https": ({"http_proxy": "http://p.test:3128"}, "https://a.test/", ""),
    "https": ({"https_proxy": "http://p.test:3128/"}, "https://a.test/", "http://p.test:3128"),
    "upper case": ({"HTTPS_PROXY": "http://p.test:1"}, "https://a.test/", "http://p.test:1"),
    "lower case first": ({"HTTP_PROXY": "http://p.test:1", "http_proxy": "http://p.test:2"}, "http://a.test/", ":2"),
    "all": ({"all_proxy": "http://p.test:1"}, "https://a.test/", "http://p.test:1"),
    "all comes last": ({"ALL_PROXY": "http://p.test:1", "HTTP_PROXY": "http://p.test:2"}, "http://a.test/", ":2"),
    "nothing is none": ({"ALL_PROXY": "http://p.test:1", "http_proxy": ""}, "http://a.test/", ""),
    "no scheme": ({"http_proxy": " p.test:8080 "}, "http://a.test/", "http://p.test:8080"),
    "tls": ({"https_proxy": "https://P.test:8443"}, "https://a.test/", "https://p.test:8443"),
    "credentials": ({"http_proxy": "http://desk:hunter%32@p.test:1"}, "http://a.test/", "http://p.test:1"),
    "excepted": ({"http_proxy": "http://p.test:1", "NO_PROXY": "b.test, a.test"}, "http://www.a.test/", ""),
    "lower case exceptions first": ({"http_proxy": "p:1", "no_proxy": "", "NO_PROXY": "*"}, "http://a.test", "p:1"),
}


@pytest.mark.parametrize(("environment", "url", "expected"), CHOICES.values(), ids=CHOICES)
def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = find_proxy(url)
    assert (found.url if found else "").endswith(expected)
    assert bool(found) == bool(expected)
    assert "hunter2" not in repr(found)
    assert "hunter2" not in repr(FetchSettings(proxy="http://desk:hunter2@p.test:1"))


def test_the_option_goes_before_the_environment_but_not_before_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://p.test:1")
    monkeypatch.setenv("no_proxy", "a.test")
    monkeypatch.setenv("PASSWORD", "hunter2")
    given = "http://desk:${PASSWORD}@q.test"
    found = find_proxy("http://b.test", given)
    assert found is not None
    assert (found.url, dict(found.headers)) == ("http://q.test", {"Proxy-Authorization": BASIC})
    assert find_proxy("http://a.test", given) is None


EXCEPTIONS = {
    "all": ("*", "a.test", 80, True),
    "itself": ("a.test", "a.test", 80, True),
    "below": ("a.test", "www.a.test", 80, True),
    "a dot": (".a.test", "a.test", 80, True),
    "a star": ("*.a.test", "www.a.test", 443, True),
    "upper case": ("A.Test", "a.test", 80, True),
    "a dot behind": ("a.test", "a.test.", 80, True),
    "half a name": ("a.test", "ba.test", 80, False),
    "above": ("www.a.test", "a.test", 80, False),
    "spaces": ("b.test  a.test", "a.test", 80, True),
    "its port": ("a.test:8080", "a.test", 8080, True),
    "another port": ("a.test:8080", "a.test", 80, False),
    "an address": ("10.1.2.3", "10.1.2.3", 80, True),
    "no part of an address": ("2.3", "10.1.2.3", 80, False),
    "an address and its port": ("10.1.2.3:80", "10.1.2.3", 80, True),
    "a network": ("b.test,10.0.0.0/8", "10.1.2.3", 80, True),
    "another network": ("10.0.0.0/8", "11.1.2.3", 80, False),
    "a network is no name": ("10.0.0.0/8", "a.test", 80, False),
    "ipv6": ("::1", "::1", 80, True),
    "ipv6 in brackets": ("[::1]:8080,[::2]", "::2", 80, True),
    "ipv6, another port": ("[::1]:8080", "::1", 80, False),
    "an ipv6 network": ("fd00::/8", "fd00::7", 80, True),
    "nothing": ("", "a.test", 80, False),
    "dots and colons": (". : .. *. [] :80", "a.test", 80, False),
}


@pytest.mark.parametrize(("entries", "host", "port", "expected"), EXCEPTIONS.values(), ids=EXCEPTIONS)
def test_no_proxy_names_hosts(entries: str, host: str, port: int, expected: bool) -> None:
    assert is_excepted(host, port, entries) == expected


BAD = {
    "socks": ("socks5h://desk:hunter2@p.test:1080", "'socks5h://p.test:1080' is not an http or https URL"),
    "no host": ("http://desk:hunter2@:3128", "not an http or https URL"),
    "port": ("http://desk:hunter2@p.test:99999", "'http://p.test:99999' is not"),
    "words": ("the proxy", "'http://the proxy' is not"),
    "a path": ("http://p.test:3128/pac", "'http://p.test:3128/pac' is not the address of a proxy"),
    "a hash in the password": ("http://desk:1#hunter2@p.test", "'http://p.test' is not"),
    "a slash in the password": ("http://desk/hunter2@p.test", "'http://p.test' is not"),
    "an unset variable": ("http://desk:${NOT_SET}@p.test", "the environment variable NOT_SET is not set"),
}


@pytest.mark.parametrize(("address", "message"), BAD.values(), ids=BAD)
def test_what_is_no_proxy_is_said_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", address)
    for given, name in ((address, "--proxy: "), ("", "ALL_PROXY: ")):
        with pytest.raises(UsageError) as caught:
            check_proxies(given)
        assert str(caught.value).startswith(name)
        assert message in str(caught.value)
        assert "hunter2" not in str(caught.value)


def test_a_command_refuses_what_is_no_proxy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("https_proxy", "socks5://desk:hunter2@p.test:1")
    for mode in ([], ["--streaming", "--runner", "FlinkRunner", "--flink_master", "localhost:1"]):
        assert main(["ingest", "--feeds", PAGE, "--output", str(tmp_path / "out"), *mode]) == 2
        said = capsys.readouterr().err
        assert "https_proxy: 'socks5://p.test:1'" in said
        assert "hunter2" not in said
    assert not (tmp_path / "out").exists()


def test_http_is_asked_of_the_proxy(server: FeedServer, proxy: ProxyServer) -> None:
    own = {"authorization": "Bearer 7"}
    answer = get(PAGE, proxy.url("desk:hunter2@"), validators={"if-none-match": '"1"'}, own_headers=own)
    assert (answer.status, answer.url, answer.data) == (200, PAGE, RSS)
    ((line, headers),) = proxy.asked
    assert line == f"GET {PAGE} HTTP/1.1"
    assert (headers["Host"], headers["Proxy-Authorization"], headers["if-none-match"]) == ("port.test", BASIC, '"1"')
    assert server.calls[0][1]["authorization"] == "Bearer 7"


def test_https_is_a_tunnel_to_the_server_itself(
    server: FeedServer, proxy: ProxyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "port.test")
    server.socket = server_context(certificate).wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url("desk:hunter2@"))
    with pytest.raises(FetchFailed, match=rf"CERTIFICATE_VERIFY_FAILED.* through the proxy {proxy.url()}$"):
        get("https://port.test/", "")
    with trusting(certificate, monkeypatch):
        assert get("https://port.test/", "", own_headers={"authorization": "Bearer 7"}).data == RSS
        with pytest.raises(FetchFailed, match=r"not valid for 'other\.test'"):
            get("https://other.test:8443/", "")
    host = {"Host": "port.test:443", "Proxy-Authorization": BASIC}
    assert proxy.asked[1] == ("CONNECT port.test:443 HTTP/1.1", host)
    assert proxy.asked[2][0] == "CONNECT other.test:8443 HTTP/1.1"
    assert server.calls[0][1]["authorization"] == "Bearer 7"
    assert "Proxy-Authorization" not in server.calls[0][1]


def test_a_proxy_may_speak_tls_itself(
    server: FeedServer, proxy: ProxyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    proxy.socket = server_context(certificate).wrap_socket(proxy.socket, server_side=True)
    server.socket = server_context(certificate).wrap_socket(server.socket, server_side=True)
    with trusting(certificate, monkeypatch):
        settings = replace(SETTINGS, allowed=("127.0.0.1/32", "::1/128"))
        through = proxy.url().replace("http://127.0.0.1", "https://localhost")
        assert get("https://localhost/", through, settings).data == RSS


def test_credentials_for_the_proxy_stay_with_it(
    server: FeedServer, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/rss?a=b"] = lambda call: call.answer(302, b"", Location=server.url("/"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    answer = get(PAGE, proxy.url("desk:hunter2@"), replace(SETTINGS, allowed=("127.0.0.1/32",)))
    assert (answer.url, len(proxy.asked)) == (server.url("/"), 1)
    assert [headers["Host"] for _, headers in server.calls] == ["port.test", f"127.0.0.1:{server.server_port}"]
    assert not any("Proxy-Authorization" in headers for _, headers in server.calls)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]", "0x7f000001", "localhost"])
def test_the_guard_holds_for_addresses_and_names_that_are_known_here(
    server: FeedServer, proxy: ProxyServer, scheme: str, host: str
) -> None:
    with pytest.raises(AddressRefused, match=r"leads to .* \((private|loopback|link-local)\)"):
        get(f"{scheme}://{host}/", proxy.url())
    assert proxy.asked == []
    server.pages["/rss?a=b"] = lambda call: call.answer(302, b"", Location=f"{scheme}://{host}/")
    with pytest.raises(AddressRefused):
        get(PAGE, proxy.url())
    assert len(proxy.asked) == 1


def says(answer: bytes) -> Callable[[Asked], object]:
    return lambda asked: asked.wfile.write(answer)


NO_ENTRY = b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nNo"
TROUBLES: dict[str, tuple[str, Callable[[Asked], object], str, int]] = {
    "credentials, http": ("http", says(NO_ENTRY), "the proxy answered HTTP 407 at http", 1),
    "credentials, https": ("https", says(NO_ENTRY), "the proxy answered HTTP 407 at https", 1),
    "not this host": ("https", says(b"HTTP/1.1 403 No\r\n\r\n"), "the proxy answered HTTP 403 at https", 1),
    "not reached": ("https", says(b"HTTP/1.1 502 No\r\n\r\n"), "the proxy answered HTTP 502 at https", 3),
    "hangs": ("http", lambda asked: asked.server.ended.wait(), "timed out at http", 1),
    "hangs before the tunnel": ("https", lambda asked: asked.server.ended.wait(), "timed out at https", 1),
    "hangs in the tunnel": (
        "https",
        lambda asked: asked.wfile.write(CONNECTED) and asked.server.ended.wait(),
        "timed out at https",
        1,
    ),
    "hangs up": ("http", lambda asked: None, "Server disconnected", 3),
    "hangs up before the tunnel": ("https", lambda asked: None, "Server disconnected", 3),
    "hangs up in the tunnel": ("https", says(CONNECTED), "", 3),
    "no proxy at all": ("https", says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "illegal status line", 3),
}


@pytest.mark.parametrize(("scheme", "behave", "message", "attempts"), TROUBLES.values(), ids=TROUBLES)
def test_a_feed_fails_with_the_proxy_and_names_it(
    scheme: str, behave: Callable[[Asked], object], message: str, attempts: int
) -> None:
    with proxying(0, behave) as proxy:
        settings = replace(SETTINGS, proxy=proxy.url("desk:hunter2@"))
        (polled,) = poll([(Feed(f"{scheme}://port.test/"), None)], READ_AT, settings)
        assert polled.outcome == "failed"
        assert polled.document is not None
        assert polled.state is not None
        assert (polled.document.failure, polled.state.failures) == ("FetchFailed", 1)
        assert message in polled.document.detail
        assert polled.document.detail.endswith(f"{scheme}://port.test/ through the proxy {proxy.url()}")
        assert "hunter2" not in repr(polled)
        assert len(proxy.asked) == attempts


def test_a_proxy_that_is_down_is_named() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(FetchFailed, match=rf"refused at http://port.test/ through the proxy http://{down}$"):
            get("http://port.test/", down)
    with pytest.raises(FetchFailed, match=r"the name p\.invalid does not resolve at .* the proxy http://p\.invalid:1$"):
        get("http://port.test/", "p.invalid:1")


def test_an_environment_that_names_no_proxy_fails_the_feeds_of_that_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://desk:hunter2@p.test:1")
    with pytest.raises(FetchFailed, match=r"http_proxy: 'socks5://p\.test:1' is not"):
        get("http://port.test/", "")


def test_a_proxy_that_wants_credentials_says_nothing_of_a_page() -> None:
    with proxying(0, says(NO_ENTRY)) as proxy:
        ((_, result),) = fetch_pages(["http://port.test/1"], replace(SETTINGS, proxy=proxy.url()), READ_AT)
    assert isinstance(result, FetchFailed)  # not PageRefused, for which no page is ever asked for again


def test_a_run_fetches_feeds_rules_and_pages_through_the_proxy(
    server: FeedServer, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    item = "<item><title>Harbour notice</title><link>http://port.test/good</link></item>"
    feed = f'<rss version="2.0"><channel><title>Port</title>{item}</channel></rss>'.encode()
    page = f"<html><title>Harbour notice</title><article><p>{story(9, 90)}</p></article>".encode()
    server.pages["/feed"] = lambda call: call.answer(200, feed, Content_Type="application/rss+xml")
    server.pages["/robots.txt"] = lambda call: call.answer(404, b"")
    server.pages["/good"] = lambda call: call.answer(200, page, Content_Type="text/html")
    monkeypatch.setenv("PASSWORD", "hunter2")
    output = tmp_path / "out"
    given = ["--feeds", "http://port.test/feed", "--output", str(output), "--full_text", "--keep_raw"]
    assert main(["ingest", *given, "--proxy", proxy.url("desk:${PASSWORD}@")]) == 0
    asked = [f"GET http://port.test{path} HTTP/1.1" for path in ("/feed", "/robots.txt", "/good")]
    assert [line for line, _ in proxy.asked] == asked
    assert [row["body"] for row in rows_of(str(output), "articles")] == [story(9, 90)]
    stored = b"".join(path.read_bytes() for path in output.rglob("*") if path.is_file())
    assert b"hunter2" not in stored
    assert str(proxy.server_address[1]).encode() not in stored
