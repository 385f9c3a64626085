"""Feeds that have brought nothing for long, fail, or answer with what is no feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from transforms.feeds_health.health import read_states

SILENT = timedelta(days=7)


@dataclass(frozen=True)
class Feed:
    """A feed that brings nothing: since when, how many polls in a row have failed, and why the last one did.

    `is_unreadable`: it answers well, with something else: `error` says with what.
    """

    url: str
    changed_at: datetime | None
    failures: int
    error: str | None
    is_unreadable: bool


@dataclass(frozen=True)
class FeedsFound:
    """How many feeds there are, when the last was polled, and those that bring nothing, the longest first."""

    feeds: int
    polled_at: datetime | None
    idle: tuple[Feed, ...]


def find_idle_feeds(output: str) -> FeedsFound:
    """The feeds that fail, are no feeds, or have not changed for a week of polls; raises as `read_states`."""
    rows = read_states(output).to_pylist()
    polled = max((row["last_fetched_at"] for row in rows if row["last_fetched_at"]), default=None)
    feeds = [_feed(row) for row in rows]
    idle = [feed for feed in feeds if polled and _is_idle(feed, polled)]
    idle.sort(key=lambda feed: (feed.changed_at is not None, feed.changed_at or polled, feed.url))
    return FeedsFound(len(rows), polled, tuple(idle))


def _feed(row: dict[str, Any]) -> Feed:
    changed_at, is_unreadable = row["last_changed_at"], row["state"] == "unreadable"
    return Feed(row["url"], changed_at, row["failures"], row["last_error"], is_unreadable)


def _is_idle(feed: Feed, now: datetime) -> bool:
    return feed.failures > 0 or feed.is_unreadable or feed.changed_at is None or now - feed.changed_at > SILENT
