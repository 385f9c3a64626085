"""Prepares a commit after another run's: what that one has stored meanwhile is left out of this one."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.keys import EXACT, ORIGINAL, RELATIONS, SAME_URL, SIGNATURES, VERSIONS
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS
from transforms.deduplicate.file_rows import hex_ids
from transforms.deduplicate.keys import hash_key, reject_key
from transforms.deduplicate.lookup import sighting_keys
from transforms.deduplicate.remembered import (
    EXACT_ROWS,
    KeyFiles,
    Remembered,
    list_key_files,
    remember,
    to_rows,
    to_table,
)
from transforms.write.staged import Staged

_Ids = NDArray[np.uint64]


def drop_committed(staged: Staged, listed: KeyFiles) -> None:
    """Take out of a commit what runs since `listed` have stored: articles, versions, sightings and rejects.

    A copy of such an article becomes a sighting of it. Of an entry whose text differs nothing is remembered,
    so that the next run judges it again. Near-duplicates between two runs at once are not looked for.
    """
    if not staged.overlapped:
        return
    now = list_key_files(listed.output)
    newer = KeyFiles(listed.output, _others(now.exact, listed.exact), _others(now.versions, listed.versions))
    known = remember(newer)
    moved = _moved_articles(staged, known, remember(listed))
    counts = staged.manifest["counts"]
    dropped = _filter_articles(staged, known, moved)
    counts["new_articles"] -= dropped[0]
    counts["new_versions"] -= dropped[1]
    _forget(staged, moved)
    sighted, repeated = _move_sightings(staged, known, moved)
    counts["duplicates"] += sighted - repeated
    counts["repeats"] += sum(dropped) - sighted + repeated
    _filter_rejects(staged, known)


def _others(now: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(now) - set(listed)))


def ids_of(column: pa.ChunkedArray) -> _Ids:
    """Ids from their 16 hex digits."""
    return np.array([int(value, 16) for value in column.to_pylist()], np.uint64)


def _moved_articles(staged: Staged, known: Remembered, before: Remembered) -> dict[int, int]:
    """By id of a new article: the stored one that has one of its keys now."""
    moved: dict[int, int] = {}
    for file in staged.of(EXACT):
        rows = to_rows(staged.read(file), EXACT_ROWS)
        found = known.find(rows["key"])
        own = (found["key"] != 0) & ~rows["alias"] & (found["article"] != 0) & ~before.has(rows["key"])
        moved |= dict(zip(rows["article"][own].tolist(), found["article"][own].tolist(), strict=True))
    new = {i for file in staged.of(ARTICLES) for i in _new_ids(staged.read(file, ["article_id", "version"]))}
    return {old: target for old, target in moved.items() if old in new}


def _new_ids(rows: pa.Table) -> list[int]:
    ids, versions = ids_of(rows["article_id"]), rows["version"].to_numpy()
    return [int(i) for i in ids[versions == 1]]


def _filter_articles(staged: Staged, known: Remembered, moved: dict[int, int]) -> tuple[int, int]:
    """Drops rows that are stored by now; how many first and later versions those were."""
    dropped = np.zeros(2, int)
    for file in staged.of(ARTICLES):
        rows = staged.read(file)
        ids, contents, versions = (
            ids_of(rows["article_id"]),
            ids_of(rows["content_hash"]),
            rows["version"].to_numpy(),
        )
        gone = np.isin(ids, list(moved)) & (versions == 1)
        numbers = versions.copy()
        for i in np.flatnonzero((versions > 1) & (known.count_versions(ids) > 0)).tolist():
            stored = known.versions_of(int(ids[i]))
            gone[i] = contents[i] in stored["content"]
            numbers[i] = stored["version"].max() + 1
        dropped += (np.count_nonzero(gone & (versions == 1)), np.count_nonzero(gone & (versions > 1)))
        if gone.any() or (numbers != versions).any():
            at = rows.schema.get_field_index("version")
            staged.rewrite(file, rows.set_column(at, rows.schema.field(at), pa.array(numbers)).filter(pa.array(~gone)))
    return int(dropped[0]), int(dropped[1])


def _move_sightings(staged: Staged, known: Remembered, moved: dict[int, int]) -> tuple[int, int]:
    """Leads sightings to the stored articles: how many originals became copies, how many rows are known by now."""
    sighted = repeated = 0
    for part, file in enumerate(staged.of(SIGHTINGS)):
        rows = staged.read(file)
        ids = ids_of(rows["article_id"])
        is_moved = np.isin(ids, list(moved))
        ids[is_moved] = [moved[i] for i in ids[is_moved].tolist()]
        keys = sighting_keys(_source_keys(rows), ids)
        stored = known.has(keys)
        sighted += int(np.count_nonzero(is_moved & (np.array(rows["relation"].to_pylist()) == RELATIONS[ORIGINAL])))
        repeated += int(np.count_nonzero(stored))
        days = np.where(is_moved, known.current(ids)["day"], rows["article_date"].cast(pa.int32()).to_numpy())
        staged.rewrite(file, _led_to(rows, ids, days, is_moved).filter(pa.array(~stored)))
        fresh = is_moved & ~stored
        target = f"{EXACT.name}/part-{staged.run.run_id}-moved-{part}.parquet"
        staged.add(EXACT, target, to_table(_exact_rows(keys[fresh], ids[fresh], days[fresh]), EXACT))
    return sighted, repeated


def _source_keys(rows: pa.Table) -> _Ids:
    return np.array([hash_key("source", source) for source in rows["source"].to_pylist()], np.uint64)


def _exact_rows(keys: _Ids, ids: _Ids, days: NDArray[np.int32]) -> NDArray[np.void]:
    rows = np.zeros(len(keys), EXACT_ROWS)
    rows["key"], rows["article"], rows["day"], rows["alias"] = keys, ids, days, True
    return rows


def _led_to(rows: pa.Table, ids: _Ids, days: NDArray[np.int32], is_moved: NDArray[np.bool_]) -> pa.Table:
    relation = pc.if_else(pa.array(is_moved), RELATIONS[SAME_URL], rows["relation"].cast(pa.string()))
    changed = {
        "article_id": hex_ids(ids),
        "article_date": pa.array(days, pa.int32()).cast(pa.date32()),
        "relation": relation,
    }
    return pa.table({name: changed.get(name, rows[name]) for name in rows.column_names})


def _forget(staged: Staged, moved: dict[int, int]) -> None:
    for table in (EXACT, VERSIONS, SIGNATURES):
        for file in staged.of(table):
            rows = staged.read(file)
            gone = np.isin(rows["article"].to_numpy(), list(moved))
            if gone.any():
                staged.rewrite(file, rows.filter(pa.array(~gone)))


def _filter_rejects(staged: Staged, known: Remembered) -> None:
    names = ("stage", "reason", "source", "payload")
    for file in staged.of(REJECTS):
        rows = staged.read(file)
        values = zip(*(rows[name].to_pylist() for name in names), strict=True)
        stored = known.has(np.array([reject_key(*value) for value in values], np.uint64))
        if stored.any():
            staged.rewrite(file, rows.filter(pa.array(~stored)))
