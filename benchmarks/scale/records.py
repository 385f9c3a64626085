"""Invented articles in any number, quickly: each can be made by its number alone, and no two are alike."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from benchmarks.articles import NAME_EVERY, NAMES, lay_out, vocabulary

PER_DAY = 1_000
SOURCES = 500
_FIRST_DAY = datetime(2022, 6, 1, tzinfo=UTC)
_WORDS, _TITLE_WORDS = 340, 9
_TABLE = 65_536


def write_records(path: Path, numbers: Iterable[int], days: int) -> None:
    """JSON lines of these articles of about 2 KB, in order."""
    with path.open("wb") as file:
        file.writelines(orjson.dumps(record(number, days)) + b"\n" for number in numbers)


def days_of(count: int) -> int:
    """How many days so many articles are usually spread over."""
    return max(1, count // PER_DAY)


def record(number: int, days: int) -> dict[str, str]:
    """One article, as JSON has it: a thousand are published a day, over so many days and then round again."""
    chosen = np.random.default_rng(number).integers(_TABLE, size=_WORDS)
    words = _weighted_words()[chosen].tolist()
    words[::NAME_EVERY] = [NAMES[at % len(NAMES)] for at in chosen[::NAME_EVERY].tolist()]
    published = _FIRST_DAY + timedelta(days=number // PER_DAY % days, minutes=number % PER_DAY)
    source = number % SOURCES
    return {
        "url": f"https://news{source}.example.org/story/{number}",
        "guid": f"story-{number}",
        "title": " ".join(words[:_TITLE_WORDS]),
        "body": lay_out(words),
        "published_at": published.isoformat(),
        "source": f"wire-{source}",
    }


@cache
def _weighted_words() -> NDArray[Any]:
    """A table to draw words from as often as texts have them: in proportion to 1 / (rank + 2)."""
    words = vocabulary(random.Random(1))
    shares = np.cumsum(1 / (np.arange(len(words)) + 2))
    return np.array(words, object)[np.searchsorted(shares / shares[-1], (np.arange(_TABLE) + 0.5) / _TABLE)]
