"""What could not be used, as rows of the rejects table: each failure of an input is written once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
import numpy as np
import orjson
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.columns import TIME
from schemas.keys import EXACT
from schemas.records import Document, Entry, Reject
from schemas.tables import REJECTS
from transforms.deduplicate.deduplicate import Groups
from transforms.deduplicate.keys import reject_key
from transforms.deduplicate.stored.remembered import EXACT_ROWS, KeyFiles, remember, to_table
from transforms.full_text.entries import as_fed

PAYLOAD_BYTES = 65_536
FILE_ROWS = 500  # with payloads of up to 64 KiB each

_NOT_ITS_OWN = ("read_at", "feed_updated_raw", "flags", "from_page")

# What Beam's error handler gives: the Document or Entry, and the error's type, repr and traceback.
Failure = tuple[Any, tuple[type, str, list[str]]]


@dataclass(frozen=True)
class RejectSettings:
    """Which rejects are stored already, and the run's clock."""

    keys: KeyFiles
    read_at: int
    shards: int = 1


class CollectRejects(beam.PTransform[PCollection[Reject], Groups]):
    """Rows of rejects, and the keys to remember them by, from Rejects; those that are stored are only counted."""

    def __init__(self, settings: RejectSettings) -> None:
        super().__init__()
        self.settings = settings

    def expand(self, rejects: PCollection[Reject]) -> Any:  # Beam warns of any type here but a PCollection
        """Group by key, so that the same failure twice in a run is one row."""
        rows = (
            rejects
            | "Key" >> beam.Map(_with_key, shards=self.settings.shards)
            | "Group" >> beam.GroupByKey()
            | "File" >> beam.ParDo(FileRejects(self.settings)).with_outputs("exact", main=REJECTS.name)
        )
        return {REJECTS.name: rows[REJECTS.name], EXACT.name: rows.exact}


def to_reject(failure: Failure) -> Reject:
    """A row's worth of what the error handler caught; the payload is cut at 64 KiB."""
    record, (error, detail, _) = failure
    payload = record.data if isinstance(record, Document) else _entry_payload(record)
    kind = "document" if isinstance(record, Document) else "entry"
    return Reject(_stage(record), error.__name__, detail, record.source, payload[:PAYLOAD_BYTES], kind, len(payload))


def _entry_payload(entry: Entry) -> bytes:
    """The entry as its source gave it, as JSON, without the times of feed and reading: each run has the same reject."""
    entry = as_fed(entry)
    fields = {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name not in _NOT_ITS_OWN}
    return orjson.dumps(fields)


def _stage(record: Document | Entry) -> str:
    if isinstance(record, Entry):
        return "parse" if record.failure else "clean"
    if record.failure:
        return "fetch" if record.is_feed else "read"
    return "parse"


def _with_key(reject: Reject, shards: int) -> tuple[int, Reject]:
    return reject_key(reject.stage, reject.reason, reject.source, reject.payload) % shards, reject


class FileRejects(beam.DoFn):
    """The rejects of a shard to rows, some hundred at a time, without those that are stored."""

    def __init__(self, settings: RejectSettings) -> None:
        self.settings = settings
        self.count = Metrics.counter("dateline", "rejects")

    def process(self, group: tuple[int, Iterable[Reject]]) -> Iterator[Any]:
        seen: set[int] = set()
        waiting: dict[int, Reject] = {}
        part = 0
        for reject in group[1]:
            self.count.inc()
            key = reject_key(reject.stage, reject.reason, reject.source, reject.payload)
            if key not in seen:
                seen.add(key)
                waiting[key] = reject
            if len(waiting) >= FILE_ROWS:
                yield from self._place(self._not_stored(waiting), group[0], part)
                waiting, part = {}, part + 1
        yield from self._place(self._not_stored(waiting), group[0], part)

    def _not_stored(self, rejects: dict[int, Reject]) -> dict[int, Reject]:
        keys = np.array(list(rejects), np.uint64)
        fresh = keys[~remember(self.settings.keys).has(keys)]
        return {key: rejects[key] for key in fresh.tolist()}

    def _place(self, rejects: dict[int, Reject], shard: int, part: int) -> Iterator[Any]:
        if not rejects:
            return
        seen = datetime.fromtimestamp(self.settings.read_at / 1e6, UTC)
        columns = {name: [getattr(reject, name) for reject in rejects.values()] for name in Reject.__dataclass_fields__}
        columns["first_seen_at"] = pa.array([seen] * len(rejects), TIME)
        yield (seen.date().isoformat(), str(shard), part), pa.table(columns)
        remembered = np.zeros(len(rejects), EXACT_ROWS)
        remembered["key"] = list(rejects)
        yield TaggedOutput("exact", (("", f"rejects{shard}", part), to_table(remembered, EXACT)))
