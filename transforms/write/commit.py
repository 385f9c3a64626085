"""The commit of a run: under the dataset's lock, all of its files or none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from schemas.errors import AlreadyCommitted
from schemas.tables import Table
from transforms.write.cursor import last_ingested_at
from transforms.write.intent import roll_forward, write_intent
from transforms.write.lock import hold_dataset
from transforms.write.manifests import already_committed, read_manifest
from transforms.write.run import Run
from transforms.write.staged import Staged, find_staged
from transforms.write.staging import recover_held

Prepare = Callable[[Staged], None]


def commit(
    run: Run,
    tables: Sequence[Table],
    manifest: dict[str, Any],
    prepare: Sequence[Prepare] = (),
    *,
    own_rows: bool = True,
) -> dict[str, Any]:
    """Commits what a run has staged for these tables, and returns its manifest as stored.

    Each of `prepare` may change the staged files and the manifest's counts, under the lock: they drop
    rows whose keys others have committed meanwhile, and merge key files. Rows that are not the run's own
    keep the ingested_at that they have.

    Raises:
        AlreadyCommitted: a run of this id has committed meanwhile.
        DatasetBusy: another process holds the dataset's lock.
        DatasetError: a stored or staged file cannot be read.
        ValueError: a file is staged for none of the tables.
    """
    for _ in commit_steps(run, tables, manifest, prepare, own_rows=own_rows):
        pass
    return read_manifest(run.output, run.run_id)


def commit_steps(
    run: Run,
    tables: Sequence[Table],
    manifest: dict[str, Any],
    prepare: Sequence[Prepare] = (),
    *,
    own_rows: bool = True,
) -> Iterator[str]:
    """As `commit`, yielding the name of each step when it is done: the points at which a crash may come."""
    with hold_dataset(run.output):
        recover_held(run.output)
        if already_committed(run.output, run.run_id):
            raise AlreadyCommitted(
                f"run {run.run_id} has committed to {run.output} meanwhile; this attempt adds nothing"
            )
        yield "lock"
        staged = stage_after(last_ingested_at(run.output), run, tables, manifest, own_rows)
        yield "stamp"
        for change in prepare:
            change(staged)
            yield "prepare"
        write_intent(staged)
        yield "intent"
        yield from roll_forward(run.output, run.staging)


def stage_after(
    last: int, run: Run, tables: Sequence[Table], manifest: dict[str, Any], own_rows: bool = True
) -> Staged:
    """What a run has staged, with an ingested_at later than that of the newest commit."""
    parts, raw = find_staged(run, tables)
    staged = Staged(run, manifest, parts, last != run.follows, raw=raw)
    if last >= run.ingested_at:
        later = replace(run, ingested_at=last + 1)
        if own_rows:
            staged.stamp(later)
        staged.run = later
    return staged
