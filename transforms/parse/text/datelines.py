"""The dateline that opens a wire story: `KYIV, March 22 (Agency) - `."""

import re
from typing import NamedTuple

from transforms.parse.text.header_dates import find_dates

_LONGEST = 120  # characters
_PLACE = r"(?P<place>[^\W\d_][^()–—:;!?]{1,60}?(?: ?\([^()\d]{2,30}\))??)"
_MONTH_NAME = r"[^\W\d_]{3,10}\.?"
_DAY = rf"(?P<day>{_MONTH_NAME} \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTH_NAME})(?P<year>,? (?:19|20)\d\d)?"
_AGENCY = r"(?:\((?P<agency>[^\W\d_][^()\d]{1,40})\)|/(?P<wire>[^\W\d_][^/\d]{1,40})/)"
_CAPITAL = r"(?=[^\W\d_a-z])"
_FORMS = [
    re.compile(form)
    for form in (
        # KYIV, March 22 (Agency) - and its parts
        rf"{_PLACE}??(?:,? ?{_DAY},?)? ?{_AGENCY}?(?:\s*(?:--?|\.[-–—]|[–—])(?:\s|$)|\s*:\s)",
        # MOSCOW, March 22. /AGENCY/. The, MUMBAI, Mar 22 (AGENCY) The
        rf"{_PLACE},? {_DAY}(?: года)?[,.]? "
        rf"(?:\((?P<agency>[A-Z][A-Z .&-]{{1,20}})\)|/(?P<wire>[^/\d]{{2,40}})/\.?) {_CAPITAL}",
        # GENEVA (22 March 2025) -
        rf"{_PLACE} \({_DAY}\) ?(?:--?|[–—]) {_CAPITAL}",
        # BOSTON--(AGENCY)--The
        rf"{_PLACE}--{_AGENCY}--(?=\w)",
        # 通訊社3月22日電, (서울=통신), 【東京共同】
        r"(?P<agency>[\u4e00-\u9fff]{1,4}[社网網])[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日[电電讯訊]",
        r"\([^()=]{2,20}=(?P<agency>[^()=]{2,20})\) ?",
        r"【[^【】]{0,12}?(?P<agency>共同|時事|ロイター)】",
    )
]
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
    agency = found.get("agency") or found.get("wire") or ""
    return Dateline(agency, _date(found, header_date) if agency or found.get("year") else "")


def opens_body(line: str, by_place: bool) -> bool:
    """Whether a line starts with a dateline that names an agency or a day, or its place alone in capitals."""
    found = _match(line)
    is_place = by_place and found.get("place", "").isupper()
    return is_place or any(name in found for name in ("agency", "wire", "day"))


def _match(line: str) -> dict[str, str]:
    """The parts of a dateline, those that it has; none of a line without one."""
    if line[:1].islower():
        return {}
    start = line[:_LONGEST]
    found = next(filter(None, (form.match(start) for form in _FORMS)), None)
    parts = {name: part for name, part in found.groupdict().items() if part} if found else {}
    return parts if "place" in parts or "agency" in parts else {}


def _date(found: dict[str, str], header_date: str) -> str:
    if "day" not in found:
        return ""
    years = [found["year"]] if "year" in found else _YEAR.findall(header_date)
    months = [month.casefold() for month in _MONTH.findall(header_date)]
    own = _MONTH.search(found["day"])
    if len(years) != 1 or ("year" not in found and months and own and own.group().casefold() not in months):
        return ""
    dates = find_dates(found["day"] + found.get("year", f" {years[0]}"))
    return dates[0].raw if dates else ""
