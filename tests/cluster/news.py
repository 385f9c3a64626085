"""Messages that have something of everything, of which a stream must make the rows that a batch makes."""

from collections.abc import Callable
from random import Random

import orjson

from tests.cluster.kafka import BLOCK
from tests.make import WORDS


def messages(number: int) -> list[bytes]:
    """So many, ten to a block: stories, one sent again, a copy in another outlet, a new version, one without text."""
    return [_KINDS.get(n % BLOCK, line)(n) for n in range(number)]


def line(number: int, **given: str) -> bytes:
    """An article as JSON."""
    fields = {
        "url": f"https://wire.example.org/{number}",
        "title": f"Story {number} of the harbour",
        "body": text(number),
        "published_at": f"2025-03-{10 + number % 3}T12:{number % 60:02}:00Z",
        "source": "wire",
    }
    return orjson.dumps(fields | given)


def text(number: int) -> str:
    """Words in an order that no other number has: what is like what must not depend on what comes with it."""
    return " ".join(Random(number).choices(WORDS, k=60))


def _copy(number: int) -> bytes:
    return line(
        number - 6, url=f"https://echo.example.org/{number}", source="echo", published_at="2025-03-13T12:00:00Z"
    )


_KINDS: dict[int, Callable[[int], bytes]] = {
    6: lambda number: line(number - 6),
    7: _copy,
    8: lambda number: line(number - 6, body=text(number), updated_at="2025-03-14T12:00:00Z"),
    9: lambda number: line(number, body="", title=""),
}
