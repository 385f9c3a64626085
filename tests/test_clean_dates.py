"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.make import READ_AT, entry
from transforms.clean.date_names import MONTHS, ZONES
from transforms.clean.dates import ParsedDate, parse_date
from transforms.clean.timing import read_dates

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NONE = ("", "", "")
MORNING = ("2025-03-22T10:15:00", "second", "given")
ASSUMED = ("2025-03-22T10:15:00", "second", "assumed")
MINUTE = ("2025-03-22T10:15:00", "minute", "assumed")
DAY = ("2025-03-22T00:00:00", "day", "assumed")

DATES = {
    # RFC 822 and what feeds make of it
    "Sat, 22 Mar 2025 10:15:00 GMT": MORNING,
    "Sat, 22 Mar 2025 10:15:00 +0000": MORNING,
    "Sat, 22 Mar 2025 10:15:00 -0000": MORNING,
    "Sat, 22 Mar 2025 11:15:00 +0100": MORNING,
    "Sat, 22 Mar 2025 11:15:00 +01:00": MORNING,
    "Sat, 22 Mar 2025 11:15:00 +0100 (CET)": MORNING,
    "Sat, 22 Mar 2025 11:15:00 UTC+01:00": MORNING,
    "Sat, 22 Mar 2025 05:15:00 EST": MORNING,
    "Sat, 22 Mar 2025 06:15:00 EDT": MORNING,
    "Sat, 22 Mar 2025 10:15:00 Z": MORNING,
    "Sat,22 Mar 2025 10:15:00GMT": MORNING,
    "  sat,\t22  MAR 2025\n10:15:00 gmt ": MORNING,
    "22 Mar 2025 10:15:00 UT": MORNING,
    "Mon, 22 Mar 2025 10:15:00 GMT": MORNING,
    "Sat, 22 Mar 25 10:15:00 GMT": MORNING,
    "22-Mar-2025 10:15:00 GMT": MORNING,
    "Saturday, 22 March 2025 10:15:00 GMT": MORNING,
    "Sat, 22 Mar 2025 10:15:00": ASSUMED,
    "Sat, 2 Mar 2025 1:15 GMT": ("2025-03-02T01:15:00", "minute", "given"),
    "Tue, 1 Jun 99 10:15 GMT": ("1999-06-01T10:15:00", "minute", "given"),
    "22 Mar 2025": DAY,
    "22 Mar, 2025": DAY,
    "22nd of March 2025": DAY,
    # ISO 8601, RFC 3339, W3CDTF
    "2025-03-22T10:15:00Z": MORNING,
    "2025-03-22t10:15:00z": MORNING,
    "2025-03-22T15:45:00+05:30": MORNING,
    "2025-03-22T11:15:00+0100": MORNING,
    "2025-03-22T11:15:00+01": MORNING,
    "2025-03-22 11:15:00 +0100": MORNING,
    "2025-03-22 10:15:00 UTC": MORNING,
    "2025-03-22T10:15:00": ASSUMED,
    "2025-03-22 10:15:00": ASSUMED,
    "2025-03-22T10:15:00.250Z": ("2025-03-22T10:15:00.250000", "second", "given"),
    "2025-03-22T10:15:00.123456789Z": ("2025-03-22T10:15:00.123456", "second", "given"),
    "2025-03-22T10:15Z": ("2025-03-22T10:15:00", "minute", "given"),
    "2025-03-22": DAY,
    "2025/3/22": DAY,
    "20250322": DAY,
    "20250322T101500Z": MORNING,
    "20250322101500": ASSUMED,
    "2025-W12-6": DAY,
    "2025-081": DAY,
    # Other ways
    "Sat Mar 22 10:15:00 2025": ASSUMED,
    "Sat Mar 22 10:15:00 UTC 2025": MORNING,
    "Sat Mar 22 10:15:00 +0000 2025": MORNING,
    "Sat Mar 22 2025 11:15:00 GMT+0100 (Central European Standard Time)": MORNING,
    "March 22, 2025": DAY,
    "Mar. 22nd, 2025": DAY,
    "March 22, 2025 5:15:00 AM EST": MORNING,
    "Saturday, March 22, 2025 - 10:15:00": ASSUMED,
    "March 22, 2025 at 12:15 a.m.": ("2025-03-22T00:15:00", "minute", "assumed"),
    "March 22, 2025 at 12:15 pm": ("2025-03-22T12:15:00", "minute", "assumed"),
    "1742638500": MORNING,
    "1742638500000": MORNING,
    # Other languages
    "sam., 22 mars 2025 11:15:00 +0100": MORNING,
    "Sa., 22. März 2025": DAY,
    "22 de marzo de 2025": DAY,
    "22 août 2025": ("2025-08-22T00:00:00", "day", "assumed"),
    # One reading, or none
    "22/03/2025": DAY,
    "03/22/2025": DAY,
    "22.03.2025 10:15:00": ASSUMED,
    "05/05/2025": ("2025-05-05T00:00:00", "day", "assumed"),
    "03/04/2025": NONE,
    "03.04.2025 10:15": NONE,
    # The ends of days, hours and months
    "2025-03-21T24:00:00Z": ("2025-03-22T00:00:00", "second", "given"),
    "2016-12-31T23:59:60Z": ("2017-01-01T00:00:00", "second", "given"),
    "2025-03-21T24:00:01Z": NONE,
    "2025-03-22T10:58:60Z": NONE,
    "2025-03-22T25:00:00Z": NONE,
    "2025-03-22T10:60:00Z": NONE,
    "March 22, 2025 13:15 pm": NONE,
    "2024-02-29": ("2024-02-29T00:00:00", "day", "assumed"),
    "2025-02-29": NONE,
    "31 Apr 2025 10:15:00 GMT": NONE,
    "2025-13-01": NONE,
    "2025-366": NONE,
    "22 Mar 49": ("2049-03-22T00:00:00", "day", "assumed"),
    "22 Mar 50": ("1950-03-22T00:00:00", "day", "assumed"),
    "9999-366": NONE,
    "2025-000": NONE,
    "2025-W54-1": NONE,
    "0000-00-00 00:00:00": NONE,
    # Nothing is made up
    "": NONE,
    "2025": NONE,
    "2025-03": NONE,
    "March 2025": NONE,
    "22 March": NONE,
    "Saturday": NONE,
    "10:15": NONE,
    "2025-03-22T10": NONE,
    "yesterday": NONE,
    "3 hours ago": NONE,
    "22 Foo 2025": NONE,
    "not a date": NONE,
    "22 Mar 2025 " + "x" * 100: NONE,
    # A zone that its name does not settle leaves the day
    "Sat, 22 Mar 2025 10:15:00 IST": DAY,
    "Sat, 22 Mar 2025 10:15:00 XYZ": DAY,
    # An offset that none is
    "Sat, 22 Mar 2025 10:15:00 +2500": NONE,
    "2025-03-22T10:15:00+01:75": NONE,
    # Zones by region
    "2025-03-22T11:15:00+01:00[Europe/Paris]": MORNING,
    "2025-03-22T11:15:00[Europe/Paris]": MORNING,
    "Sat, 22 Mar 2025 06:15:00 America/New_York": MORNING,
    "Sat, 22 Mar 2025 10:15:00 Etc/GMT": MORNING,
    "Sat, 22 Mar 2025 10:15:00 Nowhere/Land": DAY,
    "Sat, 22 Mar 2025 06:15:00 ET": MORNING,
    "Wed, 22 Jan 2025 05:15:00 ET": ("2025-01-22T10:15:00", "second", "given"),
    "Sat, 22 Mar 2025 13:15:00 MSK": MORNING,
    "Sat, 22 Mar 2025 21:15:00 AEDT": MORNING,
    "Sat, 22 Mar 2025 10:15:00 BST": DAY,
    # The year rolls over
    "Wed, 31 Dec 2025 23:30:00 -0500": ("2026-01-01T04:30:00", "second", "given"),
    "2024-02-28T20:00:00-08:00": ("2024-02-29T04:00:00", "second", "given"),
    "Thu, 01 Jan 2026 00:30 CET": ("2025-12-31T23:30:00", "minute", "given"),
    # Comments, spaces, mixed forms
    "Sat (market day), 22(nd) Mar(ch) 2025 10:15:00 +0000 (GMT (so they say))": MORNING,
    "Sat , 22 Mar\t2025 10:15:00 GMT": MORNING,
    "Sat, 2025/03/22 10:15:00 GMT": MORNING,
    "2025-003-22T10:15:00Z": MORNING,
    "2025-03-22T101500Z": MORNING,
    "20250322T10:15:00.5Z": ("2025-03-22T10:15:00.500000", "second", "given"),
    "22/03/2025 - 10h15": MINUTE,
    "March 22, 2025 | 10:15": MINUTE,
    "March 22, 2025, 10 a.m.": ("2025-03-22T10:00:00", "minute", "assumed"),
    "March 22, 2025 10": NONE,
    # Months in more languages
    "22. března 2025 10.15": MINUTE,
    "22 marca 2025": DAY,
    "22 Mart 2025": DAY,
    "22 марта 2025 г., 10:15": MINUTE,
    "22 березня 2025 року": DAY,
    "Σαβ, 22 Μαρ 2025 10:15:00 GMT": MORNING,
    "2025. március 22. 10:15": MINUTE,
    "2025-március-22T10:15": MINUTE,
    "22. maaliskuuta 2025 klo 10.15": MINUTE,
    "2025 m. kovo 22 d.": DAY,
    "22 d’agost de 2025": ("2025-08-22T00:00:00", "day", "assumed"),
    "22 مارس 2025": DAY,
    "٢٢ مارس ٢٠٢٥": DAY,
    "22 मार्च 2025": DAY,
    "22 listopada 2025": NONE,
    # East Asia: Chinese and Japanese are written in several zones, Korean in one
    "2025年3月22日": DAY,
    "2025年3月22日(土) 10時15分": MINUTE,
    "2025年03月22日 星期六 下午10:15": ("2025-03-22T22:15:00", "minute", "assumed"),
    "２０２５年３月２２日　１０：１５": MINUTE,
    "2025년 3월 22일 토요일 오후 7:15": MINUTE,
    "2025-03-22 오후 07:15:00": ASSUMED,
    "2025-03-22 오후 01:15:00 MSK": MORNING,
    # Two digits for the year, without a name for the month
    "25-03-22": NONE,
    "22/03/25": NONE,
    "250322": NONE,
}
IN_ZONES = {
    "winter": ("2025-03-22 11:15:00", "Europe/Paris", ASSUMED),
    "summer": ("2025-07-22 11:15:00", "Europe/Paris", ("2025-07-22T09:15:00", "second", "assumed")),
    "given all the same": ("2025-03-22T10:15:00Z", "Europe/Paris", MORNING),
    "name of the zone": ("Sat, 22 Mar 2025 15:45:00 IST", "Asia/Kolkata", MORNING),
    "name of another": ("Sat, 22 Mar 2025 15:45:00 IST", "Europe/Paris", DAY),
    "day": ("2025-03-22", "Europe/Paris", DAY),
    "Korean elsewhere": ("2025-03-22 오전 11:15:00", "Europe/Paris", ASSUMED),
}
BY_LANGUAGE = {
    "of dots": ("12.02.2025 14:30", "de", "", "2025-02-12T14:30:00"),
    "of dots, by name of day": ("Mi., 12.2.2025, 14.30 Uhr", "de", "", "2025-02-12T14:30:00"),
    "of dots, month first": ("02.22.2025", "de", "", "2025-02-22T00:00:00"),
    "of dots, written with slashes": ("12/02/2025", "de", "", ""),
    "of either order": ("12.02.2025", "en", "", ""),
    "of other dates": ("12.02.2025", "zh", "", ""),
    "declared, where the text is too short": ("12.02.2025", "und", "cs-CZ", "2025-02-12T00:00:00"),
    "declared against the text": ("12.02.2025", "en", "cs-CZ", ""),
    "declared, of either order": ("12.02.2025", "und", "fil", ""),
}
PLAUSIBLE = {
    "": (None, ["undated"]),
    " ": (None, ["undated"]),
    "soon": (None, ["unparsed_date"]),
    "1989-12-31": (None, ["implausible_date"]),
    "1970-01-01T00:00:00Z": (None, ["implausible_date"]),
    "2203-01-01": (None, ["implausible_date"]),
    "0001-01-01T00:00:00Z": (None, ["implausible_date"]),
    "2025-03-23T12:00:01Z": (None, ["implausible_date"]),
    "2025-03-23T12:00:00Z": (READ_AT + 86_400_000_000, []),
}


def as_text(date: ParsedDate) -> tuple[str, str, str]:
    if date.at is None:
        return "", date.precision, date.zone
    instant = EPOCH + timedelta(microseconds=date.at)
    return instant.replace(tzinfo=None).isoformat(), date.precision, date.zone


@pytest.mark.parametrize(("raw", "wanted"), DATES.items(), ids=[raw[:40] or "empty" for raw in DATES])
def test_dates(raw: str, wanted: tuple[str, str, str]) -> None:
    assert as_text(parse_date(raw)) == wanted


@pytest.mark.parametrize(("raw", "zone", "wanted"), IN_ZONES.values(), ids=IN_ZONES)
def test_dates_in_the_zone_of_their_feed(raw: str, zone: str, wanted: tuple[str, str, str]) -> None:
    assert as_text(parse_date(raw, zone)) == wanted


@pytest.mark.parametrize(("raw", "wanted"), PLAUSIBLE.items(), ids=[raw or "empty" for raw in PLAUSIBLE])
def test_only_plausible_dates_are_believed(raw: str, wanted: tuple[int | None, list[str]]) -> None:
    dates = read_dates(entry(published_raw=raw, updated_raw=raw, feed_updated_raw=raw), 631_152_000_000_000, "en")
    assert (dates.published.at, dates.flags) == wanted
    assert dates.updated_at == dates.feed_updated_at == wanted[0]


@pytest.mark.parametrize(("raw", "language", "declared", "wanted"), BY_LANGUAGE.values(), ids=BY_LANGUAGE)
def test_dates_with_dots_go_by_language(raw: str, language: str, declared: str, wanted: str) -> None:
    found = entry(published_raw=raw, updated_raw=raw, feed_updated_raw=raw, language=declared, read_at=READ_AT)
    dates = read_dates(found, 0, language)
    assert as_text(dates.published)[0] == wanted
    assert dates.updated_at == dates.feed_updated_at == dates.published.at


def test_the_last_day_ends_in_any_zone() -> None:
    end = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) + 1
    assert parse_date("9999-12-31T24:00:00", "America/New_York").at == end + 5 * 3_600_000_000


def test_an_implausible_date_has_no_precision() -> None:
    assert read_dates(entry(published_raw="2203-01-01"), 0, "en").published == ParsedDate()


def test_names_are_as_they_are_looked_up() -> None:
    assert all(name == name.lower() for name in [*MONTHS, *ZONES])
    assert not {"ist", "bst", "ast"} & ZONES.keys()
    assert set(MONTHS.values()) == set(range(1, 13))


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100,
        "上午1" * 33,
        "22 mar 2025 10:15 x" + "a/" * 40 + ".",
        "a " * 50,
        "1 " * 50,
        "sat, " * 20,
        "(a" * 50,
        "22 mar 2025 " + "1:" * 40,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    assert parse_date(text) == ParsedDate()
