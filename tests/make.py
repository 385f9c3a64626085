"""Records for tests: a name or two given, the rest filled in."""

from datetime import UTC, datetime
from typing import Any

from schemas.records import Article, Entry

READ_AT = int(datetime(2025, 3, 22, 12, tzinfo=UTC).timestamp()) * 1_000_000
WORDS = [
    "river",
    "harbour",
    "council",
    "budget",
    "minister",
    "weather",
    "market",
    "farmers",
    "railway",
    "museum",
    "teachers",
    "hospital",
    "bridge",
    "election",
    "forest",
    "island",
    "fishing",
    "engine",
    "satellite",
    "vaccine",
    "library",
    "stadium",
    "mountain",
    "village",
    "airport",
    "factory",
    "orchestra",
]


def micros(text: str) -> int:
    """Microseconds since the epoch of an ISO date or time, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def story(number: int, words: int = 80) -> str:
    """A text of its own for each number: no two share a run of three words, but by chance."""
    return " ".join(
        f"{WORDS[(number * 7 + i * i) % len(WORDS)]} {WORDS[(i * number) % len(WORDS)]}{number}x{i}"
        for i in range(words // 2)
    )


def article(**given: Any) -> Article:
    """An article with a URL, published at noon on 2025-03-21."""
    url = given.pop("url", "https://example.org/a")
    published = given.pop("published_at", micros("2025-03-21T12:00"))
    fields: dict[str, Any] = {
        "source": "feed-1", "feed_url": "", "collection": "", "guid": "", "url": url, "url_is_key": bool(url),
        "publisher": "example.org", "title": "A title", "description": "", "body": story(1), "credit": "",
        "content_kind": "full", "from_page": False, "authors": [], "categories": [], "image_url": "", "rights": "",
        "paywalled": None,
        "language": "en", "language_score": 0.9, "word_count": 80, "published_at": published, "published_raw": "",
        "published_source": "entry", "published_precision": "second", "published_zone": "given", "updated_at": None,
        "feed_updated_at": None, "read_at": READ_AT, "quality_flags": [],
    }  # fmt: skip
    return Article(**fields | given)


def entry(**given: Any) -> Entry:
    """An entry with a title and a link."""
    return Entry(
        **{"source": "feed-1", "read_at": READ_AT, "title": "A title", "link": "https://example.org/a"} | given
    )
