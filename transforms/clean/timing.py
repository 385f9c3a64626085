"""The dates of an entry: when it was published and changed, as far as that can be believed."""

from dataclasses import dataclass

from schemas.records import Entry
from transforms.clean.date_names import DAY_FIRST
from transforms.clean.dates import DAY, ParsedDate, parse_date
from transforms.clean.language import UNSURE

_NO_DATE = ParsedDate()


@dataclass(frozen=True, slots=True)
class Dates:
    """When an entry was published and changed, and its document; what is missing of the first is flagged."""

    published: ParsedDate
    updated_at: int | None
    feed_updated_at: int | None
    flags: list[str]


def read_dates(entry: Entry, earliest: int, language: str) -> Dates:
    """The dates that can be believed: from `earliest` (microseconds) to a day after the entry was read.

    `language` is that of the text; where it is unsure, the declared one says how dates are written.
    """
    is_day_first = (_first_subtag(entry.language) if language == UNSURE else language) in DAY_FIRST
    published, flags = parse_date(entry.published_raw, entry.zone, is_day_first), list[str]()
    if not entry.published_raw.strip():
        flags = ["undated"]
    elif published.at is None:
        flags = ["unparsed_date"]
    elif not _is_plausible(published.at, entry, earliest):
        published, flags = _NO_DATE, ["implausible_date"]
    updated_at = _instant(entry.updated_raw, entry, earliest, is_day_first)
    return Dates(published, updated_at, _instant(entry.feed_updated_raw, entry, earliest, is_day_first), flags)


def _first_subtag(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]


def _instant(raw: str, entry: Entry, earliest: int, is_day_first: bool) -> int | None:
    at = parse_date(raw, entry.zone, is_day_first).at
    return at if at is not None and _is_plausible(at, entry, earliest) else None


def _is_plausible(at: int, entry: Entry, earliest: int) -> bool:
    return earliest <= at <= entry.read_at + DAY
