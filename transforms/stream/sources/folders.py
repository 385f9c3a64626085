"""Folders that grow, as a source of a stream."""

import os
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.coders import BytesCoder
from apache_beam.io.filesystem import FileMetadata
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec
from apache_beam.utils.shared import Shared

from schemas.cursors import Cursor
from schemas.records import Document
from transforms.read_documents import DEFAULT_LIMITS, date_part
from transforms.read_files import FileRange, ReadLimits, read_range, split_file
from transforms.stream.keep_trying import keep_trying
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.folders_listing import changed_at, item_of, make_keys
from transforms.stream.sources.folders_watch import Watch, Watches
from transforms.stream.sources.sourced import Sourced
from transforms.stream.stopping import is_stopping
from transforms.write.cursors_table import gone, read_cursors

_PIECE = 100_000  # keys of one piece of the state
_MOST_PIECES = 64  # before they are made one
_MOST_GONE = 10_000  # cursors to take off the dataset at once


class FoundFile(NamedTuple):
    """A file to read, as it was when it was found."""

    name: bytes  # os.fsencode of the path
    size: int
    changed_s: float


class WatchFolders(beam.PTransform[PCollection[int], Sourced]):
    """Files that come to match `patterns`, and those that change: `ticks | WatchFolders(...)`.

    A file is read when its size and time of change are the same at two looks a second or more apart, and read again,
    whole, whenever these have changed and come to rest; not while its name says that it is hidden or being written
    (see `folders_listing`). What matches `once` is read as it is at the first look and not watched after.
    """

    def __init__(
        self,
        patterns: list[str],
        stream: StreamSettings,
        date_from: str = "",
        limits: ReadLimits = DEFAULT_LIMITS,
        once: list[str] | None = None,
    ) -> None:
        super().__init__()
        self._once = frozenset(once or []).difference(patterns)
        self._patterns = [*patterns, *sorted(self._once)]
        self._output = stream.output
        self._date_from = date_from
        self._limits = limits

    def expand(self, ticks: PCollection[int]) -> Any:  # Beam warns of any type here but a PCollection
        """Each pattern's files go to any worker, and so do the slices of a large one. The documents stay there."""
        look = beam.ParDo(LookForFiles(self._output, self._once)).with_output_types(FoundFile, parcels=Parcel)
        found = (
            ticks
            | "EachPattern" >> beam.FlatMap(_each, self._patterns).with_output_types(tuple[str, int])
            | "Look" >> look.with_outputs("parcels", main="files")
        )
        documents = (
            found.files
            | "SpreadFiles" >> beam.Reshuffle()
            | "Split" >> beam.FlatMap(split_found, self._limits, self._date_from)
            | "SpreadSlices" >> beam.Reshuffle()
            | "Read" >> beam.FlatMap(_read_now, self._limits)
        )
        return Sourced(documents, found.parcels)


class LookForFiles(beam.DoFn):
    """The files of a pattern that are to be read now. State: the keys of all that were, in pieces, and their mark."""

    SEEN = BagStateSpec("seen", BytesCoder())
    MARK = ReadModifyWriteStateSpec("mark", BytesCoder())

    def __init__(self, output: str, once: frozenset[str]) -> None:
        self._output = output
        self._once = once
        self._shared = Shared()
        self._counters = {name: Metrics.counter("dateline", name) for name in ("files", "looks_failed")}

    def setup(self) -> None:
        """Find the watches of this process, or make them."""
        self._watches: Watches = self._shared.acquire(Watches)

    def process(
        self,
        keyed: tuple[str, int],
        seen: Any = beam.DoFn.StateParam(SEEN),
        mark: Any = beam.DoFn.StateParam(MARK),
    ) -> Iterator[Any]:
        """One tick of a pattern; where nothing is to be done, the state is not asked for."""
        watch = self._watches.of(keyed[0], keyed[0] in self._once)
        if watch.is_idle() or is_stopping(self._output):
            return
        with watch.lock:
            files, ended = self._take(watch, seen, mark)
            parcels = list(self._parcels(watch, files, ended))
        yield from (FoundFile(os.fsencode(f.path), f.size_in_bytes, f.last_updated_in_seconds) for f in files)
        yield from map(partial(TaggedOutput, "parcels"), parcels)

    def _take(self, watch: Watch, seen: Any, mark: Any) -> tuple[list[FileMetadata], list[Cursor]]:
        """The files to read now; cursors of files that are gone, from time to time."""
        if not watch.mark or watch.mark != mark.read():
            self._load(watch, seen, mark)
        taken = watch.take()
        if not taken:
            return [], []
        keys = np.array([key for key, _ in taken], np.uint64)
        mark.write(watch.note(keys))
        files = [file for _, file in taken]
        if watch.pieces <= _MOST_PIECES + len(watch.seen) // _PIECE:
            seen.add(keys.tobytes())
            return files, []
        seen.clear()
        seen.add(watch.forget_gone().tobytes())
        return files, self._gone(watch)

    def _gone(self, watch: Watch) -> list[Cursor]:
        """Those of the dataset whose files are forgotten."""
        cursors = self._read_cursors(watch)
        is_gone = ~np.isin(make_keys(cursors), watch.seen)
        return [gone(cursors[at]) for at in np.flatnonzero(is_gone)[:_MOST_GONE]]

    def _read_cursors(self, watch: Watch) -> list[Cursor]:
        return keep_trying(partial(read_cursors, self._output, watch.pattern))

    def _load(self, watch: Watch, seen: Any, mark: Any) -> None:
        """From the runner's state; from the dataset where the runner has none."""
        known = mark.read()
        if known:
            watch.load(known, [np.frombuffer(piece, np.uint64) for piece in seen.read()])
            return
        watch.load(b"", [make_keys(self._read_cursors(watch))])
        seen.clear()
        for start in range(0, len(watch.seen), _PIECE):
            seen.add(watch.seen[start : start + _PIECE].tobytes())
        mark.write(watch.note(watch.seen[:0]))

    def _parcels(self, watch: Watch, files: list[FileMetadata], ended: list[Cursor]) -> Iterator[Parcel]:
        counts = {"files": len(files), "looks_failed": watch.failures}
        watch.failures = 0
        for name, count in counts.items():
            self._counters[name].inc(count)
        if any(counts.values()):
            yield wrap("counts", counts)
        if files:
            read = [Cursor(watch.pattern, item_of(f), f.size_in_bytes, changed_at(f)) for f in files]
            yield wrap("cursors", read + ended)


def split_found(found: FoundFile, limits: ReadLimits, date_from: str) -> Iterator[FileRange]:
    """The ranges in which a file is read."""
    path = os.fsdecode(found.name)
    for part in split_file(path, found.size, limits):
        yield date_part(part, FileMetadata(path, found.size, found.changed_s), date_from)


def _each(tick: int, patterns: list[str]) -> Iterator[tuple[str, int]]:
    for pattern in patterns:
        yield pattern, tick


def _read_now(part: FileRange, limits: ReadLimits) -> Iterator[Document]:
    yield from read_range(part, time.time_ns() // 1000, limits)
