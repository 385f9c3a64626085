"""Articles into files that wait for the commit of their window; all that takes long is done to them before."""

from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PCollection

from schemas.records import Article
from transforms.deduplicate.deduplicate import count_for
from transforms.deduplicate.settings import BATCH
from transforms.deduplicate.sketch import sketch
from transforms.deduplicate.stored.seen import find_seen
from transforms.stream.packs import write_pack
from transforms.stream.parcels import Parcel
from transforms.stream.settings import StreamSettings
from transforms.tag.tag import Tag


class StageArticles(beam.PTransform[PCollection[Article], PCollection[Parcel]]):
    """A parcel for each batch of articles, which are sketched and, unless they are repeats by now, tagged.

    The articles are in windows.
    """

    def __init__(self, settings: StreamSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, articles: PCollection[Article]) -> PCollection[Parcel]:
        """A batch is of one bundle and one window."""
        settings = self._settings
        parcels: PCollection[Parcel] = (
            articles
            | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH, element_size_fn=count_for)
            | "Sketch" >> beam.FlatMap(sketch_batch, settings.output, settings.duplicates.near_days)
            | "Tag" >> Tag(settings.entities)
            | "Pack" >> beam.Map(_pack, settings.output)
        )
        return parcels


def sketch_batch(articles: list[Article], output: str, near_days: int) -> Iterator[tuple[pa.Table, pa.Table]]:
    """What was seen before, and what is to be tagged."""
    if articles:  # Beam gives an empty batch before an article that is too large for any
        rows = sketch(articles)
        seen = pa.array(find_seen(rows, output, near_days))
        yield rows.filter(seen), rows.filter(pc.invert(seen))


def _pack(rows: tuple[pa.Table, pa.Table], output: str) -> Parcel:
    return write_pack(output, "articles", pa.concat_tables(reversed(rows), promote_options="default"))
