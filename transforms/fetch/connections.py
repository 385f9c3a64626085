"""Connections that go to checked addresses only and end in time."""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from transforms.fetch.addresses import resolve


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
