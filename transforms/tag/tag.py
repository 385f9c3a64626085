"""Tag articles with entities, places and topics."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection

from schemas.profiles import DEFAULT
from transforms.tag.models import is_model
from transforms.tag.tagger import Tagger, load_tagger, tag_table

Key = TypeVar("Key")


class Tag(beam.PTransform[PCollection[tuple[Key, pa.Table]], PCollection[tuple[Key, pa.Table]]]):
    """Tags the tables of (key, table) elements by a profile; its models load in each process, once it runs."""

    def __init__(self, profile: str = DEFAULT) -> None:
        super().__init__()
        self._profile = profile

    def expand(self, groups: PCollection[tuple[Key, pa.Table]]) -> PCollection[tuple[Key, pa.Table]]:
        """Tag each table."""
        load = partial(load_tagger, self._profile)
        if is_model(self._profile):
            from apache_beam.ml.inference.base import RunInference  # loads torch (500 MB) wherever it is installed

            from transforms.tag.models.infer import TagModel

            inferred: PCollection[tuple[Key, pa.Table]] = groups | "TagTables" >> RunInference(TagModel(load))
            return inferred
        tagged: PCollection[tuple[Key, pa.Table]] = groups | "TagTables" >> beam.ParDo(_TagTables(load))
        return tagged


class _TagTables(beam.DoFn):
    def __init__(self, load: Callable[[], Tagger]) -> None:
        self._load = load

    def setup(self) -> None:
        self._tagger = self._load()

    def process(self, group: tuple[Key, pa.Table]) -> Iterator[tuple[Key, pa.Table]]:
        key, table = group
        yield key, tag_table(table, self._tagger)
