"""Which articles go: their ids, found by columns that are small."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.keys import ENTRY_KEYS, EXACT
from schemas.tables import ARTICLES, SIGHTINGS, Table
from transforms.check.rows import parse_ids, split_lists
from transforms.compact.plan import list_partitions
from transforms.deduplicate.file_rows import hex_ids
from transforms.deduplicate.settings import date_of
from transforms.forget.selection import Ids, Selection, address_key
from transforms.write.stored import list_files, read_row_groups, read_stored

Flags = NDArray[np.bool_]
_URL = ENTRY_KEYS.index("url")
_NONE = np.zeros(0, np.uint64)


@dataclass
class Doomed:
    """The articles that go. `leads`: those that an address to forget is remembered as a copy of; they stay."""

    ids: Ids
    leads: Ids = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        self._names = hex_ids(self.ids)
        self._leads = hex_ids(self.leads)

    def has(self, article_ids: pa.ChunkedArray) -> Flags:
        """Which ids, as 16 hex digits, are of articles that go."""
        return _is_in(article_ids, self._names)

    def is_led_to(self, article_ids: pa.ChunkedArray) -> Flags:
        """Which are of `leads`."""
        return _is_in(article_ids, self._leads)


def find_doomed(output: str, selection: Selection) -> Doomed:
    """The articles of a selection; no bodies are read. DatasetError for a file that cannot be read."""
    if selection.before:
        dated = [path for path, _ in files_before(output, ARTICLES, selection.before)]
        rows = [read_stored(path, ["article_id"]) for path in dated]
        return Doomed(_unique([parse_ids(table["article_id"]) for table in rows]))
    found = [np.array(selection.ids, np.uint64)]
    for rows, hit in _hits(output, ARTICLES, selection, []):
        found.append(parse_ids(rows["article_id"].filter(hit)))
    # An article is also at the addresses that its own source gave it later.
    for rows, hit in _hits(output, SIGHTINGS, selection, ["relation"]):
        is_own = pc.is_in(rows["relation"], pa.array(["original", "reverted"]))
        found.append(parse_ids(rows["article_id"].filter(pc.and_(hit, is_own))))
    remembered = _remembered(output, selection.url_keys)
    own = remembered["article"].filter(pc.invert(remembered["alias"])).to_numpy()
    ids = _unique([*found, own])
    return Doomed(ids, np.setdiff1d(remembered["article"].to_numpy(), ids))


def files_before(output: str, table: Table, before: int) -> Iterator[tuple[str, str]]:
    """The files of a dated table that are filed before a day (since the epoch), and their dates."""
    for date, found in list_partitions(output, table):
        if date < date_of(before):
            yield from ((file.path, date) for file in found)


def is_hit(rows: pa.Table, selection: Selection) -> Flags:
    """Which rows, of articles or sightings, are at the addresses of a selection or from its sources."""
    hit: Flags = pc.is_in(rows["source"], pa.array(selection.sources, pa.string())).to_numpy().copy()
    if len(selection.url_keys):
        hit |= _has_url(rows, selection.url_keys)
    return hit


def row_keys(rows: pa.Table) -> Ids:
    """The ENTRY_KEYS of rows of articles or sightings, of shape (rows, 4); 0 where they say none."""
    given, values = split_lists(rows["keys"], len(ENTRY_KEYS))
    keys = np.zeros((rows.num_rows, len(ENTRY_KEYS)), np.uint64)
    keys[given] = values
    return keys


def days_of(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Days since the epoch of a column of dates."""
    whole: NDArray[np.int32] = column.cast(pa.int32()).to_numpy()
    return whole


def _hits(output: str, table: Table, selection: Selection, more: list[str]) -> Iterator[tuple[pa.Table, pa.Array]]:
    if not (selection.urls or selection.sources):
        return
    for path in list_files(output, table.name):
        for rows in read_row_groups(path, ["article_id", "source", "url", "keys", *more]):
            yield rows, pa.array(is_hit(rows, selection))


def _has_url(rows: pa.Table, keys: Ids) -> Flags:
    of_rows = row_keys(rows)[:, _URL]
    found = np.isin(of_rows, keys)
    keyless = np.flatnonzero((of_rows == 0) & rows["url"].is_valid().to_numpy())  # a link that many share is no key
    urls = rows["url"].take(keyless).to_pylist()
    found[keyless] = np.isin(np.array([address_key(url) for url in urls], np.uint64), keys)
    return found


def _remembered(output: str, keys: Ids) -> pa.Table:
    names = ["key", "article", "alias"]
    found = [EXACT.schema.empty_table().select(names)]
    if len(keys):
        for path in list_files(output, EXACT.name):
            found += [
                rows.filter(pa.array(np.isin(rows["key"].to_numpy(), keys))) for rows in read_row_groups(path, names)
            ]
    return pa.concat_tables(found)


def _is_in(texts: pa.ChunkedArray, among: pa.Array) -> Flags:
    flags: Flags = pc.is_in(texts, among).to_numpy()
    return flags


def _unique(parts: list[Ids]) -> Ids:
    return np.unique(np.concatenate([_NONE, *parts]))
