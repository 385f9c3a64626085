"""One compaction from start to commit, and what it says."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from pipelines.failures import readable_failures
from schemas.errors import UsageError
from schemas.keys import DATASET_TABLES
from transforms.check import is_dataset
from transforms.compact import Choice, join_all, plan_joins, swap
from transforms.write.commit import commit
from transforms.write.manifests import COMPACT, build_manifest
from transforms.write.run import new_run_id
from transforms.write.staging import begin


def require_dataset(output: str) -> None:
    """Raises UsageError where there is no dataset."""
    if not is_dataset(output):
        raise UsageError(f"{output}: no dataset is here")


def compact_dataset(output: str, choice: Choice, read_at: int) -> dict[str, Any] | None:
    """Join the small files of each partition that has enough of them; the manifest, or None if nothing is joined.

    `read_at` is the clock, microseconds since the epoch. Other runs may read and commit meanwhile.

    Raises:
        DatasetError: a stored file cannot be read; nothing has changed.
        DatelineError: the files cannot be written.
        DatasetBusy: another process holds the dataset's lock.
    """
    started = time.monotonic()
    clock, _, some = new_run_id(read_at).rpartition("-")
    with begin(output, f"{clock}-{COMPACT}-{some}", read_at) as run, readable_failures(run):
        joins = plan_joins(run.output, DATASET_TABLES, choice)
        joined = join_all(joins, run)
        if not joined:
            return None
        timings = {COMPACT: time.monotonic() - started}
        manifest = build_manifest(run, options={"min_files": choice.min_files}, inputs=[], counts={}, timings=timings)
        prepare = [partial(swap, joined=joined)]
        return commit(run, DATASET_TABLES, manifest | {"command": COMPACT}, prepare, own_rows=False)


def saved_lines(manifest: dict[str, Any]) -> Iterator[str]:
    """What a compaction saved, a line for each table."""
    yield f"Compacted in {manifest['timings'][COMPACT]:.1f} s"
    for name, table in manifest["compacted"].items():
        repeats = f", {table['repeats']:,} repeats dropped" if table["repeats"] else ""
        yield (
            f"  {name:<17}{_size(table, 'before')}  to {_size(table, 'after')}"
            f"  in {table['partitions']:,} partitions{repeats}"
        )


def _size(table: dict[str, int], when: str) -> str:
    return f"{table[f'files_{when}']:>7,} files {table[f'bytes_{when}'] / 1e6:>9,.1f} MB"
