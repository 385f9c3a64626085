"""Feeds that gain entries at a steady rate, on loopback: as many feeds, and entries a second, as the arguments say.

Entry k appears `k / RATE` seconds after the start, in feed `k % FEEDS`, which shows its last ten. Five feeds share a
host, as in `benchmarks.speed.feed_farm`. `/served` says when each entry was first sent to anybody.
"""

import asyncio
import sys
import time
from email.utils import formatdate
from functools import lru_cache
from html import escape

import orjson

from benchmarks.scale.records import record

SHOWN = 10
MAX_AGE = 30  # seconds for which a feed says that it will not change


class Feeds:
    """What each feed holds at a moment, and what has been sent."""

    def __init__(self, feeds: int, rate: float) -> None:
        self.feeds, self.rate, self.start = feeds, rate, time.time()
        self.served: dict[int, float] = {}  # entry: seconds since the epoch

    def numbers(self, feed: int, now: float) -> range:
        """The entries that a feed shows."""
        newest = int((now - self.start) * self.rate)
        of_feed = range(feed, newest + 1, self.feeds)
        return of_feed[-SHOWN:]

    def answer(self, feed: int, known: str) -> bytes:
        """The response to a request that names the version it has."""
        now = time.time()
        numbers = self.numbers(feed, now)
        tag = f'"{numbers[-1] if numbers else "none"}"'
        head = f"ETag: {tag}\r\nCache-Control: max-age={MAX_AGE}\r\nContent-Type: application/rss+xml\r\n"
        if known == tag:
            return f"HTTP/1.1 304 Not Modified\r\n{head}Content-Length: 0\r\n\r\n".encode()
        for number in numbers:
            self.served.setdefault(number, now)
        items = "".join(item(number, self.start + number / self.rate) for number in numbers)
        body = f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'.encode()
        return f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def report(self) -> bytes:
        """The start, and when each entry was first served, as JSON."""
        body = orjson.dumps({"start": self.start, "served": list(self.served.items())})
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@lru_cache(maxsize=50_000)
def item(number: int, appeared: float) -> str:
    """An entry of about 2 KB."""
    values = record(number, 1)
    return (
        f"<item><title>{values['title']}</title><guid isPermaLink='false'>{values['guid']}</guid>"
        f"<link>{values['url']}</link><pubDate>{formatdate(appeared, usegmt=True)}</pubDate>"
        f"<description>{escape(values['body'])}</description></item>"
    )


async def serve(feeds: Feeds) -> None:
    """Print the port and answer until the process is ended."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                path = request[0].split(" ")[1].strip("/")
                known = next((line[15:] for line in request if line.lower().startswith("if-none-match: ")), "")
                writer.write(feeds.report() if path == "served" else feeds.answer(int(path), known))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Feeds(int(sys.argv[1]), float(sys.argv[2]))))
