"""What could not be used, as rows of the rejects table: each failure of an input is written once."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import apache_beam as beam
import numpy as np
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
from transforms.forget.mentions import is_reject_held
from transforms.payloads import PAYLOAD_BYTES, to_payload
from transforms.write.write_table import Group

FILE_ROWS = 500  # with payloads of up to 64 KiB each

_COLUMNS = pa.schema([field for field in REJECTS.schema if field.name in Reject.__dataclass_fields__])

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
            | "File" >> beam.FlatMap(_file, self.settings).with_outputs("exact", main=REJECTS.name)
        )
        return {REJECTS.name: rows[REJECTS.name], EXACT.name: rows.exact}


def to_reject(failure: Failure) -> Reject:
    """A row's worth of what the error handler caught; the payload is cut at 64 KiB."""
    record, (error, detail, _) = failure
    kind, payload, context = to_payload(record)
    kept, size = payload[:PAYLOAD_BYTES], len(payload)
    return Reject(_stage(record), error.__name__, detail, record.source, kept, kind, size, context)


def _stage(record: Document | Entry) -> str:
    if isinstance(record, Entry):
        return "parse" if record.failure else "clean"
    if record.failure:
        return "fetch" if record.is_feed else "read"
    return "parse"


def _with_key(reject: Reject, shards: int) -> tuple[int, Reject]:
    return reject_key(reject.stage, reject.reason, reject.source, reject.payload) % shards, reject


def _file(group: tuple[int, Iterable[Reject]], settings: RejectSettings) -> Iterator[Any]:
    for table, rows in file_rejects(map(_count, group[1]), group[0], settings):
        yield rows if table == REJECTS.name else TaggedOutput("exact", rows)


def _count(reject: Reject) -> Reject:
    Metrics.counter("dateline", "rejects").inc()
    if reject.stage == "read":
        Metrics.counter("dateline", "files_failed").inc()  # or records of archives
    return reject


def file_rejects(rejects: Iterable[Reject], shard: int, settings: RejectSettings) -> Iterator[tuple[str, Group]]:
    """Rows of rejects and of the keys to remember them by, some hundred at a time, each with its table's name.

    The same failure is one row, and those that are stored, or speak of what was taken down, are none.
    """
    seen: set[int] = set()
    waiting: dict[int, Reject] = {}
    part = 0
    for reject in rejects:
        key = reject_key(reject.stage, reject.reason, reject.source, reject.payload)
        if key not in seen:
            seen.add(key)
            waiting[key] = reject
        if len(waiting) >= FILE_ROWS:
            yield from _place(waiting, shard, part, settings)
            waiting, part = {}, part + 1
    yield from _place(waiting, shard, part, settings)


def _place(rejects: dict[int, Reject], shard: int, part: int, settings: RejectSettings) -> Iterator[tuple[str, Group]]:
    remembered = remember(settings.keys)
    held = partial(is_reject_held, forgotten=remembered.forgotten)
    keys = np.array(list(rejects), np.uint64)
    fresh = keys[~remembered.has(keys)].tolist()
    keys = np.array([key for key in fresh if not held(asdict(rejects[key]))], np.uint64)
    if not len(keys):
        return
    seen = datetime.fromtimestamp(settings.read_at / 1e6, UTC)
    rows = rejects_table(rejects[key] for key in keys.tolist())
    rows = rows.append_column("first_seen_at", pa.array([seen] * len(keys), TIME))
    yield REJECTS.name, ((seen.date().isoformat(), str(shard), part), rows)
    known_by = np.zeros(len(keys), EXACT_ROWS)
    known_by["key"] = keys
    yield EXACT.name, (("", f"rejects{shard}", part), to_table(known_by, EXACT))


def rejects_table(rejects: Iterable[Reject]) -> pa.Table:
    """The rejects' own columns."""
    return pa.Table.from_batches([pa.RecordBatch.from_pylist([asdict(reject) for reject in rejects], _COLUMNS)])
