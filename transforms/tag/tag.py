"""Tag articles with entities, places and topics, a batch at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection

from schemas.columns import ENTITY, PLACE, TOPIC
from transforms.tag.entities import load_entity_tagger
from transforms.tag.places import PlaceResolver, load_place_resolver
from transforms.tag.topics import load_topic_tagger

BATCH = 500  # rows

Key = TypeVar("Key")


class EntityTagger(Protocol):
    """Finds named things. The default is a gazetteer; a trained model fits as well."""

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of ENTITY for each row, from its title, description and body; null is no text."""
        ...


class TopicTagger(Protocol):
    """Finds what a text is about. The default is a lexicon; a trained model fits as well."""

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of TOPIC for each row, from its title, description, body, categories and language."""
        ...


@dataclass(frozen=True, slots=True)
class Tagger:
    """What tags articles: entities, the places that these imply, topics."""

    entities: EntityTagger
    places: PlaceResolver
    topics: TopicTagger


@lru_cache(maxsize=1)
def load_tagger() -> Tagger:
    """The gazetteer and the lexicon that come with the package, built once in a process."""
    return Tagger(load_entity_tagger(), load_place_resolver(), load_topic_tagger())


def tag_table(table: pa.Table, tagger: Tagger) -> pa.Table:
    """The table with columns `entities`, `places` and `topics` appended.

    It needs title, description, body, language and categories. Mentions are Unicode code points into the
    field, end-exclusive.
    """
    schema = table.schema
    for name, kind in (("entities", ENTITY), ("places", PLACE), ("topics", TOPIC)):
        schema = schema.append(pa.field(name, pa.list_(kind), nullable=False))
    return pa.Table.from_batches(_tag_batches(table.combine_chunks(), schema, tagger), schema)


def _tag_batches(table: pa.Table, schema: pa.Schema, tagger: Tagger) -> Iterator[pa.RecordBatch]:
    for batch in table.to_batches(max_chunksize=BATCH):
        entities = tagger.entities.tag(batch)
        tags = [entities, tagger.places.resolve(entities), tagger.topics.tag(batch)]
        yield pa.RecordBatch.from_arrays([*batch.columns, *tags], schema=schema)


class Tag(beam.PTransform[PCollection[tuple[Key, pa.Table]], PCollection[tuple[Key, pa.Table]]]):
    """Tags the tables of (key, table) elements. `load` makes the tagger, in each process, once it runs."""

    def __init__(self, load: Callable[[], Tagger] = load_tagger) -> None:
        super().__init__()
        self._load = load

    def expand(self, groups: PCollection[tuple[Key, pa.Table]]) -> PCollection[tuple[Key, pa.Table]]:
        """Tag each table."""
        tagged: PCollection[tuple[Key, pa.Table]] = groups | "TagTables" >> beam.ParDo(_TagTables(self._load))
        return tagged


class _TagTables(beam.DoFn):
    def __init__(self, load: Callable[[], Tagger]) -> None:
        self._load = load

    def setup(self) -> None:
        self._tagger = self._load()

    def process(self, group: tuple[Key, pa.Table]) -> Iterator[tuple[Key, pa.Table]]:
        key, table = group
        yield key, tag_table(table, self._tagger)
