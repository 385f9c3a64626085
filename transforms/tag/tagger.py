"""Tags tables of articles with entities, places and topics, a batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from schemas.profiles import DEFAULT
from schemas.tables import ARTICLES, TAGS
from transforms.tag.entities import ENGLISH, EntityFinder, load_known_names
from transforms.tag.models import is_model
from transforms.tag.places import PlaceResolver, load_place_resolver
from transforms.tag.recognisers import load_recogniser
from transforms.tag.text import Flags
from transforms.tag.topics import load_topic_tagger

BATCH = 500  # rows

_TAGS = pa.schema([ARTICLES.schema.field(name) for name in ("quality_flags", *TAGS)])


class EntityTagger(Protocol):
    """Finds named things."""

    def reads(self, batch: pa.RecordBatch) -> Flags:
        """Whether a model reads each row; the others have the gazetteer's names alone."""
        ...

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of ENTITY for each row, from its title, description and body; null is no text."""
        ...


class TopicTagger(Protocol):
    """Finds what a text is about."""

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of TOPIC for each row, from its title, description, body, categories and language."""
        ...


@dataclass(frozen=True)  # without slots: Beam shares a model by a weak reference
class Tagger:
    """What tags articles: entities, the places that these imply, topics."""

    entities: EntityTagger
    places: PlaceResolver
    topics: TopicTagger


@lru_cache(maxsize=1)
def load_tagger(profile: str = DEFAULT) -> Tagger:
    """The tagger of a profile, built once in a process. Raises UsageError where something is missing for it."""
    languages = None if is_model(profile) else ENGLISH
    named = EntityFinder(load_known_names(), load_recogniser(profile), languages)
    return Tagger(named, load_place_resolver(), load_topic_tagger())


def tag_table(table: pa.Table, tagger: Tagger) -> pa.Table:
    """The table with columns `entities`, `places` and `topics` appended, and its quality flags completed.

    It needs title, description, body, language, categories and quality_flags. Mentions are Unicode code points
    into the field, end-exclusive.
    """
    table = table.combine_chunks()
    tags = pa.Table.from_batches(_tag_batches(table, tagger), _TAGS).combine_chunks()
    at = table.column_names.index("quality_flags")
    table = table.set_column(at, table.field(at), tags.column(0))
    for name in tags.column_names[1:]:
        table = table.append_column(tags.field(name), tags[name])
    return table


def _tag_batches(table: pa.Table, tagger: Tagger) -> Iterator[pa.RecordBatch]:
    """Only what is new: a slice of a table, pickled by Beam, is as large as all of it."""
    for batch in table.to_batches(max_chunksize=BATCH):
        flags = _add_flag(batch["quality_flags"], ~tagger.entities.reads(batch))
        entities, places = tagger.places.resolve(tagger.entities.tag(batch), batch)
        yield pa.RecordBatch.from_arrays([flags, entities, places, tagger.topics.tag(batch)], schema=_TAGS)


def tag_rest(rows: pa.Table, profile: str) -> pa.Table:
    """The rows, tagged by a profile where they have no tags: no such columns, or null in them."""
    if TAGS[0] not in rows.column_names:
        return tag_table(rows, load_tagger(profile))
    lacks = pc.is_null(rows[TAGS[0]])
    if not pc.any(lacks).as_py():
        return rows
    tagged = tag_table(rows.filter(lacks).drop_columns(TAGS), load_tagger(profile))
    return pa.concat_tables([rows.filter(pc.invert(lacks)), tagged], promote_options="default")


def _add_flag(flags: pa.ListArray, which: Flags) -> pa.ListArray:
    if not which.any():
        return flags
    rows = zip(flags.to_pylist(), which, strict=True)
    return pa.array([sorted([*row, "gazetteer_entities"]) if add else row for row, add in rows], flags.type)
