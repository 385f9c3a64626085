"""What was fetched, kept as it came: WARC files under `OUT/raw`, staged and committed with the run."""

import secrets
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from schemas.records import Document
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.remembered import KeyFiles, remember
from transforms.forget.documents import without_forgotten
from transforms.ledger import arrived, sent
from transforms.warc.writing import describe_run, keep_document
from transforms.write import files
from transforms.write.raw import raw_target
from transforms.write.run import Run, staged_path

Place = tuple[str, int]  # date of the fetch, shard


class KeepRaw(beam.PTransform[tuple[PCollection[Document], ...], PCollection[str]]):
    """Stage each document that was fetched as a record of a WARC file, one file for a date and shard.

    Takes several collections. Gives the files' paths. A place always names the same file, so a retried bundle
    rewrites what it wrote. What was taken down is left out.
    """

    def __init__(self, run: Run, keys: KeyFiles, shards: int = 1) -> None:
        super().__init__()
        self._run = run
        self._keys = keys
        self._shards = shards

    def expand(self, fetched: tuple[PCollection[Document], ...]) -> PCollection[str]:
        """Records are packed before they are grouped, at a tenth of their size."""
        pack = beam.FlatMap(pack_document, self._run.run_id, self._keys, self._shards)
        # Each collection by itself: Flink cannot run a Flatten of what a fetch gives beside its entries.
        packed = [documents | f"Pack {number}" >> pack for number, documents in enumerate(fetched)]
        records = packed | beam.Flatten()
        paths: PCollection[str] = records | "Group" >> beam.GroupByKey() | "Write" >> beam.Map(write_raw, self._run)
        return paths


def pack_document(document: Document, run_id: str, keys: KeyFiles, shards: int) -> Iterator[tuple[Place, bytes]]:
    """The record of a document and where it belongs; nothing for a failure, which has no bytes."""
    kept = None if document.failure else without_forgotten(document, remember(keys).forgotten)
    if kept:
        sent("raw_records", 1)
        shard = zlib.crc32(kept.source.encode()) % shards
        yield (date_of(kept.read_at // DAY), shard), keep_document(kept, run_id)


def write_raw(group: tuple[Place, Iterable[bytes]], run: Run) -> str:
    """Stage the records of a place as one file; its path."""
    (date, shard), records = group
    path = staged_path(run.staging, raw_target(date, run.run_id, shard))
    files.write_pieces(path, chain([describe_run(run)], map(_count, records)), attempt=secrets.token_hex(4))
    Metrics.counter("dateline", "raw_files").inc()
    return path


def _count(record: bytes) -> bytes:
    arrived("raw_records", 1)
    return record
