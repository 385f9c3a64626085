"""The rejects that a run tries, in its staging folder, and those that came out of it as they had gone in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any, Literal

import apache_beam as beam
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput
from numpy.typing import NDArray

from schemas.records import Document, Entry, Reject
from transforms.deduplicate.keys import reject_key
from transforms.payloads import from_payload
from transforms.progress import note
from transforms.reclean.raw import RECLEAN, Commits, list_commits
from transforms.reclean.recall import Recalled
from transforms.replay.choose import Chosen
from transforms.write import files
from transforms.write.manifests import REPLAY
from transforms.write.run import Run

_ROWS = 500  # in a file, each of which one process reads


@dataclass(frozen=True)
class Tried:
    """The rejects to try: files that hold them, their keys, and the commits that they are from."""

    paths: list[str]
    keys: NDArray[np.uint64]
    days: frozenset[str]  # that they are filed under
    commits: Commits


class RestoreRejects(beam.PTransform[PBegin, Recalled]):
    """Entries and documents of what `stage_tried` has staged: `root | RestoreRejects(...)`. Entries count as read."""

    def __init__(self, paths: list[str], staging: str) -> None:
        super().__init__()
        self._paths = paths
        self._staging = staging

    def expand(self, root: PBegin) -> Any:  # Beam warns of any type here but a PCollection
        """`root` is the pipeline."""
        restored = (
            root
            | "ListTried" >> beam.Create(self._paths, reshuffle=False)
            | "SpreadTried" >> beam.Reshuffle()
            | "Restore" >> beam.ParDo(_restore, self._staging).with_outputs("unread", main="entries")
        )
        return Recalled(restored.entries, restored.unread)


def stage_tried(chosen: Chosen, run: Run) -> Tried:
    """Write the rows chosen to files that workers read."""
    paths, rows, staging = [], chosen.rows, run.staging
    for at in range(0, rows.num_rows, _ROWS):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as stream:
            stream.write_table(rows.slice(at, _ROWS))
        paths.append(f"{staging}/tried-{at}")
        files.write_whole(paths[-1], sink.getvalue())
    by_commit = rows.select(["context", "ingested_at"]).sort_by("ingested_at")  # of a clock the last one counts
    read_at = (orjson.loads(context)["read_at"] for context in by_commit["context"].to_pylist())
    by_clock = dict(zip(read_at, by_commit["ingested_at"].cast(pa.int64()).to_pylist(), strict=True))
    days = pc.unique(rows["first_seen_at"].cast(pa.date32())).cast(pa.string()).to_pylist()
    commits = replace(list_commits(run.output, (RECLEAN, REPLAY)), by_clock=by_clock)
    return Tried(paths, chosen.keys, frozenset(days), commits)


def _restore(path: str, staging: str) -> Iterator[Entry | TaggedOutput[Literal["unread"], Document]]:
    for reject in pa.ipc.open_stream(files.read_bytes(path)).read_all().to_pylist():
        record = from_payload(reject)
        if isinstance(record, Document):
            yield TaggedOutput("unread", record)
            continue
        Metrics.counter("dateline", "reads").inc()
        note(staging, entries=1, bytes=reject["payload_size"])
        yield record


class NoteRejects(beam.PTransform[PCollection[Reject], PCollection[None]]):
    """Write the keys of rejects to files of the staging folder, for `read_noted`."""

    def __init__(self, staging: str) -> None:
        super().__init__()
        self._staging = staging

    def expand(self, rejects: PCollection[Reject]) -> PCollection[None]:
        """A file for each batch; of a batch that comes again, another one with the same keys."""
        batches = rejects | "Batch" >> beam.BatchElements(min_batch_size=_ROWS, max_batch_size=_ROWS)
        noted: PCollection[None] = batches | "Note" >> beam.Map(_note, self._staging)
        return noted


def _note(rejects: list[Reject], staging: str) -> None:
    keys = [reject_key(each.stage, each.reason, each.source, each.payload) for each in rejects]
    files.write_whole(f"{staging}/rejected-{token_hex(8)}.keys", np.array(keys, np.uint64).tobytes())


def read_noted(staging: str) -> NDArray[np.uint64]:
    """The keys of all rejects of a run."""
    noted = [np.frombuffer(files.read_bytes(path), np.uint64) for path in files.find(staging, "rejected-*.keys")]
    return np.concatenate([np.zeros(0, np.uint64), *noted])
