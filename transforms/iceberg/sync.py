"""Iceberg tables made to list what a dataset holds: the difference, as one snapshot of each table."""

from collections.abc import Iterator
from typing import NamedTuple

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable

from schemas.tables import TABLES, Table
from transforms.compact.plan import StoredFile, list_partitions, list_stored
from transforms.iceberg.catalogs import open_catalog, open_table
from transforms.iceberg.data_files import describe, location_of
from transforms.iceberg.expire import HISTORY_S, expire
from transforms.iceberg.registration import choose_registration, keep_registration
from transforms.write.cursor import last_ingested_at
from transforms.write.lock import hold_dataset
from transforms.write.manifests import iso_time
from transforms.write.staging import recover_held

_MANY_MANIFESTS = 32


class Synced(NamedTuple):
    """What was done to a table, in files, and the rows that it has now."""

    table: str
    added: int
    removed: int
    rows: int


def sync(output: str, catalog: str | None, namespace: str | None, history: bool) -> list[Synced]:
    """Bring the tables of a dataset up to date, made if need be, under its lock: no commit comes between.

    Earlier snapshots stay for an hour, for who is reading them; without `history` they go at once, with all that was
    written of them.

    Raises as `choose_registration`, `open_catalog` and `open_table`, and:
        DatasetBusy: another process holds the dataset's lock.
        DatasetError: a stored file cannot be read.
    """
    with hold_dataset(output):
        recover_held(output)
        registration = choose_registration(output, catalog, namespace)
        with open_catalog(registration) as opened:
            keep_registration(registration)
            tables = [(table, open_table(opened, registration, table)) for table in TABLES]
            return [_sync_table(iceberg, output, table, history) for table, iceberg in tables]


def _sync_table(iceberg: IcebergTable, output: str, table: Table, history: bool) -> Synced:
    known = {task.file.file_path: task.file for task in iceberg.scan().plan_files()}
    now = {}
    for file in _stored(output, table):
        former = known.get(location := location_of(file.path))
        entry = former if former and _is_as(former, file, table) else describe(file, table, iceberg.metadata)
        if entry.record_count:  # pyiceberg would not list it, and it would be added each time
            now[location] = entry
    added = [entry for location, entry in now.items() if _differ(known.get(location), entry)]
    removed = [entry for location, entry in known.items() if _differ(now.get(location), entry)]
    if added or removed:
        _commit(iceberg, added, removed, iso_time(last_ingested_at(output)), history)
    expire(iceberg, HISTORY_S if history else 0)
    return Synced(table.name, len(added), len(removed), sum(entry.record_count for entry in now.values()))


def _stored(output: str, table: Table) -> Iterator[StoredFile]:
    if table.dated:
        return (file for _, found in list_partitions(output, table) for file in found)
    return iter(list_stored(f"{output}/{table.name}"))


def _is_as(entry: DataFile, file: StoredFile, table: Table) -> bool:
    """Whether an entry is that of a file, without a look at it: a dated one is never written twice."""
    return table.dated and entry.file_size_in_bytes == file.size


def _differ(one: DataFile | None, other: DataFile) -> bool:
    names = ("file_size_in_bytes", "record_count", "lower_bounds", "upper_bounds")
    return one is None or any(getattr(one, name) != getattr(other, name) for name in names)


def _commit(iceberg: IcebergTable, added: list[DataFile], removed: list[DataFile], commit: str, history: bool) -> None:
    with iceberg.transaction() as transaction:
        update = transaction.update_snapshot({"dateline.ingested_at": commit})
        with update.overwrite() if removed else update.merge_append() as snapshot:
            for entry in removed:
                snapshot.delete_data_file(entry)
            for entry in added:
                snapshot.append_data_file(entry)
        if removed and not (history and _count_manifests(iceberg) < _MANY_MANIFESTS):
            # Of nothing: unlike an overwrite it joins manifests, and drops what was removed.
            update.merge_append().commit()


def _count_manifests(iceberg: IcebergTable) -> int:
    snapshot = iceberg.current_snapshot()
    return len(snapshot.manifests(iceberg.io)) if snapshot else 0
