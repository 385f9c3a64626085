"""Thousands of feeds on hosts of their own (127.x.y.z), a tenth of them hanging and a tenth failing."""

import asyncio
import resource
import sys
from collections.abc import Awaitable, Callable

FEEDS_A_HOST = 5
ENTRIES = 10
_WORDS = 60
_LONG = 3600.0  # seconds, longer than any poll

Page = Callable[[int, asyncio.StreamWriter], Awaitable[None]]


def feed_url(number: int, port: int) -> str:
    """The address of a feed of the farm."""
    host = number // FEEDS_A_HOST + 1
    return f"http://127.{1 + host // 62_500}.{host // 250 % 250}.{host % 250 + 1}:{port}/{number}"


def feed(number: int) -> bytes:
    """An RSS feed whose texts share nothing with those of another number."""
    items = "".join(
        f"<item><title>Report {number} of day {day}</title><guid>{number}-{day}</guid>"
        f"<link>https://h{number // FEEDS_A_HOST}.example.org/{number}/{day}</link>"
        f"<pubDate>Fri, {day + 10} Mar 2025 08:00:00 GMT</pubDate>"
        f"<description>{_text(number, day)}</description></item>"
        for day in range(ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Feed {number}</title>{items}</channel></rss>'.encode()


def _text(number: int, day: int) -> str:
    return " ".join(f"word{number}x{day}x{place}" for place in range(_WORDS))


async def _well(number: int, writer: asyncio.StreamWriter) -> None:
    body = feed(number)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


async def _silent(number: int, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(_LONG)


async def _dribbling(number: int, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(1)


async def _broken(number: int, writer: asyncio.StreamWriter) -> None:
    status = (500, 503, 404, 410)[number // len(_PAGES) % 4]
    writer.write(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status)


async def _cut_short(number: int, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>" if number % 40 < 20 else b"")


_PAGES: list[Page] = [_silent, _dribbling, _broken, _cut_short, *[_well] * 16]


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        request = await reader.readuntil(b"\r\n\r\n")
        number = int(request.split(b" ", 2)[1].strip(b"/"))
        await _PAGES[number % len(_PAGES)](number, writer)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the poller gave up, as it should on a feed that hangs
    finally:
        writer.close()


async def serve() -> None:
    """Print the port and answer until the process is ended."""
    server = await asyncio.start_server(_answer, "0.0.0.0", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve())
