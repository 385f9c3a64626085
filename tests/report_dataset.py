"""A dataset to report on: a story of three outlets, versions, gaps, rejects, feeds; and texts that mean harm."""

from typing import Any

from schemas.tables import ARTICLES, FEEDS, REJECTS, SIGHTINGS, STORY_JOINS, TABLES
from tests.dataset import NOON, rows
from transforms.deduplicate.keys import DAY
from transforms.write.commit import commit
from transforms.write.feeds_table import replace_feeds
from transforms.write.staging import begin
from transforms.write.write_table import write_file

HOUR = 3_600_000_000
HOSTILE = (
    '<script>document.title="run"</script>',
    '"><img src="http://127.0.0.1:9/leak" onerror="document.title=1">',
    "</title></style></svg><style>@import 'http://127.0.0.1:9/leak'</style>",
    "{{ 7 * 7 }} {% raw %} ${7*7} &amp; &lt;b&gt;",
    "safe\u202etxt.exe\u2066 \x1b[31mred\x00 \u200bhidden\u0085",
    "A" * 400,
    "الميناء يفتح أبوابه من جديد",
    "港が十年ぶりに再開した 🚢",
)
LINKS = ("javascript:document.title='run'", "data:text/html,<script>1</script>", "https://a.example/1?a=1&b='\"<x>")


def make_dataset(output: str) -> None:
    """Write it, in one commit."""
    with begin(output, "r1", NOON) as run:
        for day in range(3):
            write_file(ARTICLES, (f"2025-03-{20 + day}", 0, 0), rows(ARTICLES, _articles(day)), run)
        write_file(SIGHTINGS, ("2025-03-22", 0, 0), rows(SIGHTINGS, _sightings()), run)
        write_file(REJECTS, ("2025-03-22", 0, 0), rows(REJECTS, _rejects()), run)
        write_file(FEEDS, ("", 0, 0), rows(FEEDS, _feeds()), run)
        write_file(STORY_JOINS, ("", 0, 0), rows(STORY_JOINS, _joins()), run)
        commit(run, TABLES, {"run_id": "r1"}, [replace_feeds])


def _articles(day: int) -> list[dict[str, Any]]:
    return [_article(day * 100 + number, day, text) for number, text in enumerate(HOSTILE, 1)]


def _article(number: int, day: int, text: str) -> dict[str, Any]:
    named = [
        {"name": text[:250], "type": kind, "uri": LINKS[0], "score": 1.0, "mentions": []} for kind in ("PERSON", "ORG")
    ]
    return {
        "article_id": f"{number:016x}", "version": 1, "content_hash": f"{number:016x}", "title": text, "source": text,
        "story_id": f"{1 if number == 101 else number:016x}", "content_kind": "full" if number % 2 else "summary",
        "publisher": text, "language": "en", "published_at": NOON - (2 - day) * DAY if number % 3 else None,
        "entities": named, "quality_flags": ["undated"] if number % 3 == 0 else [],
        "places": [{"name": text, "uri": LINKS[0], "country_code": "KE", "lat": 0.0, "lon": 0.0, "score": 1.0}],
        "topics": [{"id": "medtop:11000000", "name": text, "score": 0.5}],
    }  # fmt: skip


def _sightings() -> list[dict[str, Any]]:
    numbers = [day * 100 + number for day in range(3) for number in range(1, len(HOSTILE) + 1)]
    own = [_sighting(n, HOSTILE[n % 100 - 1], "original", (n // 100 - 2) * DAY, LINKS[n % 5 % 3]) for n in numbers]
    return [
        *own,
        _sighting(1, "late.example", "same_text", -2 * DAY + 30 * HOUR, LINKS[0]),
        _sighting(1, "soon.example", "near_duplicate", -2 * DAY + HOUR, LINKS[2]),
        _sighting(1, "soon.example", "same_url", -2 * DAY + 2 * HOUR, LINKS[1]),
    ]


def _sighting(number: int, outlet: str, relation: str, after: int, link: str) -> dict[str, Any]:
    return {
        "article_id": f"{number:016x}", "source": outlet, "publisher": outlet, "relation": relation, "score": 1.0,
        "title": HOSTILE[(number + len(relation)) % len(HOSTILE)], "url": link,
        "published_at": NOON + after, "first_seen_at": NOON, "content_hash": f"{number:016x}",
    }  # fmt: skip


def _rejects() -> list[dict[str, Any]]:
    return [
        {"stage": "parse", "reason": "NotAFeed", "detail": text, "source": text, "payload": b"x"} for text in HOSTILE
    ]


def _feeds() -> list[dict[str, Any]]:
    gone = {"url": HOSTILE[0], "failures": 9, "last_error": HOSTILE[1], "last_fetched_at": NOON}
    silent = {"url": "https://silent.example/feed", "last_fetched_at": NOON, "last_changed_at": NOON - 8 * DAY}
    lively = {"url": "https://lively.example/feed", "last_fetched_at": NOON, "last_changed_at": NOON - DAY}
    return [gone, silent, lively]


def _joins() -> list[dict[str, Any]]:
    return [{"story_id": f"{202:016x}", "joined_to": f"{1:016x}", "article_id": f"{202:016x}", "score": 1.0}]
