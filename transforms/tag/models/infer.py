"""Tagging as an inference of Beam, which loads a model once a worker process."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
from apache_beam.ml.inference.base import ModelHandler

from transforms.tag.tagger import Tagger, tag_table

Group = tuple[Any, pa.Table]


class TagModel(ModelHandler[Group, Group, Tagger]):
    """Tags the tables of (key, table) elements, a table at a time; a table is many batches of the model."""

    def __init__(self, load: Callable[[], Tagger]) -> None:
        super().__init__(min_batch_size=1, max_batch_size=1)
        self._load = load

    def load_model(self) -> Tagger:
        """The tagger."""
        return self._load()

    def run_inference(
        self, batch: Sequence[Group], model: Tagger, inference_args: dict[str, Any] | None = None
    ) -> list[Group]:
        """The same elements, tagged."""
        return [(key, tag_table(table, model)) for key, table in batch]

    def get_num_bytes(self, batch: Sequence[Group]) -> int:
        """Size of the tables in bytes, for Beam's metrics."""
        return sum(table.nbytes for _, table in batch)
