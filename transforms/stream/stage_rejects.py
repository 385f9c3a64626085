"""Rejects into files that wait for the commit of their window: a flood of garbage is a few parcels."""

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Reject
from transforms.rejects import FILE_ROWS, rejects_table
from transforms.stream.packs import write_pack
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings


class StageRejects(beam.PTransform[PCollection[Reject], PCollection[Parcel]]):
    """Parcels for each batch of rejects: its rows, and how many documents were read to nothing but a reject.

    The rejects are in windows.
    """

    def __init__(self, settings: StreamSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, rejects: PCollection[Reject]) -> PCollection[Parcel]:
        """A batch is of one bundle and one window."""
        parcels: PCollection[Parcel] = (
            rejects
            | "Batch" >> beam.BatchElements(min_batch_size=FILE_ROWS, max_batch_size=FILE_ROWS)
            | "Pack" >> beam.FlatMap(_pack, self._settings.output)
        )
        return parcels


def _pack(rejects: list[Reject], output: str) -> Iterator[Parcel]:
    yield write_pack(output, "rejects", rejects_table(rejects))
    # An entry is counted where it is parsed; of a document that holds none the reject is all there is to count.
    yield wrap("counts", {"reads": sum(reject.payload_kind == "document" for reject in rejects)})
