"""The stories that most outlets carried, and in what order."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.tables import SIGHTINGS
from transforms.check.rows import parse_ids
from transforms.deduplicate.file_rows import hex_ids
from transforms.deduplicate.verdicts.stories import Stories, read_joins
from transforms.report.partitions import read_folder
from transforms.report.sightings import outlet

LISTED = 10
COLUMNS = ("article_id", "source", "publisher", "relation", "score", "url", "title", "published_at", "first_seen_at")
Ids = NDArray[np.uint64]


@dataclass(frozen=True)
class Carrier:
    """An outlet's first sighting of a story. `is_published` tells which time it is: published, or first seen."""

    outlet: str
    at: datetime
    is_published: bool
    relation: str
    score: float
    title: str | None
    url: str | None


@dataclass(frozen=True)
class Story:
    """A story and who carried it, the earliest first."""

    carriers: tuple[Carrier, ...]
    articles: int


@dataclass(frozen=True)
class CarriedStories:
    """How many stories more than one outlet carried, and the widest carried of them."""

    several: int
    listed: tuple[Story, ...]


def find_stories(output: str, carried: NDArray[np.void], members: NDArray[np.void]) -> CarriedStories:
    """Of all CARRIED, by MEMBERS and the joins of stories: the stories of most outlets; raises as `read_folder`."""
    stories = _stories_of(carried["article"], members, read_joins(output))
    ids, outlets, sightings = _count_outlets(stories, carried["outlet"])
    order = np.lexsort((ids, -sightings, -outlets))[:LISTED]
    chosen = carried[np.isin(stories, ids[order])]
    rows = _read_sightings(output, chosen)
    of_rows = _stories_of(parse_ids(rows["article_id"]), members, read_joins(output))
    listed = (_list_carriers(rows.filter(of_rows == story)) for story in ids[order])
    return CarriedStories(len(ids), tuple(listed))


def _stories_of(articles: Ids, members: NDArray[np.void], joins: NDArray[np.void]) -> Ids:
    """The story that each article is of by now."""
    stories = _replace(articles, members["article"], members["story"])
    joined = np.unique(joins["story"])
    current = Stories(joins).current
    return _replace(stories, joined, np.array([current(story) for story in joined.tolist()], np.uint64))


def _replace(values: Ids, old: Ids, new: Ids) -> Ids:
    if not len(old):
        return values
    order = np.argsort(old)
    at = order[np.minimum(np.searchsorted(old, values, sorter=order), len(old) - 1)]
    return np.where(old[at] == values, new[at], values)


def _count_outlets(stories: Ids, outlets: NDArray[np.int32]) -> tuple[Ids, NDArray[np.int64], NDArray[np.int64]]:
    """The stories of more than one outlet; how many outlets each has, and how many sightings."""
    order = np.lexsort((outlets, stories))
    stories, outlets = stories[order], outlets[order]
    is_first = np.append(True, stories[1:] != stories[:-1])[: len(stories)]
    is_other = is_first | np.append(True, outlets[1:] != outlets[:-1])[: len(stories)]
    starts = np.flatnonzero(is_first)
    counts = np.add.reduceat(is_other.astype(np.int64), starts) if len(starts) else np.zeros(0, np.int64)
    sightings = np.diff(np.append(starts, len(stories)))
    several = counts > 1
    return stories[starts][several], counts[several], sightings[several]


def _read_sightings(output: str, carried: NDArray[np.void]) -> pa.Table:
    ids = hex_ids(np.unique(carried["article"]))
    rows = [SIGHTINGS.schema.empty_table().select(COLUMNS)]
    for day in np.unique(carried["day"]).tolist():
        tables = read_folder(f"{output}/{SIGHTINGS.name}/date={np.datetime64(day, 'D')}", COLUMNS)
        rows += [table.filter(pc.is_in(table["article_id"], ids)) for table in tables]
    return pa.concat_tables(rows, promote_options="default")


def _list_carriers(rows: pa.Table) -> Story:
    carriers: dict[str, Carrier] = {}
    for row, name in zip(rows.to_pylist(), outlet(rows).to_pylist(), strict=True):
        published = row["published_at"]
        shown = {key: row[key] for key in ("relation", "score", "title", "url")}
        carrier = Carrier(name, published or row["first_seen_at"], published is not None, **shown)
        if name not in carriers or carrier.at < carriers[name].at:
            carriers[name] = carrier
    ordered = sorted(
        carriers.values(), key=lambda carrier: (carrier.at, carrier.relation != "original", carrier.outlet)
    )
    return Story(tuple(ordered), len(rows["article_id"].unique()))
