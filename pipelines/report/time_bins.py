"""Days gathered to as many bars as an eye can compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_BINS = 62
# What share of the articles may lie before the first bar, where that makes the span less than half as long.
_BEFORE = 0.02
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


@dataclass(frozen=True)
class Bins:
    """Bars of equal units from the first to the last: each starts where the one before ends."""

    unit: str  # day, week, month or year
    starts: tuple[date, ...]
    end: date  # of the last bar, exclusive
    before: int  # articles filed earlier than the first bar

    def sum(self, counts: Iterable[tuple[date, int]]) -> list[int]:
        """The counts of days, added up by bar; days before the first are left out."""
        places = {start: place for place, start in enumerate(self.starts)}
        sums = [0] * len(self.starts)
        for day, count in counts:
            if (place := places.get(_start(day, self.unit))) is not None:
                sums[place] += count
        return sums


def make_bins(counts: Mapping[date, int]) -> Bins:
    """Bars for articles by day: days while these are few, else weeks, months or years."""
    if not counts:
        return Bins("day", (), date.min, 0)
    first, last = _first_shown(counts), max(counts)
    unit = next(unit for unit, days in _DAYS.items() if (last - first).days < MOST_BINS * days or unit == "year")
    starts = [_start(first, unit)]
    while (following := _next(starts[-1], unit)) <= last:
        starts.append(following)
    before = sum(count for day, count in counts.items() if day < starts[0])
    return Bins(unit, tuple(starts), following, before)


def _first_shown(counts: Mapping[date, int]) -> date:
    days = sorted(counts)
    allowed = sum(counts.values()) * _BEFORE
    if (days[-1] - days[0]).days < MOST_BINS:
        return days[0]
    before = 0
    for day in days:
        before += counts[day]
        if before > allowed:
            break
    return day if (days[-1] - day).days * 2 < (days[-1] - days[0]).days else days[0]


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]


def _next(start: date, unit: str) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=_DAYS[unit])
    return _start(start + timedelta(days=_DAYS[unit]), unit)
