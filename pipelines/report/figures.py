"""The charts of the page: each drawn, in words, and as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipelines.report.charts import Row, bars_spec, heat_spec, multiples_spec, spread_spec
from pipelines.report.draw import Chart, draw
from pipelines.report.safe_text import short_name
from pipelines.report.time_bins import Bins
from pipelines.report.words import bin_name, delay_name, span_name
from transforms.count_of import count_of
from transforms.report.articles import ArticleCounts
from transforms.report.stories import Story

SOURCES, TOPICS = 15, 9
_SOURCE_NAME, _TOPIC_NAME = 34, 60  # characters
_QUANTILES = (0.4, 0.65, 0.85, 0.97)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Figure:
    """A chart, its heading and the table that says the same; `shades` explains those of a heat map."""

    title: str
    chart: Chart
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    shades: Sequence[str] = ()


def days_of(articles: ArticleCounts) -> dict[date, int]:
    """The articles of each day that has any, in order."""
    cells = articles.cells
    days, at = np.unique(cells["day"], return_inverse=True)
    counts = np.bincount(at, cells["articles"], len(days))
    return {_date(day): int(count) for day, count in zip(days, counts, strict=True)}


def figure_of_days(bins: Bins, days: dict[date, int]) -> Figure:
    """Articles by day, or what unit the bins have."""
    counts = bins.sum(days.items())
    most = max(range(len(counts)), key=counts.__getitem__)
    label = (
        f"Bar chart of {count_of(sum(counts), 'article')} by {bins.unit}, "
        f"{span_name(bins.starts[0], bins.end - timedelta(days=1))}. "
        f"Most in {bin_name(bins.starts[most], bins.unit)}: {counts[most]:,}."
    )
    chart = draw(label, lambda width: bars_spec(bins, counts, width))
    rows = [(bin_name(start, bins.unit), f"{count:,}") for start, count in zip(bins.starts, counts, strict=True)]
    return Figure(f"Articles by {bins.unit}", chart, (bins.unit.title(), "Articles"), rows)


def figure_of_sources(bins: Bins, articles: ArticleCounts) -> Figure:
    """The largest sources, and when each had how much."""
    cells, names = articles.cells, articles.sources.list()
    totals = np.bincount(cells["source"], cells["articles"], len(names))
    rows = []
    for number in np.argsort(-totals, kind="stable")[:SOURCES].tolist():
        own = cells[cells["source"] == number]
        counts = bins.sum((_date(day), count) for day, count in zip(own["day"], own["articles"].tolist(), strict=True))
        rows.append((names[number], counts))
    shown = _labelled(rows, _SOURCE_NAME)
    limits = _limits([count for _, counts in rows for count in counts if count])
    label = (
        f"Heat map of the articles of the {count_of(len(rows), 'largest source')} by {bins.unit}; "
        f"the largest is {shown[0][0]} with {count_of(sum(shown[0][1]), 'article')}."
    )
    chart = draw(label, lambda width: heat_spec(bins, shown, limits, width))
    return Figure(f"Sources by {bins.unit}", chart, *_matrix("Source", bins, rows), shades=_shade_names(limits))


def figure_of_topics(bins: Bins, rows: Sequence[Row]) -> Figure:
    """Topics, the most frequent first, by bin."""
    shown = _labelled(rows, _TOPIC_NAME)
    first, counts = shown[0]
    label = (
        f"Small bar charts, one for each of {count_of(len(rows), 'topic')}, of articles by {bins.unit}; "
        f"the most frequent is {first} with {count_of(sum(counts), 'article')}."
    )
    chart = draw(label, lambda width: multiples_spec(bins, shown, width))
    return Figure(f"Topics by {bins.unit}", chart, *_matrix("Topic", bins, rows))


def figure_of_spread(stories: Sequence[Story]) -> Figure:
    """How long after the first outlet the others carried each story; stories by their rank."""
    delays, rows = [], []
    for rank, story in enumerate(stories, 1):
        first = story.carriers[0]
        late = [carrier.at - first.at for carrier in story.carriers]
        delays.append([(each.total_seconds(), f"{rank}: {delay_name(each)}") for each in late])
        rows.append((str(rank), str(len(late)), delay_name(late[1]), delay_name(late[-1])))
    label = (
        f"Dot plot of {count_of(len(stories), 'story')}, numbered as listed below: a dot for each outlet, "
        f"by the time after the first. The last outlet of story 1 came {rows[0][3]}."
    )
    chart = draw(label, lambda width: spread_spec(delays, width))
    return Figure("How fast stories spread", chart, ("Story", "Outlets", "Second outlet", "Last outlet"), rows)


def top_topics(articles: ArticleCounts, bins: Bins) -> list[Row]:
    """The most frequent topics of the top level of IPTC's, and their articles in each bin."""
    by_day: dict[str, list[tuple[date, int]]] = {}
    for day, identifier, name, count in articles.topics.most():
        if identifier.endswith("000000"):
            by_day.setdefault(name, []).append((date.fromisoformat(day), count))
    ordered = sorted(by_day.items(), key=lambda item: (-sum(count for _, count in item[1]), item[0]))
    return [(name, bins.sum(counts)) for name, counts in ordered[:TOPICS]]


def _labelled(rows: Sequence[Row], longest: int) -> list[Row]:
    """The rows under short names that are all different, since each has a strip of its own."""
    labelled: dict[str, Sequence[int]] = {}
    for name, counts in rows:
        label = short_name(name, longest)
        labelled[label if label not in labelled else f"{len(labelled) + 1}. {label}"] = counts
    return list(labelled.items())


def _limits(counts: Sequence[int]) -> list[int]:
    found = {int(np.quantile(counts, share)) + 1 for share in _QUANTILES} if counts else set()
    return sorted(limit for limit in found if limit <= max(counts))


def _shade_names(limits: Sequence[int]) -> list[str]:
    starts = [1, *limits]
    ends = [f"{limit - 1:,}" for limit in limits] + [""]
    return [_range(f"{start:,}", end) for start, end in zip(starts, ends, strict=True)]


def _range(start: str, end: str) -> str:
    if not end:
        return f"{start} or more"
    return start if start == end else f"{start}–{end}"


def _matrix(title: str, bins: Bins, rows: Iterable[Row]) -> tuple[list[str], list[list[str]]]:
    named = [bin_name(start, bins.unit) for start in bins.starts]
    header = [title, "Articles", *named]
    return header, [[name, f"{sum(counts):,}", *(f"{count:,}" for count in counts)] for name, counts in rows]


def _date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))
