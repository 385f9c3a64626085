"""What keeps forgotten articles from coming back: FORGOTTEN_ROWS."""

import numpy as np
from numpy.typing import NDArray

from schemas.forgotten import AGED, BEFORE, FORGOTTEN, FORGOTTEN_ROWS, GONE, SOURCE, TAKEN_DOWN
from schemas.keys import ENTRY_KEYS
from transforms.deduplicate.candidates import unique_rows
from transforms.deduplicate.keys import name_key
from transforms.deduplicate.stored.forgotten import Forgotten, Rows
from transforms.deduplicate.stored.merge_keys import merge_table
from transforms.deduplicate.stored.remembered import list_key_files, read_forgotten, to_table
from transforms.forget.selection import Ids, Selection
from transforms.write.sorted_rows import sort_rows
from transforms.write.staged import Staged
from transforms.write.write_table import file_name

_UID, _URL, _GUID, _TEXT = range(len(ENTRY_KEYS))


def make_tombstones(selection: Selection, ids: Ids, remembered: Ids, keys: Ids) -> Rows:
    """Of articles, all keys that were remembered of them, and the keys of their rows, of shape (rows, 4).

    A text that has a URL or guid beside it means the same article for some days alone, so age does not hold it back.
    What came from a source is held back by that source's name: others may carry it.
    """
    all_keys = np.concatenate([ids, remembered, keys.ravel()])
    all_keys = np.unique(all_keys[all_keys != 0])
    if selection.before:
        texts = keys[(keys[:, _URL] != 0) | (keys[:, _GUID] != 0), _TEXT]
        kinds = np.where(np.isin(all_keys, np.setdiff1d(texts, ids)), GONE, AGED)
        return _join(_rows(all_keys, kinds), _rows(np.array([selection.before], np.uint64), BEFORE))
    if selection.sources:
        names = np.array([name_key("source", source) for source in selection.sources], np.uint64)
        return _join(_rows(all_keys, GONE), _rows(names, SOURCE))
    return _rows(np.union1d(all_keys, selection.url_keys), TAKEN_DOWN)


def look_up_tombstones(rows: Rows) -> Forgotten:
    """FORGOTTEN_ROWS that are not stored yet."""
    return Forgotten(sort_rows(rows))


def taken_down(keys: Ids) -> Forgotten:
    """As if these keys were."""
    return look_up_tombstones(_rows(keys, TAKEN_DOWN))


def add_tombstones(staged: Staged, rows: Rows) -> int:
    """Stages those that are not stored, joined with stored files where these are many; how many there are."""
    stored = read_forgotten(list_key_files(staged.run.output))
    known = np.zeros(len(rows), bool)
    for kind in np.unique(rows["kind"]).tolist():
        of_kind = rows["kind"] == kind
        known[of_kind] = stored.has(rows["key"][of_kind], kind)
    if selected := len(fresh := rows[~known]):
        target = file_name(FORGOTTEN, ("", 0, 0), staged.run.run_id)
        staged.add(FORGOTTEN, target, to_table(fresh, FORGOTTEN))
        merge_table(staged, FORGOTTEN, staged.of(FORGOTTEN), FORGOTTEN.name)
    return selected


def _rows(keys: Ids, kinds: int | NDArray[np.int64]) -> Rows:
    rows = np.zeros(len(keys), FORGOTTEN_ROWS)
    rows["key"], rows["kind"] = keys, kinds
    return rows


def _join(*rows: Rows) -> Rows:
    return unique_rows(np.concatenate(rows))
