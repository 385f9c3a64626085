"""What there is most of: names, languages, sources, reasons, gaps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pycld2
from numpy.typing import NDArray

from pipelines.report.figures import EPOCH
from pipelines.report.words import day_name, share_of
from schemas.errors import BadRecord
from schemas.flags import FLAGS
from transforms.report.articles import NO_DATE, NO_LANGUAGE, NO_TOPIC, SUMMARY
from transforms.report.findings import Findings

TOP = 15
QUIET = timedelta(days=7)
_OFTEN = 10  # articles: a source with fewer is not expected to go on
RELATIONS = {
    "same_url": "another entry with the article’s link, or its identifier",
    "same_text": "the same text under another link",
    "near_duplicate": "nearly the same text",
    "excerpt": "a summary that begins as the article does",
    "reverted": "the publisher went back to an earlier text",
}
_LACKS = {
    NO_DATE: "no usable date: filed under the day first seen",
    SUMMARY: "no body: the source carries a summary",
    NO_LANGUAGE: "a language that could not be told",
    NO_TOPIC: "no topic found",
}


@dataclass(frozen=True)
class Ranked:
    """One line of a ranking: `width` is the length of its bar, 0 to 100."""

    name: str
    count: int
    width: int
    share: str
    note: str = ""


def rank(counts: Iterable[tuple[str, int]], whole: int, notes: Mapping[str, str] | None = None) -> list[Ranked]:
    """Lines in the order given; shares are of `whole`, bars in proportion to the longest."""
    given = list(counts)
    most = max((count for _, count in given), default=1)
    notes = notes or {}
    return [
        Ranked(name, count, max(1, round(100 * count / most)), share_of(count, whole), notes.get(name, ""))
        for name, count in given
    ]


@dataclass(frozen=True)
class Source:
    """A source: its articles, how many more it carried that others had before, rejects, and its newest day."""

    name: str
    articles: Ranked
    copies: int
    rejects: int
    newest: date | None


def rank_sources(found: Findings) -> tuple[list[Source], int]:
    """The largest sources, and how many there are in all."""
    names = found.articles.sources.list()
    totals, newest = _by_source(found)
    copies, rejects = found.sightings.copies.sums("source"), found.rejects.sources.sums("source")
    order = np.argsort(-totals, kind="stable")[:TOP].tolist()
    lines = rank([(names[number], int(totals[number])) for number in order], found.articles.articles)
    sources = [
        Source(line.name, line, copies.get(line.name, 0), rejects.get(line.name, 0), _day(newest[number]))
        for line, number in zip(lines, order, strict=True)
    ]
    return sources, len(names)


def quiet_sources(found: Findings) -> list[tuple[str, str]]:
    """Sources of ten articles or more that had none in the last week of the dataset, and their newest day."""
    names = found.articles.sources.list()
    if not names:
        return []
    totals, newest = _by_source(found)
    quiet = np.flatnonzero((totals >= _OFTEN) & (newest < newest.max() - QUIET.days))
    return [(names[number], day_name(_day(newest[number]))) for number in quiet[np.argsort(newest[quiet])].tolist()]


def rank_names(found: Findings, kind: str) -> list[Ranked]:
    """Entities of a type by the articles that name them."""
    counts = [(name, count) for _, name, count in found.articles.entities.most(TOP, type=kind)]
    return rank(counts, found.articles.articles)


def rank_places(found: Findings) -> list[Ranked]:
    """Places by the articles that name them, with their countries."""
    counts = found.articles.places.most(TOP)
    lines = rank([(name, count) for name, _, count in counts], found.articles.articles)
    return [replace(line, note=country) for line, (_, country, _) in zip(lines, counts, strict=True)]


def rank_languages(found: Findings) -> list[Ranked]:
    """Languages by their articles: names, as far as they have any, and codes."""
    names = {code: name.replace("_", " ").title() for name, code in reversed(pycld2.LANGUAGES)} | {"und": "Not known"}
    counts = [(code, count) for code, count in found.articles.languages.most(TOP)]
    return [
        replace(line, name=names.get(line.name, line.name), note=line.name)
        for line in rank(counts, found.articles.articles)
    ]


def rank_copies(found: Findings) -> list[Ranked]:
    """Sightings that are no first ones, by their relation."""
    counts = [(name, count) for name, count in found.sightings.relations.most() if name != "original"]
    return rank(counts, found.sightings.relations.total, RELATIONS)


@dataclass(frozen=True)
class Rejected:
    """Rejects of a stage and reason, and an example."""

    stage: str
    line: Ranked
    example: str


def rank_rejects(found: Findings) -> list[Rejected]:
    """Rejects by stage and reason."""
    kinds = found.rejects.reasons.most()
    meanings = {reason.__name__: (reason.__doc__ or "").partition("\n")[0] for reason in BadRecord.__subclasses__()}
    lines = rank([(reason, count) for _, reason, count in kinds], found.rejects.reasons.total, meanings)
    details = [found.rejects.details[stage, reason] for stage, reason, _ in kinds]
    return [Rejected(stage, line, detail) for (stage, _, _), line, detail in zip(kinds, lines, details, strict=True)]


@dataclass(frozen=True)
class Gap:
    """What some articles lack, and the source with most such."""

    line: Ranked
    source: str
    of_source: int


def rank_gaps(found: Findings) -> list[Gap]:
    """What articles lack, and their quality flags."""
    meanings = _LACKS | FLAGS
    sums = found.articles.gaps.sums("gap")
    worst: dict[str, tuple[str, int]] = {}
    for gap, source, count in found.articles.gaps.most():
        worst.setdefault(gap, (source, count))
    lines = rank(sums.items(), found.articles.articles, meanings)
    return [Gap(line, *worst[line.name]) for line in lines]


def missing_days(days: Sequence[date]) -> list[tuple[date, date]]:
    """Runs of days without any article between the first and the last, the longest first."""
    gaps = [
        (before + timedelta(days=1), after - timedelta(days=1))
        for before, after in pairwise(days)
        if (after - before).days > 1
    ]
    return sorted(gaps, key=lambda gap: (gap[0] - gap[1], gap[0]))


def _by_source(found: Findings) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The articles and the newest day of each source, by its number."""
    cells, count = found.articles.cells, len(found.articles.sources.list())
    newest = np.zeros(count, np.int32)
    np.maximum.at(newest, cells["source"], cells["day"])
    return np.bincount(cells["source"], cells["articles"], count).astype(np.int64), newest


def _day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))
