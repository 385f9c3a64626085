"""A compaction from start to commit."""

import time
from collections import Counter, defaultdict
from functools import partial
from typing import Any

from schemas.keys import DATASET_TABLES
from transforms.check.refuse_damage import refuse_lost_keys
from transforms.compact.join import join_all
from transforms.compact.plan import Choice, Join, plan_joins
from transforms.compact.swap import swap
from transforms.group_by_size import group_by_size
from transforms.write.commit import commit
from transforms.write.manifests import COMPACT, build_manifest
from transforms.write.run import new_run_id
from transforms.write.staging import begin, check_output, recover

# What one commit replaces: as much again has to fit on the disk meanwhile.
COMMIT_BYTES = 4096 * 2**20


def compact(output: str, choice: Choice, read_at: int) -> dict[str, Any] | None:
    """Join the small files of each partition that has enough of them: what was saved, or None if nothing is joined.

    `read_at` is the clock, microseconds since the epoch. Other runs may read and commit meanwhile. There is a
    commit for every few partitions: what is joined stays so if a later one fails.

    Raises:
        DatasetError: a stored file cannot be read, or key files are gone.
        OSError: the files cannot be written.
        DatasetBusy: another process holds the dataset's lock.
    """
    output = check_output(output)
    recover(output)
    refuse_lost_keys(output)
    groups = group_by_size(plan_joins(output, DATASET_TABLES, choice), COMMIT_BYTES)
    manifests = [manifest for group in groups if (manifest := _commit(output, group, choice, read_at))]
    return _sum_up(manifests) if manifests else None


def _commit(output: str, joins: list[Join], choice: Choice, read_at: int) -> dict[str, Any] | None:
    """One commit of several joins; its manifest, or None if others have made them all meanwhile."""
    started = time.monotonic()
    with begin(output, new_run_id(read_at, COMPACT), read_at) as run:
        joined = join_all(joins, run)
        if not joined:
            return None
        timings = {COMPACT: time.monotonic() - started}
        manifest = build_manifest(run, options={"min_files": choice.min_files}, inputs=[], counts={}, timings=timings)
        prepare = [partial(swap, joined=joined)]
        return commit(run, DATASET_TABLES, manifest | {"command": COMPACT}, prepare, own_rows=False)


def _sum_up(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    tables: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, saved in (item for manifest in manifests for item in manifest["compacted"].items()):
        tables[name].update(saved)
    seconds = sum(manifest["timings"][COMPACT] for manifest in manifests)
    return {"seconds": seconds, "compacted": dict(tables)}
