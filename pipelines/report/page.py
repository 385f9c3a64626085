"""The page: one HTML file that asks nothing of the network and runs no script."""

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.report import figures, rankings, words
from pipelines.report.safe_text import readable, short_name, web_link
from pipelines.report.time_bins import Bins, make_bins
from transforms.count_of import count_of
from transforms.report import Findings

HERE = Path(__file__).parent
OUTLETS = 12  # of a story
LISTED = 20  # feeds, sources


def render_page(found: Findings) -> str:
    """The page as HTML. What comes from the data is escaped, and without control characters."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "readable": readable, "short": short_name, "web_link": web_link, "day": words.day_name,
        "time": words.time_name, "delay": words.delay_name, "span": lambda gap: words.span_name(*gap),
    }  # fmt: skip
    environment.globals |= {"count_of": count_of, "share_of": words.share_of, "drawn": Markup}
    style = (HERE / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment.get_template("report.html").render(style=Markup(style), style_hash=digest, **_contents(found))
    return str(page)


def _contents(found: Findings) -> dict[str, Any]:
    days = figures.days_of(found.articles)
    bins = make_bins(days)
    sources, source_count = rankings.rank_sources(found)
    return {
        "found": found,
        "name": found.output.rstrip("/").rpartition("/")[2],
        "as_of": _as_of(found),
        "period": words.span_name(min(days), max(days)) if days else "",
        "bins": bins,
        "charts": _charts(found, bins, days),
        "sources": sources,
        "source_count": source_count,
        "languages": rankings.rank_languages(found),
        "names": {
            "People": rankings.rank_names(found, "PERSON"),
            "Organisations": rankings.rank_names(found, "ORG"),
            "Places": rankings.rank_places(found),
        },
        "copies": rankings.rank_copies(found),
        "copiers": rankings.rank(found.sightings.copies.most(rankings.TOP), found.sightings.copies.total),
        "rejects": rankings.rank_rejects(found),
        "rejected_sources": rankings.rank(found.rejects.sources.most(rankings.TOP), found.rejects.sources.total),
        "gaps": rankings.rank_gaps(found),
        "missing": rankings.missing_days(list(days)),
        "quiet": rankings.quiet_sources(found),
        "outlets": OUTLETS,
        "listed": LISTED,
    }


def _charts(found: Findings, bins: Bins, days: dict[Any, int]) -> dict[str, figures.Figure]:
    charts = {}
    if days:
        charts["days"] = figures.figure_of_days(bins, days)
        charts["sources"] = figures.figure_of_sources(bins, found.articles)
    if topics := figures.top_topics(found.articles, bins):
        charts["topics"] = figures.figure_of_topics(bins, topics)
    if found.stories.listed:
        charts["spread"] = figures.figure_of_spread(found.stories.listed)
    return charts


def _as_of(found: Findings) -> str:
    newest = found.articles.newest
    return words.time_name(datetime.fromtimestamp(newest / 1e6, UTC)) if newest else ""
