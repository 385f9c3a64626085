"""Draws the samples of `benchmarks.stream.steady`: `python -m benchmarks.stream.plots SAMPLES FOLDER`.

One SVG for each of throughput, lag, state and memory, for light and dark pages, with a text that says what it shows.
"""

import math
import sys
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import orjson

KB = 1000
WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 34, 34
_COLOURS = ("#2f6fb5", "#c2571a", "#3c8c4a", "#8a4fb0", "#7a7a7a")
_STYLE = """text{font:12px sans-serif;fill:#24292f}.axis{stroke:#8c959f;fill:none}.grid{stroke:#d8dee4}
@media(prefers-color-scheme:dark){text{fill:#d1d7e0}.grid{stroke:#3d444d}}"""

Points = list[tuple[float, float]]  # minutes, value


class Plot(NamedTuple):
    """Lines over the minutes of a run."""

    name: str  # of the file
    title: str
    unit: str
    lines: dict[str, Points]


def main(samples: Path, folder: Path) -> None:
    """Draw all plots."""
    run = orjson.loads(samples.read_bytes())
    folder.mkdir(parents=True, exist_ok=True)
    for plot in plots(run):
        Path(folder, f"{plot.name}.svg").write_text(draw(plot))


def plots(run: dict[str, Any]) -> list[Plot]:
    """What is drawn of a run."""
    samples = run["samples"]
    parts = sorted({part for sample in samples for part in sample["memory_mb"]})
    memory = {part: column([(s["seconds"], s["memory_mb"].get(part)) for s in samples]) for part in parts}
    state = {
        "remembered": column([(s["seconds"], s["remembered_bytes"] / KB) for s in samples]),
        "checkpoint": column([(s["seconds"], s["checkpoint_bytes"] / KB) for s in samples if "checkpoint" in s]),
    }
    return [
        Plot("throughput", "Rows that can be read", "rows a minute", {"rows a minute": rates(samples)}),
        Plot("lag", "From a feed's answer to a row that can be read", "s", lag_lines(run, samples)),
        Plot("state", "State", "kB", {name: line for name, line in state.items() if line}),
        Plot("memory", "Memory", "MB", memory),
    ]


def column(values: list[tuple[float, float | None]]) -> Points:
    """What samples at these seconds have, where they have it."""
    return [(seconds / 60, value) for seconds, value in values if value is not None]


def rates(samples: list[dict[str, Any]]) -> Points:
    """Rows by minute."""
    by_minute = {int(sample["seconds"] / 60): sample["rows"] for sample in samples}
    minutes = sorted(by_minute)
    return [(minute + 0.5, by_minute[minute] - by_minute.get(minute - 1, 0)) for minute in minutes[:-1]]


def lag_lines(run: dict[str, Any], samples: list[dict[str, Any]]) -> dict[str, Points]:
    """The longest and the median lag of the rows of each minute."""
    start = run["started"]
    by_minute: dict[int, list[float]] = {}
    for at, after_served, _ in run["lags"]:
        by_minute.setdefault(int((at - start) / 60), []).append(after_served)
    longest = [(minute + 0.5, max(lags)) for minute, lags in sorted(by_minute.items())]
    median = [(minute + 0.5, sorted(lags)[len(lags) // 2]) for minute, lags in sorted(by_minute.items())]
    return {"longest": longest, "median": median}


def draw(plot: Plot) -> str:
    """A plot as SVG."""
    far = max((at for line in plot.lines.values() for at, _ in line), default=1)
    top = round_up(max((value for line in plot.lines.values() for _, value in line), default=1))

    def x(minute: float) -> float:
        return LEFT + minute / far * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    drawn = [f'<text x="{LEFT}" y="18">{escape(plot.title)}, {escape(plot.unit)}</text>']
    for value in (top * step / 4 for step in range(5)):
        drawn.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:,.4g}</text>')
    for minute in range(0, math.ceil(far) + 1, max(1, round(far / 6))):
        if minute <= far:
            drawn.append(f'<text x="{x(minute):.1f}" y="{HEIGHT - 12}" text-anchor="middle">{minute} min</text>')
    for place, ((name, line), colour) in enumerate(zip(plot.lines.items(), _COLOURS, strict=False)):
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in line)
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        drawn.append(f'<rect x="{WIDTH - RIGHT + 10}" y="{TOP + 18 * place}" width="12" height="3" fill="{colour}"/>')
        drawn.append(f'<text x="{WIDTH - RIGHT + 28}" y="{TOP + 18 * place + 6}">{escape(name)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(plot.title)}</title><desc id="d">{escape(describe(plot))}</desc>'
        f"<style>{_STYLE}</style>\n" + "\n".join(drawn) + "\n</svg>\n"
    )


def describe(plot: Plot) -> str:
    """What a plot shows, in words."""
    said = []
    for name, line in plot.lines.items():
        values = [value for _, value in line]
        said.append(f"{name}: from {min(values):,.4g} to {max(values):,.4g} {plot.unit}, at the end {values[-1]:,.4g}")
    return f"{'; '.join(said)}."


def round_up(value: float) -> int:
    """The least of 1, 2, 4, 6 or 10 times a power of ten that is no less than a value."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return int(next(step * power for step in (1, 2, 4, 6, 10) if step * power >= value))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
