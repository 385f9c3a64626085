"""How duplicates are told, and how the work is spread."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from transforms.deduplicate.stored.remembered import KeyFiles

BATCH = 2048  # articles; a partition of keys gets one array from each
LONG_TEXT = 8192  # characters; one of so many counts for two articles
FILE_ROWS = 10_000
PARTITIONS = 16

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class DuplicateSettings:
    """`near_days`: how far apart near-duplicates may be filed; `keep`: store them all, marked."""

    near_days: int = 3
    keep: bool = False


@dataclass(frozen=True)
class DeduplicateSettings:
    """Where the remembered keys are, how duplicates are told, the run's clock, how rows are spread, what is left in."""

    keys: KeyFiles
    duplicates: DuplicateSettings
    read_at: int
    shards: int = 1
    keep_boilerplate: bool = False


def shard_of(days: Any, shards: int) -> Any:
    """The shard that writes a day: one, so that a run gives a day one file."""
    return days % shards


def date_of(day: int) -> str:
    """The ISO date of a day since the epoch."""
    return (_EPOCH + timedelta(days=day)).isoformat()
