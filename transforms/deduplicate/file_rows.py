"""Verdicts applied: rows of articles and sightings, and what is to be remembered of them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import (
    DUPLICATE,
    ENTRY_KEYS,
    EXACT,
    NEW,
    ORIGINAL,
    PERMUTATIONS,
    RELATIONS,
    REPEAT,
    REVERTED,
    SIGNATURES,
    VERDICTS,
    VERSION,
    VERSIONS,
)
from schemas.tables import ARTICLES, SIGHTINGS, Table
from transforms.boilerplate.remove import unpack_lines
from transforms.boilerplate.window import lines_table
from transforms.deduplicate.candidates import unique_rows
from transforms.deduplicate.packing import unpack_facts
from transforms.deduplicate.stored.lookup import sighting_keys, texts_hold
from transforms.deduplicate.stored.remembered import EXACT_ROWS, Remembered, to_table

Rows = NDArray[np.void]


@dataclass(frozen=True)
class Filed:
    """Rows for each table, and the day (since the epoch) that each row of the dated ones is filed under."""

    articles: pa.Table
    article_days: NDArray[np.int32]
    sightings: pa.Table
    exact: pa.Table
    versions: pa.Table
    signatures: pa.Table
    signature_days: NDArray[np.int32]
    outcomes: NDArray[np.uint8]


def default_verdicts(facts: Rows) -> Rows:
    """VERDICTS for entries that share nothing: each is a new article of its own."""
    verdicts = np.zeros(len(facts), VERDICTS)
    for name in ("uid", "article", "day"):
        verdicts[name] = facts[name]
    verdicts["story"], verdicts["version"], verdicts["score"] = facts["article"], 1, 1.0
    verdicts["outcome"], verdicts["relation"] = NEW, ORIGINAL
    return verdicts


def match_verdicts(facts: Rows, judged: Rows, listed: set[int]) -> Rows:
    """The verdict of each row of facts: the judged one, else the default.

    The same entry a second time is a repeat: `listed` holds the uids met before, and gets those met now.
    """
    verdicts = default_verdicts(facts)
    if len(judged):
        judged = judged[np.argsort(judged["uid"])]
        at = np.minimum(np.searchsorted(judged["uid"], facts["uid"]), len(judged) - 1)
        found = judged["uid"][at] == facts["uid"]
        verdicts[found] = judged[at[found]]
    for row, uid in enumerate(facts["uid"].tolist()):
        if uid in listed:
            verdicts["outcome"][row] = REPEAT
        listed.add(uid)
    return verdicts


def file_rows(table: pa.Table, verdicts: Rows, remembered: Remembered, read_at: int, near_days: int) -> Filed:
    """Split packed articles into the rows that their verdicts make of them."""
    facts = unpack_facts(table)
    outcome = verdicts["outcome"]
    stored = (outcome == NEW) | (outcome == VERSION)
    current = stored | (outcome == REVERTED)
    sighted = (outcome == NEW) | (outcome == DUPLICATE) | (outcome == REVERTED)
    comparable = stored & facts["comparable"]
    return Filed(
        _articles(_own(table, ARTICLES).filter(stored), facts[stored], verdicts[stored], read_at),
        verdicts["day"][stored],
        _sightings(_own(table, SIGHTINGS).filter(sighted), facts[sighted], verdicts[sighted], read_at),
        to_table(_exact(facts, verdicts, remembered, near_days), EXACT),
        _versions(facts[current], verdicts[current]),
        _signatures(facts[comparable], verdicts[comparable]),
        verdicts["day"][comparable],
        outcome,
    )


def stored_lines(packed: pa.ChunkedArray, verdicts: Rows) -> pa.Table:
    """The packed lines to remember of articles that are stored, under the ids and days that these have got."""
    rows, counts = unpack_lines(packed)
    rows = rows.copy()
    rows["article"], rows["day"] = np.repeat(verdicts["article"], counts), np.repeat(verdicts["day"], counts)
    return lines_table(rows)


def hex_ids(ids: NDArray[np.uint64]) -> pa.Array:
    """Ids as the 16 hex digits that readers see; null for 0."""
    return pa.array([f"{value:016x}" if value else None for value in ids.tolist()], pa.string())


def _times(value: int, count: int) -> pa.Array:
    return pa.array(np.full(count, value), pa.int64()).cast(pa.timestamp("us", tz="UTC"))


def _lists(values: NDArray[np.unsignedinteger[Any]], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """The values of each row as a list, null where they are not `present`."""
    offsets = np.arange(len(values) + 1, dtype=np.int32) * math.prod(values.shape[1:])
    mask = None if present is None else pa.array(~present)
    return pa.ListArray.from_arrays(offsets, pa.array(values.ravel()), mask=mask)


def _key_lists(facts: Rows) -> pa.Array:
    return _lists(np.column_stack([facts[name] for name in ENTRY_KEYS]))


def _articles(table: pa.Table, facts: Rows, verdicts: Rows, read_at: int) -> pa.Table:
    has_near = verdicts["duplicate_of"] != 0
    added = {
        "article_id": hex_ids(verdicts["article"]),
        "version": pa.array(verdicts["version"]),
        "story_id": hex_ids(verdicts["story"]),
        "first_seen_at": _times(read_at, len(facts)),
        "content_hash": hex_ids(facts["content"]),
        "keys": _key_lists(facts),
        "signature": _lists(facts["signature"], facts["comparable"]),
        "fingerprint": _lists(facts["fingerprint"], facts["comparable"]),
        "duplicate_of": hex_ids(verdicts["duplicate_of"]),
        "duplicate_score": pa.array(verdicts["score"], mask=~has_near),
    }
    return _append(table, added)


def _sightings(table: pa.Table, facts: Rows, verdicts: Rows, read_at: int) -> pa.Table:
    relation = verdicts["relation"]
    added = {
        "article_id": hex_ids(verdicts["article"]),
        "article_date": pa.array(verdicts["day"]).cast(pa.date32()),
        "relation": pa.array(np.array(RELATIONS)[relation]),
        "score": pa.array(np.where(relation == ORIGINAL, np.float32(1), verdicts["score"])),
        "first_seen_at": _times(read_at, len(facts)),
        "content_hash": hex_ids(facts["content"]),
        "keys": _key_lists(facts),
    }
    return _append(table, added)


def _own(rows: pa.Table, table: Table) -> pa.Table:
    """The columns that are a table's own."""
    return rows.select([name for name in rows.column_names if name in table.schema.names])


def _append(rows: pa.Table, added: dict[str, pa.Array]) -> pa.Table:
    return pa.table(dict(zip(rows.column_names, rows.columns, strict=True)) | added)


def _exact(facts: Rows, verdicts: Rows, remembered: Remembered, near_days: int) -> Rows:
    keys = {name: facts[name] for name in ENTRY_KEYS}
    keys["sighting"] = sighting_keys(facts["source"], verdicts["article"])
    rows = np.zeros(len(keys) * len(facts), EXACT_ROWS)
    rows["key"] = np.concatenate([*keys.values()])
    for name in ("article", "day", "alias"):
        rows[name] = np.tile(verdicts[name], len(keys))
    # A key stays with the article it first led to; only a text may come to stand for another, after some days.
    fresh = ~remembered.has(rows["key"])
    is_text = np.repeat([name == "text" for name in keys], len(facts))
    texts = remembered.find_nearest(facts["text"], facts["day"])
    fresh[is_text] |= ~texts_hold(facts, texts["day"], near_days)
    return unique_rows(rows[(rows["key"] != 0) & fresh])


def _versions(facts: Rows, verdicts: Rows) -> pa.Table:
    both = dict.fromkeys(("content", "full", "source"), facts) | dict.fromkeys(
        ("article", "version", "story", "day"), verdicts
    )
    names = [name for name in VERSIONS.schema.names if name in both]
    return pa.table({name: pa.array(both[name][name]) for name in names})


def _signatures(facts: Rows, verdicts: Rows) -> pa.Table:
    signatures = np.ascontiguousarray(facts["signature"]).ravel()
    columns = [
        pa.array(verdicts["article"]),
        pa.array(verdicts["story"]),
        pa.array(facts["published"]),
        pa.FixedSizeListArray.from_arrays(signatures, PERMUTATIONS),
        _lists(facts["fingerprint"], facts["comparable"]),
        pa.array(facts["outlet"]),
        _lists(facts["words"], facts["comparable"]),
        _lists(facts["openings"], facts["comparable"]),
    ]
    return pa.table(columns, SIGNATURES.schema.names)
