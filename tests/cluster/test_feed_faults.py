"""Feeds that fail in every way while a stream polls them: in the end it has all that they gave, once."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cluster.stream import assert_same_rows, batch, streaming
from tests.feed_server import Call, FeedServer, serving
from tests.make import story
from tests.runs import rows_of

ITEM = """<item><title>Story {number} of the day</title><link>https://{name}.example/{number}</link>
<pubDate>Fri, 21 Mar 2025 12:00:00 GMT</pubDate><description>{text}</description></item>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://{name}.example/</link>
{items}</channel></rss>"""
BEFORE, AFTER = 2, 4  # items in a feed
LONGEST_S = 20  # the silence after which a poll is given up


def feed(name: str, items: int) -> bytes:
    """A feed whose items are like no other's."""
    first = sum(name.encode()) * AFTER
    made = [ITEM.format(name=name, number=n, text=story(n)) for n in range(first, first + items)]
    return FEED.format(name=name, items="".join(made)).encode()


def hang(call: Call) -> None:
    time.sleep(LONGEST_S + 5)


def send_half(call: Call) -> None:
    body = feed(call.path[1:], AFTER)
    call.answer(body=body[: len(body) // 2], Content_Length=str(len(body)))
    call.close_connection = True


TROUBLES: dict[str, Callable[[Call], object]] = {
    "/broken": lambda call: call.answer(500, b""),
    "/limited": lambda call: call.answer(429, b"", Retry_After="15"),
    "/hanging": hang,
    "/half": send_half,
}
STEADY, DEAD = "/steady", "/dead"


def give(server: FeedServer, path: str, items: int) -> None:
    """From now on a path answers with a whole feed."""
    server.pages[path] = lambda call: call.answer(body=feed(path[1:], items))


@pytest.mark.drill
def test_feeds_that_fail_and_recover(prism: list[str], tmp_path: Path) -> None:
    with serving() as server, ExitStack() as other:
        mortal = other.enter_context(serving())
        for path in (STEADY, *TROUBLES):
            give(server, path, BEFORE)
        give(mortal, DEAD, BEFORE)
        failing = {mortal.url(DEAD), *map(server.url, TROUBLES)}
        feeds = ["--allow_private", *(f"--feeds={url}" for url in (server.url(STEADY), *failing))]
        with streaming(tmp_path / "stream", [*prism, *feeds, "--poll_every", "2"]) as stream:
            stream.wait_for(lambda: links(stream.output) == BEFORE * (1 + len(failing)))
            server.pages |= TROUBLES
            other.close()
            give(server, STEADY, AFTER)
            stream.wait_for(lambda: rejected(stream.output) == failing)
            assert links(stream.output) == BEFORE * len(failing) + AFTER  # nobody waits for those that fail
            for path in TROUBLES:
                give(server, path, AFTER)
            give(other.enter_context(serving(mortal.server_port)), DEAD, AFTER)
            stream.wait_for(lambda: links(stream.output) == AFTER * (1 + len(failing)))
            stream.stop()
        wanted = batch(tmp_path / "batch", *feeds)
    assert_same_rows(stream.output, wanted, ["articles", "sightings"])


def links(output: Path) -> int:
    """How many articles are stored."""
    return len(rows_of(str(output), "articles"))


def rejected(output: Path) -> set[str]:
    """The feeds whose failure was told."""
    return {row["source"] for row in rows_of(str(output), "rejects")}
