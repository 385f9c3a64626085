"""A proxy on loopback, for tests of fetching: it forwards http and opens tunnels, and takes down what it is asked."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO
from urllib.parse import urlsplit

CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Asked(socketserver.StreamRequestHandler):
    """One connection to the proxy: the request line and headers are read, then `server.behave` does the rest."""

    server: "ProxyServer"

    def handle(self) -> None:
        self.line = self.rfile.readline().decode().strip()
        self.headers = dict(line.decode().strip().split(": ", 1) for line in iter(self.rfile.readline, b"\r\n"))
        self.server.asked.append((self.line, self.headers))
        self.server.behave(self)

    def pass_on(self) -> None:
        """Do what a proxy does: `server.port` on loopback stands for every host and port."""
        method, target, version = self.line.split()
        with socket.create_connection(("127.0.0.1", self.server.port)) as upstream:
            if method == "CONNECT":
                self.wfile.write(CONNECTED)
            else:
                parts = urlsplit(target)
                kept = {name: value for name, value in self.headers.items() if name != "Proxy-Authorization"}
                lines = [f"{method} {parts.path}?{parts.query} {version}".replace("? ", " ")]
                lines += [f"{name}: {value}" for name, value in kept.items()]
                upstream.sendall("\r\n".join([*lines, "", ""]).encode())
            threading.Thread(target=_pump, args=(self.rfile, upstream), daemon=True).start()
            with suppress(OSError), upstream.makefile("rb", 0) as answer:
                for part in iter(lambda: answer.read(65536), b""):
                    self.wfile.write(part)


class ProxyServer(socketserver.ThreadingTCPServer):
    """What it was asked, and how it behaves."""

    daemon_threads = True

    def __init__(self, port: int, behave: Callable[[Asked], object]) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.port = port
        self.behave = behave
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.ended = threading.Event()  # for proxies that hang

    def url(self, credentials: str = "") -> str:
        return f"http://{credentials}127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients under test hang up


@contextmanager
def proxying(port: int, behave: Callable[[Asked], object] = Asked.pass_on) -> Iterator[ProxyServer]:
    """A proxy for as long as the context is open; all that it is asked for is at `port` of loopback."""
    with ProxyServer(port, behave) as server:
        threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()


def _pump(source: BinaryIO, to: socket.socket) -> None:
    with suppress(OSError, ValueError):  # either side may hang up first
        for part in iter(lambda: source.read1(65536), b""):  # type: ignore[attr-defined]
            to.sendall(part)
        to.shutdown(socket.SHUT_WR)
