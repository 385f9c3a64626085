"""One window of a stream, committed as a run: what a batch does to all it has read, done to what came meanwhile.

A window may come again, whole or in part, after a failure. So what is committed is remembered by the manifests: the
window's first run is `<stream>.<end of the window>`, those that follow have `-2`, `-3` ... at the end, and each lists
the packs that it was made of.
"""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import pyarrow as pa

from schemas.cursors import CURSORS
from schemas.errors import AlreadyCommitted, DatasetError, DatelineError, Overlapped
from schemas.keys import DATASET_TABLES
from schemas.tables import FEEDS
from transforms.check.refuse_damage import refuse_damage
from transforms.compact import AFTER_INGEST, compact
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.overlap import refuse_overlap
from transforms.deduplicate.stored.remembered import list_key_files, remember
from transforms.ledger import OUTCOMES, reconcile
from transforms.stream.file_window import Tally, file_window
from transforms.stream.in_order import InOrder
from transforms.stream.keep_trying import keep_trying
from transforms.stream.packs import list_packs, sweep_packs
from transforms.stream.parcels import Contents, Parcel, unwrap
from transforms.stream.settings import StreamSettings
from transforms.stream.status import Committed, write_status
from transforms.stream.unsettled import Unsettled
from transforms.stream.window_parts import packs_of_any, part_id, read_parts
from transforms.write.check_rows import check_rows
from transforms.write.commit import Prepare, commit
from transforms.write.cursors_table import replace_cursors
from transforms.write.feeds_table import replace_feeds
from transforms.write.manifests import build_manifest, iso_time
from transforms.write.run import Run, pipeline_version
from transforms.write.staged import Staged
from transforms.write.staging import begin

# How often a window is judged anew because others stored the same entries meanwhile.
ATTEMPTS = 5

# A cursor must not be stored before what an earlier window brought: it would be lost with the runner.
_in_order = InOrder()
_unsettled = Unsettled()
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Window:
    """What is to be committed. `read_at` is the run's clock, microseconds since the epoch."""

    settings: StreamSettings
    end_s: int
    contents: Contents
    read_at: int
    is_late: bool


def commit_window(
    settings: StreamSettings, window_end_s: int, parcels: list[Parcel], is_late: bool = False
) -> Committed:
    """Commits what came in the window that ends at a time, in seconds since the epoch, and tells of it.

    What was committed before is left out. Of those that wait the earliest window is first. What comes after its
    window, `is_late`, may come piece by piece, so counts add up when all has come. An OSError is waited out.

    Raises:
        DatasetError: a pack is gone and no run has committed it, or a stored file cannot be read.
        DatelineError: entries of a window that ended ten minutes before have no outcome.
        Overlapped: other runs keep storing the same entries.
    """
    _unsettled.check(settings.output, window_end_s)
    contents = unwrap(parcels)
    window = Window(settings, window_end_s, contents, time.time_ns() // 1000, is_late)
    with _in_order.turn(window_end_s):
        former = keep_trying(partial(_parts, window))
        keep_trying(partial(_commit, window))
        parts = keep_trying(partial(_parts, window))[len(former) :]
        _unsettled.add(settings.output, window_end_s, _left_open(window, parts))
        committed = _tell(window, parts)
        keep_trying(partial(sweep_packs, settings.output, {*contents.articles, *contents.rejects}))
        keep_trying(partial(write_status, settings, window_end_s, committed))
    if settings.compact and committed.run_id:
        _compact(settings.output)
    pa.default_memory_pool().release_unused()  # what a commit takes at its peak would stay with the process
    return committed


def _left_open(window: Window, parts: list[dict[str, Any]]) -> int:
    """Entries that were read and have no outcome yet, by the manifests of what has been committed by now."""
    if window.is_late and not parts:  # the counts alone
        return sum(counts.get("reads", 0) for counts in window.contents.counts)
    open_entries: int = sum(part.get("unsettled", 0) for part in parts)
    if open_entries > 0:
        _log.warning("%d entries of window %s have no outcome yet", open_entries, _time(window.end_s))
    return open_entries


def _compact(output: str) -> None:
    """Joins small files, as a batch does when it is done; where that fails the next window tries again."""
    try:
        compact(output, AFTER_INGEST, time.time_ns() // 1000)
    except (DatelineError, OSError) as error:
        _log.warning("the window is stored, but small files were not joined: %s", error)


def _tell(window: Window, parts: list[dict[str, Any]]) -> Committed:
    """What has been committed by now; `parts`: its manifest, also where a failure came after it was decided."""
    levels = sorted(level for told in window.contents.levels for level in told.items())
    committed = Committed(levels=dict(levels), lag_s=round(time.time() - window.end_s, 3))
    for part in parts:
        counts = {name: part[name] for name in Tally._fields}
        committed = committed._replace(run_id=part["run_id"], **counts)
    return committed


def _commit(window: Window) -> None:
    for _ in range(ATTEMPTS - 1):
        with suppress(Overlapped, AlreadyCommitted):  # of the latter the manifests say what it has committed
            _attempt(window)
            return
    _attempt(window)


def _attempt(window: Window) -> None:
    output, contents = window.settings.output, window.contents
    packs = [*contents.articles, *contents.rejects]
    present = list_packs(output)  # before the manifests: a pack is removed when one lists it
    parts = _parts(window)
    done = {name for part in parts for name in part["packs"]}
    if not done.union(present).issuperset(packs):  # a stream may go on from the state of one of another name
        done |= packs_of_any(output, window.end_s)
    for name in packs:
        if name not in present and name not in done:
            raise DatasetError(f"{output}/_stream/{name}: the file is gone, and no commit has taken it in")
    left = contents._replace(
        articles=[name for name in contents.articles if name not in done],
        rejects=[name for name in contents.rejects if name not in done],
    )
    is_begun = bool(parts) or not done.isdisjoint(packs)
    if left.articles or left.rejects or (_has_news(contents) and not is_begun):
        _commit_rest(replace(window, contents=left), len(parts), is_begun)


def _has_news(contents: Contents) -> bool:
    return bool(contents.states or contents.cursors or any(counts.get("reads") for counts in contents.counts))


def _parts(window: Window) -> list[dict[str, Any]]:
    return read_parts(window.settings.output, window.settings.run_id, window.end_s)


def _commit_rest(window: Window, number: int, is_begun: bool) -> None:
    settings, started = window.settings, time.monotonic()
    with begin(settings.output, part_id(settings.run_id, window.end_s, number), window.read_at) as run:
        run = replace(run, pipeline_version=pipeline_version(settings.entities))
        _look_once(run.output)
        keys = list_key_files(run.output)
        near_days, before = settings.duplicates.near_days, remember(keys)
        not_overtaken = partial(refuse_overlap, listed=keys, near_days=near_days, before=before)
        tally = file_window(window.contents, keys, run, settings)
        missing = tally.counts["reads"] - sum(tally.counts[outcome] for outcome in OUTCOMES)
        tally.counts["reads"] -= missing
        reconcile(tally.counts)
        # What came again was counted with what came first.
        manifest = _manifest(window, run, tally, time.monotonic() - started)
        manifest["unsettled"] = 0 if is_begun and not window.is_late else missing
        to_sources = [_leave_sources] if manifest["unsettled"] > 0 else [replace_feeds, replace_cursors]
        prepare: list[Prepare] = [not_overtaken, check_rows, merge_keys, merge_joins, *to_sources]
        commit(run, DATASET_TABLES, manifest, prepare)


def _leave_sources(staged: Staged) -> None:
    """Stores no cursor or validator of entries that are still to come: they would be lost with the runner."""
    for part in [*staged.of(FEEDS), *staged.of(CURSORS)]:
        staged.drop(part)


@cache
def _look_once(output: str) -> None:
    """It looks at every file: for each process, not for each window."""
    refuse_damage(output)


def _manifest(window: Window, run: Run, tally: Tally, seconds: float) -> dict[str, Any]:
    settings, contents = window.settings, window.contents
    timings = {"window": seconds}
    manifest = build_manifest(run, options=settings.shown, inputs=settings.inputs, counts=tally.counts, timings=timings)
    return manifest | {
        **tally._asdict(),
        "command": "stream",
        "stream": settings.run_id,
        "window": {"start": _time(window.end_s - settings.flush_s), "end": _time(window.end_s)},
        "packs": [*contents.articles, *contents.rejects],
        "cursors": [cursor._asdict() for cursor in contents.cursors if cursor.position >= 0],
    }


def _time(seconds: int) -> str:
    return iso_time(seconds * 1_000_000)
