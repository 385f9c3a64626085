"""Feeds that have brought nothing for long, or fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.tables import FEEDS
from transforms.report.partitions import read_folder

COLUMNS = ("url", "last_error", "failures", "last_fetched_at", "last_changed_at")
SILENT = timedelta(days=7)


@dataclass(frozen=True)
class Feed:
    """A feed that brings nothing: since when, how many polls in a row have failed, and why the last one did."""

    url: str
    changed_at: datetime | None
    failures: int
    error: str | None


@dataclass(frozen=True)
class FeedsFound:
    """How many feeds there are, when the last was polled, and those that fail or are silent, the longest first."""

    feeds: int
    polled_at: datetime | None
    idle: tuple[Feed, ...]


def find_idle_feeds(output: str) -> FeedsFound:
    """The feeds that fail, or have not changed for a week of polls; raises as `read_folder`."""
    rows = [row for table in read_folder(f"{output}/{FEEDS.name}", COLUMNS) for row in table.to_pylist()]
    polled = max((row["last_fetched_at"] for row in rows if row["last_fetched_at"]), default=None)
    feeds = [Feed(row["url"], row["last_changed_at"], row["failures"], row["last_error"]) for row in rows]
    idle = [feed for feed in feeds if polled and _is_idle(feed, polled)]
    idle.sort(key=lambda feed: (feed.changed_at is not None, feed.changed_at or polled, feed.url))
    return FeedsFound(len(rows), polled, tuple(idle))


def _is_idle(feed: Feed, now: datetime) -> bool:
    return feed.failures > 0 or feed.changed_at is None or now - feed.changed_at > SILENT
