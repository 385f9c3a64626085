"""Snapshots of a table that are no longer wanted, and the files of metadata that they alone have."""

import time
from collections.abc import Iterable
from contextlib import suppress

from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Snapshot

HISTORY_S = 3600


def expire(iceberg: IcebergTable, age_s: int) -> None:
    """Forget the snapshots of a table that are older than so many seconds, but for the current one.

    Their metadata is removed before it is forgotten: whoever was stopped in between begins again.
    """
    before_ms = (time.time() - age_s) * 1000
    current = iceberg.current_snapshot()
    old = [each for each in iceberg.snapshots() if each != current and each.timestamp_ms <= before_ms]
    if not old:
        return
    kept = _manifests(iceberg, [each for each in iceberg.snapshots() if each not in old])
    for path in sorted(_manifests(iceberg, old) - kept) + [each.manifest_list for each in old]:
        with suppress(FileNotFoundError):
            iceberg.io.delete(path)
    iceberg.maintenance.expire_snapshots().by_ids([each.snapshot_id for each in old]).commit()


def _manifests(iceberg: IcebergTable, snapshots: Iterable[Snapshot]) -> set[str]:
    found: set[str] = set()
    for snapshot in snapshots:
        with suppress(FileNotFoundError):  # an expiry that was stopped has removed them
            found.update(manifest.manifest_path for manifest in snapshot.manifests(iceberg.io))
    return found
