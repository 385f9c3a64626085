"""What the charts of the page are, in Vega-Lite."""

import math
from collections.abc import Iterator, Sequence

from pipelines.report.draw import NARROW, Spec
from pipelines.report.time_bins import Bins
from pipelines.report.words import bin_label, bin_name
from transforms.count_of import count_of

Row = tuple[str, Sequence[int]]  # a name, and its articles in each bin

SHADES = tuple(f"var(--shade-{number})" for number in range(1, 6))
_TICK = 90  # pixels between marks of the axis of time
_HOUR = 3600
_LABELS = 220  # pixels
_SAID: Spec = {"description": {"field": "said"}}
# Where the axis of delays has its marks, in hours, and what they say.
_DELAYS = {0: "first", 1: "1 h", 6: "6 h", 24: "1 day", 168: "1 week", 720: "30 days", 8760: "1 year"}


def bars_spec(bins: Bins, counts: Sequence[int], width: int) -> Spec:
    """Articles in each bin."""
    height = 200 if width > NARROW else 150
    bars = _bars_of(bins, width, min(4, max(counts))) | {"width": width - 48, "height": height}
    return bars | {"data": {"values": list(_values(bins, counts))}}


def multiples_spec(bins: Bins, rows: Sequence[Row], width: int) -> Spec:
    """One small chart for each name, with the same axes."""
    columns = min(len(rows), 3) if width > NARROW else 1
    ticks = min(2, max(count for _, counts in rows for count in counts))
    each = width // columns
    return {
        "data": {"values": _all_values(bins, rows)},
        "facet": _facet(rows, each - 40),
        "columns": columns,
        "spacing": {"row": 18, "column": 24},
        "spec": _bars_of(bins, each, ticks) | {"width": each - 48, "height": 64},
    }


def heat_spec(bins: Bins, rows: Sequence[Row], limits: Sequence[int], width: int) -> Spec:
    """A strip for each name, darker where there is more; `limits` are the least counts of all shades but the first."""
    scale = {"type": "threshold", "domain": list(limits), "range": SHADES[: len(limits) + 1]}
    shade = {"field": "count", "type": "quantitative", "scale": scale}
    encoding = {"x": _time_axis(bins, width, 0), "color": shade} | _SAID
    strips: Spec = {"mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 1}, "encoding": encoding}
    data = {"data": {"values": _all_values(bins, rows)}}
    if width == NARROW:
        spec = strips | {"width": width - 16, "height": 16}
        return data | {"facet": _facet(rows, width - 16), "columns": 1, "spacing": 6, "spec": spec}
    axis = {"labelLimit": _LABELS, "labelColor": "var(--ink)", "domain": False, "grid": False}
    encoding["y"] = {"field": "name", "type": "nominal", "sort": [name for name, _ in rows], "axis": axis}
    return data | strips | {"width": width - _LABELS - 20, "height": {"step": 22}}


def spread_spec(delays: Sequence[Sequence[tuple[float, str]]], width: int) -> Spec:
    """Of each story a dot for each outlet, by the seconds after the first; stories by rank, from 1."""
    values = [
        {"story": str(rank), "hours": seconds / _HOUR, "said": said}
        for rank, story in enumerate(delays, 1)
        for seconds, said in story
    ]
    last = max(1.0, *(seconds / _HOUR for story in delays for seconds, _ in story))
    labels = " : ".join(f"datum.value == {hours} ? '{name}'" for hours, name in _DELAYS.items()) + " : ''"
    x_axis = {"values": [hours for hours in _DELAYS if hours <= last], "labelExpr": labels, "grid": True}
    y_axis = {"grid": True, "labelFontWeight": "bold", "offset": 10}
    scale = {"type": "symlog", "constant": 1, "domain": [0, last], "nice": False}
    x = {"field": "hours", "type": "quantitative", "scale": scale, "axis": x_axis | {"domain": False}}
    y = {"field": "story", "type": "nominal", "sort": None, "axis": y_axis}
    return {
        "width": width - 60,
        "height": {"step": 26},
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0.75, "color": "var(--accent)"},
        "encoding": {"x": x, "y": y} | _SAID,
    }


def _bars_of(bins: Bins, width: int, ticks: int) -> Spec:
    encoding = {"x": _time_axis(bins, width, 0.15), "y": _count_axis(ticks)}
    return {"mark": {"type": "bar", "fill": "var(--accent)"}, "encoding": encoding | _SAID}


def _all_values(bins: Bins, rows: Sequence[Row]) -> list[Spec]:
    return [value | {"name": name} for name, counts in rows for value in _values(bins, counts)]


def _values(bins: Bins, counts: Sequence[int]) -> Iterator[Spec]:
    for start, count in zip(bins.starts, counts, strict=True):
        if count:
            said = f"{bin_name(start, bins.unit)}: {count_of(count, 'article')}"
            yield {"bin": bin_label(start, bins.unit), "count": count, "said": said}


def _facet(rows: Sequence[Row], limit: int) -> Spec:
    header = {"labelAnchor": "start", "labelLimit": limit, "title": None}
    return {"field": "name", "type": "nominal", "sort": [name for name, _ in rows], "header": header}


def _time_axis(bins: Bins, width: int, gap: float) -> Spec:
    labels = [bin_label(start, bins.unit) for start in bins.starts]
    step = math.ceil(len(labels) / max(2, width // _TICK))
    axis = {"values": labels[::step], "labelAngle": 0}
    scale = {"domain": labels, "paddingInner": gap, "paddingOuter": 0}
    return {"field": "bin", "type": "ordinal", "sort": None, "scale": scale, "axis": axis}


def _count_axis(ticks: int) -> Spec:
    axis = {"tickCount": ticks, "format": ",.0f", "tickMinStep": 1}
    return {"field": "count", "type": "quantitative", "axis": axis, "scale": {"domainMin": 0, "nice": ticks}}
