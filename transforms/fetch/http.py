"""One document over HTTP: guarded, bounded, conditional, redirects followed here."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpcore

from schemas.errors import AddressRefused, FetchFailed
from transforms.fetch.bodies import ACCEPT_ENCODING, join_chunks, unpack
from transforms.fetch.proxies import Proxy, find_proxy
from transforms.fetch.routes import Route, plan_route
from transforms.fetch.settings import FetchSettings, user_agent
from transforms.fetch.urls import SCHEMES, on_the_wire, origin, redirect_target, shown, split_credentials

_ACCEPT_FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_LOCATION = 8000
_CHANGED_BY_PROXY = 203  # a 200 otherwise (RFC 9110, 15.3.4)
_PROXY_WANTS_CREDENTIALS = 407

# Called with a URL and the seconds left; holds a turn at its host for as long as it is open.
TakeTurn = Callable[[str, float], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `own_headers` (a feed's headers and credentials) go to the origin of `home` alone.

    Of an answer that declares another type than `media_types` the body is left unread.
    """

    url: str
    home: str
    validators: dict[str, str] = field(default_factory=dict)
    own_headers: dict[str, str] = field(default_factory=dict, repr=False)
    accept: str = _ACCEPT_FEEDS
    media_types: tuple[str, ...] = ()  # empty: any


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer of a chain of redirects."""

    status: int
    url: str  # where it came from, without credentials
    moved_to: str  # where the permanent redirects at the start of the chain lead, or empty
    headers: dict[str, str]  # names in lower case
    data: bytes  # the body, unpacked; empty unless the status is 200

    @property
    def media_type(self) -> str:
        """The type that the server declared, in lower case and without parameters."""
        return media_type(self.headers)


def fetch(
    request: Request, settings: FetchSettings, take_turn: TakeTurn = lambda url, seconds: nullcontext()
) -> Answer:
    """Ask for `request.url` and follow redirects, each of them guarded like the first.

    Raises FetchFailed for what does not arrive whole and in time (its cause, where there is one, is the
    error of httpcore), AddressRefused for forbidden addresses and schemes, TooLarge past the size limit.
    Statuses of failure are answers.
    """
    deadline = time.monotonic() + settings.total_s
    url, moved_to, permanent = request.url, "", True
    for _ in range(settings.redirects + 1):
        with take_turn(url, deadline - time.monotonic()):
            answer = _exchange(url, request, settings, deadline)
        if answer.status not in _REDIRECTS:
            return Answer(answer.status, url, moved_to, answer.headers, answer.data)
        permanent = permanent and answer.status in _PERMANENT
        url = _follow(url, answer)
        moved_to = url if permanent else moved_to
    raise FetchFailed(f"more than {settings.redirects} redirects, the last to {url[:200]}")


def _request_headers(request: Request, url: str, settings: FetchSettings) -> list[tuple[bytes, bytes]]:
    headers = {"user-agent": user_agent(settings.contact), "accept": request.accept}
    if origin(url) == origin(request.home):
        headers |= request.own_headers
    headers |= request.validators | {"accept-encoding": ACCEPT_ENCODING, "connection": "close"}
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]


def _follow(url: str, answer: Answer) -> str:
    location = answer.headers.get("location", "")
    if not location:
        raise FetchFailed(f"HTTP {answer.status} without a Location at {url[:200]}")
    if len(location) > _LONGEST_LOCATION:
        raise FetchFailed(f"{url[:200]} redirects to a URL of {len(location)} characters")
    try:
        target = redirect_target(url, location.encode("latin-1"))
        if urlsplit(target).scheme not in SCHEMES:
            raise AddressRefused(f"{url[:200]} redirects to {shown(target)}: only http and https are fetched")
        return split_credentials(target)[0]
    except ValueError as error:
        raise FetchFailed(f"{url[:200]} redirects to what is no URL: {shown(location)!r}") from error


def _exchange(url: str, request: Request, settings: FetchSettings, deadline: float) -> Answer:
    headers = _request_headers(request, url, settings)
    wire = _wire(url)
    proxy = _proxy(wire, settings)
    place = f"{url[:200]} through the proxy {proxy.url}" if proxy else url[:200]
    try:
        route = plan_route(wire, proxy, settings, deadline)
        status, found, packed = _ask(route, headers, request.media_types, settings)
        if proxy and status == _PROXY_WANTS_CREDENTIALS:
            raise httpcore.ProxyError(f"the proxy answered HTTP {status}")
    except httpcore.TimeoutException as error:
        limit = f"not whole within {settings.total_s:g} s" if time.monotonic() >= deadline else "timed out"
        raise FetchFailed(f"{limit} at {place}") from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError, httpcore.ProxyError) as error:
        raise FetchFailed(f"{str(error)[:200]} at {place}") from error
    except httpcore.LocalProtocolError:  # its text may hold a header's value
        raise FetchFailed(f"HTTP does not allow the request for {url[:200]!r}") from None
    data = unpack(packed, found.get("content-encoding", ""), settings.size_limit)
    return Answer(status, url, "", found, data)


def _wire(url: str) -> str:
    try:
        return on_the_wire(url)
    except ValueError as error:
        raise FetchFailed(f"HTTP has no way to write {url[:200]!r}") from error


def _proxy(url: str, settings: FetchSettings) -> Proxy | None:
    try:
        return find_proxy(url, settings.proxy)
    except ValueError as error:  # a worker's environment is not the one that was checked at the start
        raise FetchFailed(str(error)) from None


def _ask(
    route: Route, headers: list[tuple[bytes, bytes]], media_types: tuple[str, ...], settings: FetchSettings
) -> tuple[int, dict[str, str], bytes]:
    waits = {"connect": settings.connect_s, "read": settings.read_s, "write": settings.read_s}
    headers = [*((name.encode("ascii"), value.encode("ascii")) for name, value in route.headers), *headers]
    with (
        route.connection as connection,
        connection.stream("GET", route.url, headers=headers, extensions={"timeout": waits}) as response,
    ):
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        status = 200 if response.status == _CHANGED_BY_PROXY else response.status
        is_wanted = status == 200 and (not media_types or media_type(found) in (*media_types, ""))
        body = response.iter_stream() if is_wanted else ()
        return status, found, join_chunks(body, settings.size_limit)


def media_type(headers: dict[str, str]) -> str:
    """The declared type, in lower case and without parameters; empty where there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
