"""The health of feeds as the command shows it: a table as wide as the terminal, or JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from pipelines.terminal import printable
from schemas.columns import TIME
from transforms.count_of import count_of
from transforms.write.manifests import iso_time

_HEADINGS = {"failing": "Failing", "gone": "Gone: polled no more", "unreadable": "No feed", "ok": "Well"}
_WIDTHS = {"fetched": 7, "new": 7, "next": 7, "a day": 7, "copies": 6, "fails": 5}
_GAP = "  "
_NARROWEST = 20
_UNITS = (("d", 86400), ("h", 3600), ("min", 60))

Row = dict[str, Any]


def health_rows(health: pa.Table) -> list[Row]:
    """A dict for each feed, its times in microseconds since the epoch."""
    times = [(name, health[name].cast(pa.int64())) for name in _times(health.schema)]
    for name, micros in times:
        health = health.set_column(health.column_names.index(name), name, micros)
    return health.to_pylist()  # type: ignore[no-any-return]


def as_json(health: pa.Table) -> list[Row]:
    """The same, its times as in manifests."""
    times = _times(health.schema)
    return [row | {name: row[name] and iso_time(row[name]) for name in times} for row in health_rows(health)]


def _times(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if field.type == TIME]


def health_lines(feeds: list[Row], now: int, width: int) -> Iterator[str]:
    """The feeds by state, a line or more for each; `width` in characters, 0 for as many as it takes.

    `now` is in microseconds since the epoch.
    """
    widest = max((len(_short(row["url"])) for row in feeds), default=0)
    room = max(width - sum(_WIDTHS.values()) - len(_GAP) * len(_WIDTHS), _NARROWEST) if width else widest
    room = min(room, max(widest, _NARROWEST))
    if feeds:
        yield _line("", list(_WIDTHS), room)
    for state, heading in _HEADINGS.items():
        rows = [row for row in feeds if row["state"] == state]
        if rows:
            yield ""
            yield f"{heading} ({len(rows):,})"
        for row in rows:
            yield _line(_short(row["url"]), _cells(row, now), room)
            yield from (_cut(f"    {remark}", width) for remark in _remarks(row, now))
    if feeds:
        yield ""
    yield sum_line(feeds)


def sum_line(feeds: list[Row]) -> str:
    """How many there are of each state."""
    states = Counter(row["state"] for row in feeds)
    moved = sum(row["moved_to"] is not None for row in feeds)
    names = {"ok": "well", "failing": "failing", "gone": "gone", "unreadable": "no feed"}
    counted = ", ".join(f"{states[state]:,} {name}" for state, name in names.items())
    return f"{count_of(len(feeds), 'feed')}: {counted}; {moved:,} moved"


def _line(feed: str, cells: list[str], room: int) -> str:
    padded = [cell.rjust(width) for cell, width in zip(cells, _WIDTHS.values(), strict=True)]
    return _GAP.join([_cut(feed, room).ljust(room), *padded])


def _cells(row: Row, now: int) -> list[str]:
    rate, share = row["entries_per_day"], row["duplicate_share"]
    return [
        _ago(row["last_fetched_at"], now),
        _ago(row["last_new_at"], now),
        _until(row, now),
        "-" if rate is None else f"{rate:,.1f}",
        "-" if share is None else f"{share:.0%}",
        f"{row['failures']:,}",
    ]


def _remarks(row: Row, now: int) -> Iterator[str]:
    if row["moved_to"]:
        yield f"moved to {printable(row['moved_to'])}"
    if row["last_error"]:
        since = f", since {_span(now - row['failing_since'])}" if row["failing_since"] else ""
        yield printable(row["last_error"]).replace(f" at {row['url']}", "") + since


def _short(url: str) -> str:
    return printable(url).removeprefix("https://")


def _cut(text: str, width: int) -> str:
    """The text, without its middle where it is too long: what feeds of a host differ by stands at the end."""
    if not 0 < width < len(text):
        return text
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"


def _ago(micros: int | None, now: int) -> str:
    return "-" if micros is None else _span(now - micros)


def _until(row: Row, now: int) -> str:
    if row["state"] == "gone":
        return "never"
    return "due" if (row["next_poll_at"] or 0) <= now else _span(row["next_poll_at"] - now)


def _span(micros: int) -> str:
    seconds = micros // 1_000_000
    return next((f"{seconds // size:,} {unit}" for unit, size in _UNITS if seconds >= size), f"{max(seconds, 0)} s")
