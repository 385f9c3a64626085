"""What the articles are: when and whose, their languages, topics and names, and what is missing in them."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.tables import ARTICLES
from transforms.check.rows import parse_ids
from transforms.report import current
from transforms.report.names import Names
from transforms.report.partitions import read_partitions
from transforms.report.tally import Tally

COLUMNS = (
    *current.COLUMNS,
    "story_id",
    "source",
    "publisher",
    "content_kind",
    "language",
    "published_at",
    "quality_flags",
    "topics.list.element.id",
    "topics.list.element.name",
    "entities.list.element.name",
    "entities.list.element.type",
    "places.list.element.name",
    "places.list.element.country_code",
)
# Gaps that are no quality flag: they stand beside the flags.
NO_DATE = "no_date"
SUMMARY = "summary_only"
NO_LANGUAGE = "no_language"
NO_TOPIC = "no_topic"

CELLS = np.dtype([("day", np.int32), ("source", np.int32), ("articles", np.int32)])
MEMBERS = np.dtype([("article", np.uint64), ("story", np.uint64)])


@dataclass
class ArticleCounts:
    """Articles counted once each, as they are now; `rows` counts their versions, too."""

    rows: int = 0
    articles: int = 0
    newest: int = 0  # the last ingested_at, microseconds since the epoch
    sources: Names = field(default_factory=Names)
    publishers: Names = field(default_factory=Names)
    languages: Tally = field(default_factory=lambda: Tally("language"))
    entities: Tally = field(default_factory=lambda: Tally("type", "name"))
    places: Tally = field(default_factory=lambda: Tally("name", "country_code"))
    topics: Tally = field(default_factory=lambda: Tally("day", "id", "name"))
    gaps: Tally = field(default_factory=lambda: Tally("gap", "source"))
    _cells: list[NDArray[np.void]] = field(default_factory=list)
    _members: list[NDArray[np.void]] = field(default_factory=list)

    @property
    def cells(self) -> NDArray[np.void]:
        """CELLS: the articles of each source on each day, days since the epoch; sources by number."""
        return np.concatenate([np.zeros(0, CELLS), *self._cells])

    @property
    def members(self) -> NDArray[np.void]:
        """MEMBERS: the articles that are of another article's story."""
        return np.concatenate([np.zeros(0, MEMBERS), *self._members])

    def add(self, day: date, rows: pa.Table, returns: current.Texts) -> None:
        """Count a partition."""
        self.rows += rows.num_rows
        self.newest = max(self.newest, pc.max(rows["ingested_at"].cast(pa.int64())).as_py() or 0)
        articles = rows.filter(current.find_current(rows, returns))
        self.articles += articles.num_rows
        self._count_sources(day, articles)
        self._count_tags(day, articles)
        self._count_gaps(articles)
        self._note_members(articles)

    def _count_sources(self, day: date, articles: pa.Table) -> None:
        sources, counts = np.unique(self.sources.number(articles["source"]), return_counts=True)
        cells = np.zeros(len(sources), CELLS)
        cells["day"], cells["source"], cells["articles"] = np.datetime64(day).astype(int), sources, counts
        self._cells.append(cells)
        self.publishers.number(articles["publisher"].drop_null())
        self.languages.add(articles["language"])

    def _count_tags(self, day: date, articles: pa.Table) -> None:
        entities = pc.list_flatten(articles["entities"])
        self.entities.add(pc.struct_field(entities, "type"), pc.struct_field(entities, "name"))
        places = pc.list_flatten(articles["places"])
        self.places.add(pc.struct_field(places, "name"), pc.fill_null(pc.struct_field(places, "country_code"), ""))
        topics = pc.list_flatten(articles["topics"])
        days = pa.repeat(day.isoformat(), len(topics))
        self.topics.add(days, pc.struct_field(topics, "id"), pc.struct_field(topics, "name"))

    def _count_gaps(self, articles: pa.Table) -> None:
        at = pc.list_parent_indices(articles["quality_flags"])
        self.gaps.add(pc.list_flatten(articles["quality_flags"]), articles["source"].take(at))
        lacking = {
            NO_DATE: pc.is_null(articles["published_at"]),
            SUMMARY: pc.equal(articles["content_kind"], "summary"),
            NO_LANGUAGE: pc.equal(articles["language"], "und"),
            NO_TOPIC: pc.equal(pc.list_value_length(articles["topics"]), 0),
        }
        for gap, lacks in lacking.items():
            sources = articles["source"].filter(lacks)
            self.gaps.add(pa.repeat(gap, len(sources)), sources)

    def _note_members(self, articles: pa.Table) -> None:
        others = articles.filter(pc.not_equal(articles["article_id"], articles["story_id"]))
        members = np.zeros(others.num_rows, MEMBERS)
        members["article"], members["story"] = parse_ids(others["article_id"]), parse_ids(others["story_id"])
        self._members.append(members)


def count_articles(output: str, returns: current.Texts) -> ArticleCounts:
    """Counts the articles of a dataset; raises as `read_partitions`."""
    counts = ArticleCounts()
    for day, rows in read_partitions(output, ARTICLES, COLUMNS):
        counts.add(day, rows, returns)
    return counts
