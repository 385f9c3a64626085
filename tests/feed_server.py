"""A web server on loopback whose pages are functions, for tests of fetching."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>'
    b"<item><title>Tide</title></item></channel></rss>"
)


class Call(BaseHTTPRequestHandler):
    """One request; a page answers it with `answer`, or by hand."""

    server: "FeedServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.calls.append((self.path, dict(self.headers.items())))
        with self.server.count(self.path):
            self.server.pages[self.path](self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status: int = 200, body: bytes = RSS, **headers: str) -> None:
        """Send a whole answer; underscores in header names stand for hyphens."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class FeedServer(ThreadingHTTPServer):
    """Pages by path, the requests seen, and the most that were open at a time for each path."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Call)
        self.pages: dict[str, Callable[[Call], object]] = {}
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.most: dict[str, int] = {}
        self.ended = threading.Event()  # for pages that hang
        self._open: dict[str, int] = {}
        self._lock = threading.Lock()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    @contextmanager
    def count(self, path: str) -> Iterator[None]:
        with self._lock:
            self._open[path] = self._open.get(path, 0) + 1
            self.most[path] = max(self.most.get(path, 0), self._open[path])
        try:
            yield
        finally:
            with self._lock:
                self._open[path] -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients under test hang up


@contextmanager
def serving(port: int = 0) -> Iterator[FeedServer]:
    """A server for as long as the context is open, on a port of its own choice or a given one."""
    server = FeedServer(port)
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
