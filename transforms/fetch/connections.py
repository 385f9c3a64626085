"""Connections that go to checked addresses only and end in time."""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from transforms.fetch.addresses import resolve

_NOT_REACHED = (502, 503, 504)  # so that it is tried again, as a host that is not reached directly


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the addresses that `resolve` has checked. TLS still verifies the name that was asked for.

    `deadline` (by time.monotonic) ends connecting, the handshake, sending and reading alike, so a server that
    sends a byte now and then gains nothing by it.
    """

    def __init__(self, allowed: tuple[str, ...], deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first address of `host` that answers; raises AddressRefused before any is tried."""
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in resolve(host, port, self._allowed):
            try:
                stream = self._backend.connect_tcp(
                    address, port, _wait(timeout, self._deadline), local_address, socket_options or []
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class TunnelBackend(httpcore.NetworkBackend):
    """Connects through a proxy, which is asked for a tunnel (RFC 9110, 9.3.6).

    `connection` leads to the proxy at `server` and is used once; `headers` are for the proxy.
    """

    def __init__(
        self, connection: httpcore.HTTPConnection, server: httpcore.URL, headers: list[tuple[str, str]]
    ) -> None:
        self._connection = connection
        self._server = server
        self._headers = headers

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the host, whose name the proxy resolves.

        Raises httpcore.ConnectError where the proxy cannot reach it, and httpcore.ProxyError where it will not.
        """
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        url = httpcore.URL(scheme=self._server.scheme, host=self._server.host, port=self._server.port, target=place)
        waits = {"timeout": dict.fromkeys(("connect", "read", "write"), timeout)}
        request = httpcore.Request("CONNECT", url, headers=[("Host", place), *self._headers], extensions=waits)
        response = self._connection.handle_request(request)
        if not 200 <= response.status < 300:
            self._connection.close()
            kind = httpcore.ConnectError if response.status in _NOT_REACHED else httpcore.ProxyError
            raise kind(f"the proxy answered HTTP {response.status}")
        stream: httpcore.NetworkStream = response.extensions["network_stream"]
        return stream


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _wait(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _wait(timeout, self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            wait = _wait(timeout, self._deadline)
        except httpcore.ReadTimeout:
            self.close()
            raise
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _wait(timeout: float | None, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(timeout, left)
