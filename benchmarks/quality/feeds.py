"""How we read the feeds of the conformance suites: `python -m benchmarks.quality.feeds [folder] [page]`.

The folder holds feedparser's fixtures, gofeed's, feedvalidator's and miniflux's. What they expect in the fields we
use is held against what we make of them; so are all dates, of which none may be invented. Differences that are meant
are in `feed_differences.tsv`, each with its reason: one that is not there fails, and so does one that is gone.
Written to `page` as Markdown where that is given, else a short table is printed.
"""

import sys
from collections.abc import Iterable
from csv import DictReader
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

from benchmarks.quality.conformance_page import Difference, Result, conformance_page, table
from benchmarks.quality.feed_expectations import SUITES, Expected, Fixture, read_fixtures
from schemas.errors import BadRecord
from schemas.records import Article, Document, Entry
from transforms.clean import CleanSettings, to_article
from transforms.clean.markup import markup_to_text
from transforms.parse import parse_document
from transforms.parse.decode import decode

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "feeds_conformance"
DIFFERENCES = Path(__file__).with_name("feed_differences.tsv")
READ_AT = 1_771_416_000_000_000  # microseconds since the epoch
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Where a value may stand: a text that comes once is the body or the description, whichever it is.
_TEXTS = {"title": ["title"], "summary": ["description", "body"], "content": ["body", "description"]}
_STRINGS = {"link": "link", "guid": "guid", "language": "language", "rights": "rights", "image": "image_url"}
_LISTS = {"authors": "authors", "categories": "categories"}


def main(folder: Path, page: Path | None) -> int:
    """Check all fixtures and report; 1 where the differences are not those of the list, or a date is invented."""
    results = check(read_fixtures(folder))
    reasons = read_reasons()
    found = {difference: text for result in results.values() for difference, text in result.differences.items()}
    if page:
        page.write_text(conformance_page(results, reasons), encoding="utf-8")
    print("\n".join(table(results)))
    for difference in sorted(found.keys() - reasons.keys()):
        print("not on the list:", *difference, found[difference], sep="\t")
    for difference in sorted(reasons.keys() - found.keys()):
        print("gone, still on the list:", *difference, sep="\t")
    return int(found.keys() != reasons.keys() or any(result.invented for result in results.values()))


def check(fixtures: Iterable[Fixture]) -> dict[str, Result]:
    """The results by suite."""
    results = {suite: Result() for suite in SUITES}
    for fixture in fixtures:
        _check_fixture(fixture, results[fixture.suite])
    return results


def read_reasons() -> dict[Difference, str]:
    """The differences that are meant, and why."""
    with DIFFERENCES.open(encoding="utf-8") as lines:
        rows = DictReader(lines, delimiter="\t")
        return {(row["suite"], row["fixture"], row["field"]): row["reason"] for row in rows}


def _check_fixture(fixture: Fixture, result: Result) -> None:
    result.fixtures += 1
    result.unused += fixture.unused
    entries, refusal = _read(fixture)
    result.refused.update([refusal] if refusal else [])
    articles = [_to_article(entry) for entry in entries]
    result.entries += len(entries)
    result.dated += sum(article is not None and article.published_at is not None for article in articles)
    result.invented += sum(_is_invented(article, fixture.data) for article in articles if article)
    for expected in fixture.expected:
        result.checked[expected.field] += 1
        ours = refusal or "no such entry"
        if expected.entry < len(entries):
            ours = _difference(expected, entries[expected.entry], articles[expected.entry])
        if ours:
            found = f"expected {expected.value!r:.100}, ours {ours:.100}"
            result.differences[fixture.suite, fixture.name, expected.field] = found


def _read(fixture: Fixture) -> tuple[list[Entry], str]:
    document = Document(fixture.name, fixture.data, READ_AT, url=fixture.url)
    try:
        entries = list(parse_document(document))
    except BadRecord as error:
        return [], type(error).__name__
    return entries, ""


def _to_article(entry: Entry) -> Article | None:
    """The article; an entry that has nothing but a date is given a title.

    None for a reject, which has no date: one that is expected of it differs.
    """
    try:
        return to_article(replace(entry, title=entry.title or "untitled"), CleanSettings())
    except BadRecord:
        return None


def _difference(expected: Expected, entry: Entry, article: Article | None) -> str:
    """What we have in the place of what is expected; empty where they are the same."""
    name, value = expected.field, expected.value
    if name in ("published", "updated"):
        return _date_difference(name, value, entry, article)
    if name in _LISTS:
        ours = getattr(entry, _LISTS[name])
        return "" if _holds(ours, value) else repr(ours)
    if name in _STRINGS:
        ours = getattr(entry, _STRINGS[name])
        in_text = article.image_url if article and name == "image" else ours
        return "" if (value or "").strip() in (ours, in_text) else repr(ours)
    texts = [_texts(getattr(entry, place), place in entry.markup) for place in _TEXTS[name]]
    wanted = _texts(value or "", True)
    is_same = any(wanted & text for text in texts) if value else not texts[0] - {""}
    return "" if is_same else repr(getattr(entry, _TEXTS[name][0]))


def _texts(text: str, is_markup: bool) -> set[str]:
    """The text as it stands, and what is left of it where it is HTML, in single spaces."""
    found = [text, unescape(text), markup_to_text(text)] if is_markup else [text]
    return {" ".join(one.split()) for one in found}


def _holds(ours: list[str], value: object) -> bool:
    """Whether a name is among ours; addresses of authors beside their names are not."""
    if isinstance(value, list):
        return all(_holds(ours, part[-1] if isinstance(part, tuple) else part) for part in value)
    text = unescape(str(value or "")).strip()
    return text in ours or any(name and name in text and "@" in text for name in ours) or (not text and not ours)


def _date_difference(name: str, value: object, entry: Entry, article: Article | None) -> str:
    raws = [entry.published_raw, entry.updated_raw] if name == "updated" else [entry.published_raw]
    if value is None or isinstance(value, str):
        return "" if (value or "").strip() in raws else repr(raws[0])
    if not isinstance(value, tuple):
        return "no time"
    if not article:
        return "no article"
    times = [article.updated_at, article.published_at] if name == "updated" else [article.published_at]
    year, month, day, hour, minute, second = value[:6]
    wanted = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return "" if wanted in [_moment(time) for time in times] else f"{raws[0]!r} as {_moment(times[0])}"


def _moment(time: int | None) -> datetime | None:
    return None if time is None else _EPOCH + timedelta(microseconds=time)


def _is_invented(article: Article, data: bytes) -> bool:
    """Whether an article has a date that its document does not hold, or holds as another one."""
    if article.published_at is None:
        return False
    raw = article.published_raw
    text = decode(data)
    stands_there = raw and " ".join(raw.split()) in " ".join(unescape(text).replace("<![CDATA[", "").split())
    return not stands_there or _plain_reading(raw) not in (None, _moment(article.published_at))


def _plain_reading(raw: str) -> datetime | None:
    """The date as Python's own readers have it, where it is of their forms and says its zone."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(raw)
        except (ValueError, TypeError, OverflowError):
            continue
        if found.tzinfo:
            return found.astimezone(UTC)
    return None


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    sys.exit(main(given[0] if given else FOLDER, given[1] if len(given) > 1 else None))
