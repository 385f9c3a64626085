"""Which way a request goes: straight to its host, or through a proxy."""

import functools
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

import httpcore

from transforms.fetch.addresses import check_where_known
from transforms.fetch.connections import GuardedBackend, TunnelBackend
from transforms.fetch.proxies import Proxy
from transforms.fetch.settings import EVERYWHERE, FetchSettings
from transforms.fetch.urls import authority, origin


class Route(NamedTuple):
    """A connection that is not made yet, the URL as the request line is to have it, and headers that belong to it."""

    connection: httpcore.HTTPConnection
    url: httpcore.URL
    headers: list[tuple[str, str]]


def plan_route(url: str, proxy: Proxy | None, settings: FetchSettings, deadline: float) -> Route:
    """The route of a request for `url` (as `on_the_wire` writes it), which has to end by `deadline`.

    The proxy's own address may be private. It resolves the host's name, so the guard can hold only for what this
    machine knows of it: raises AddressRefused where the host is, or leads to, an address that is refused here.
    """
    scheme, host, port = origin(url)
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = ("Host", authority(url))
    target = httpcore.URL(scheme=scheme, host=host, port=port, target=path)
    if not proxy:
        return Route(_connection(target, GuardedBackend(settings.allowed, deadline)), target, [named])
    if settings.allowed != EVERYWHERE:
        check_where_known(host, port, settings.allowed)
    server = httpcore.URL(proxy.url)
    to_proxy = _connection(server, GuardedBackend(EVERYWHERE, deadline))
    if scheme == "https":
        tunnel = TunnelBackend(to_proxy, server, proxy.headers)
        return Route(_connection(target, tunnel), target, [named])
    whole = f"{scheme}://{authority(url)}{path}"
    asked = httpcore.URL(scheme=server.scheme, host=server.host, port=server.port, target=whole)
    return Route(to_proxy, asked, [named, *proxy.headers])


def _connection(to: httpcore.URL, backend: httpcore.NetworkBackend) -> httpcore.HTTPConnection:
    return httpcore.HTTPConnection(to.origin, ssl_context=tls_context(), network_backend=backend)


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The system's and certifi's authorities; one context for each process, for it takes 40 ms to make."""
    return httpcore.default_ssl_context()
