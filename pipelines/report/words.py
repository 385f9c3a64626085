"""Numbers and times in words."""

from datetime import date, datetime, timedelta

from transforms.count_of import count_of


def share_of(part: int, whole: int) -> str:
    """`12%`; `<1%` rather than 0 for some, `>99%` rather than 100 for not all."""
    if not part or not whole:
        return "0%"
    percent = 100 * part / whole
    if percent < 1:
        return "<1%"
    return ">99%" if 99.5 <= percent < 100 else f"{percent:.0f}%"


def day_name(day: date) -> str:
    """`22 March 2025`."""
    return f"{day.day} {day:%B} {day.year}"


def time_name(time: datetime) -> str:
    """`22 Mar 2025, 07:30`."""
    return f"{time.day} {time:%b} {time.year}, {time:%H:%M}"


def bin_name(start: date, unit: str) -> str:
    """`22 March 2025`, `week of 17 March 2025`, `March 2025`, `2025`."""
    names = {"day": day_name(start), "week": f"week of {day_name(start)}", "month": f"{start:%B} {start.year}"}
    return names.get(unit, str(start.year))


def bin_label(start: date, unit: str) -> str:
    """`22 Mar` of a day, `17 Mar 2025` of a week, `Mar 2025`, `2025`: short, and no other bin's beside it."""
    names = {"day": f"{start.day} {start:%b}", "week": f"{start.day} {start:%b} {start.year}"}
    return (names | {"month": f"{start:%b} {start.year}"}).get(unit, str(start.year))


def span_name(first: date, last: date) -> str:
    """`18 March 2025`, or `18 March 2025 to 24 March 2025`."""
    return day_name(first) if first == last else f"{day_name(first)} to {day_name(last)}"


def delay_name(delay: timedelta) -> str:
    """`at the same time`, `25 min`, `3 h 5 min`, `2 days 4 h`."""
    minutes = round(delay.total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    if not minutes:
        return "at the same time"
    if minutes < 60:
        return f"+{minutes} min"
    if not days:
        return f"+{hours} h {minutes % 60} min" if minutes % 60 else f"+{hours} h"
    return f"+{count_of(days, 'day')}" + (f" {hours} h" if hours else "")
