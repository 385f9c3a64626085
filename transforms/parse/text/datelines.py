"""The dateline that opens a wire story: `KYIV, March 22 (Agency) - `."""

import re
from typing import NamedTuple

from transforms.parse.text.header_dates import find_dates

_LONGEST = 120  # characters
_DAY = r"(?:[^\W\d_]{3,10}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{3,10}\.?)"
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^()–—:;!?]{1,60}?(?: ?\([^()\d]{2,30}\))??)??"
    rf"(?:,? ?(?P<day>{_DAY})(?P<year>,? (?:19|20)\d\d)?,?)?"
    r" ?(?:\((?P<agency>[^\W\d_][^()\d]{1,40})\)|/(?P<wire>[^\W\d_][^/\d]{1,40})/)?\s*(?:--?|\.[-–—]|[–—:])\s"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = re.compile(r"[^\W\d_]{3}")


class Dateline(NamedTuple):
    """The agency that a dateline names, and its date where the year is known; else empty."""

    agency: str = ""
    published: str = ""


def read_dateline(line: str, header_date: str) -> Dateline:
    """What the dateline at the start of a body says; a place alone is none.

    A day without a year takes that of `header_date`, where that gives a year, or a year and the same month.
    """
    found = _match(line)
    if not found:
        return Dateline()
    agency = found["agency"] or found["wire"] or ""
    return Dateline(agency, _date(found, header_date) if agency or found["year"] else "")


def opens_body(line: str, by_place: bool) -> bool:
    """Whether a line starts with a dateline that names an agency or a day, or its place alone in capitals."""
    found = _match(line)
    return bool(found and (found["agency"] or found["wire"] or found["day"] or (by_place and found["place"].isupper())))


def _match(line: str) -> re.Match[str] | None:
    found = _DATELINE.match(line[:_LONGEST])
    is_named = found and (found["place"] or found["agency"]) and (line[:1].isupper() or line.startswith("("))
    return found if is_named else None


def _date(found: re.Match[str], header_date: str) -> str:
    if not found["day"]:
        return ""
    years = [found["year"]] if found["year"] else _YEAR.findall(header_date)
    months = [month.casefold() for month in _MONTH.findall(header_date)]
    own = _MONTH.search(found["day"])
    if len(years) != 1 or (not found["year"] and months and own and own.group().casefold() not in months):
        return ""
    dates = find_dates(found["day"] + (found["year"] or f" {years[0]}"))
    return dates[0].raw if dates else ""
