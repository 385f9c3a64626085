"""What is to be known of stored rows, as packed arrays: one row for each of articles, sightings, rejects and joins.

Ids and hashes are numbers, 0 for none; days are days since the epoch.
"""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.keys import ENTRY_KEYS, NEVER, PERMUTATIONS
from schemas.records import Article
from transforms.clean.variants import key_address
from transforms.deduplicate.keys import DAY, hash_key, reject_keys, text_key
from transforms.deduplicate.texts.signatures import mix

Rows = NDArray[np.void]
Ids = NDArray[np.uint64]

_KEYS = [(name, np.uint64) for name in ENTRY_KEYS]
_PLACE = [("file", np.int32), ("row", np.int32), ("folder", np.int32)]
# `derived`: an older version wrote the row, without keys; those found from its columns may not be all.
_COMMON = [*_KEYS, ("derived", np.bool_), ("ingested_at", np.int64), ("seen", np.int64), ("published", np.int64)]

ARTICLE_ROWS = np.dtype(
    [
        *((name, np.uint64) for name in ("article", "content", "source", "story", "duplicate_of", "signature")),
        ("version", np.int32),
        ("full", np.bool_),
        *_COMMON,
        *_PLACE,
    ]
)
SIGHTING_ROWS = np.dtype(
    [
        *((name, np.uint64) for name in ("article", "content", "source")),
        ("article_date", np.int32),
        ("original", np.bool_),
        ("returned", np.bool_),  # to an earlier text
        *_COMMON,
        *_PLACE,
    ]
)
JOIN_ROWS = np.dtype([*((name, np.uint64) for name in ("story", "joined_to")), *_PLACE])
REJECT_ROWS = np.dtype([("key", np.uint64), ("ingested_at", np.int64), ("seen", np.int64), *_PLACE])


def take_articles(rows: pa.Table) -> Rows:
    """ARTICLE_ROWS, without their place. ValueError for an id that is none."""
    taken = _take_common(rows, ARTICLE_ROWS)
    taken["story"], taken["duplicate_of"] = parse_ids(rows["story_id"]), parse_ids(rows["duplicate_of"])
    taken["version"] = rows["version"].to_numpy()
    from_page = pc.fill_null(rows["from_page"], False)
    taken["full"] = pc.or_(from_page, pc.equal(rows["content_kind"], "full")).to_numpy()
    taken["signature"] = hash_signatures(rows["signature"])
    _derive_keys(taken, rows, has_text=True)
    return taken


def take_sightings(rows: pa.Table) -> Rows:
    """SIGHTING_ROWS, without their place. ValueError for an id that is none."""
    taken = _take_common(rows, SIGHTING_ROWS)
    taken["article_date"] = rows["article_date"].cast(pa.int32()).to_numpy()
    for name, relation in (("original", "original"), ("returned", "reverted")):
        taken[name] = pc.equal(rows["relation"], relation).to_numpy()
    _derive_keys(taken, rows, has_text=False)
    return taken


def take_rejects(rows: pa.Table) -> Rows:
    """REJECT_ROWS, without their place."""
    taken = np.zeros(rows.num_rows, REJECT_ROWS)
    taken["key"] = reject_keys(rows)
    for name, column in (("ingested_at", "ingested_at"), ("seen", "first_seen_at")):
        taken[name] = times(rows[column])
    return taken


def take_joins(rows: pa.Table) -> Rows:
    """JOIN_ROWS, without their place. ValueError for an id that is none."""
    taken = np.zeros(rows.num_rows, JOIN_ROWS)
    taken["story"], taken["joined_to"] = parse_ids(rows["story_id"]), parse_ids(rows["joined_to"])
    return taken


def _take_common(rows: pa.Table, dtype: np.dtype[Any]) -> Rows:
    taken = np.zeros(rows.num_rows, dtype)
    taken["article"], taken["content"] = parse_ids(rows["article_id"]), parse_ids(rows["content_hash"])
    taken["source"] = _hash_sources(rows["source"])
    for name, column in (("ingested_at", "ingested_at"), ("seen", "first_seen_at"), ("published", "published_at")):
        taken[name] = times(rows[column])
    given, values = split_lists(rows["keys"], len(ENTRY_KEYS))
    for name, keys in zip(ENTRY_KEYS, values.T, strict=True):
        taken[name][given] = keys
    taken["derived"] = ~given
    return taken


def parse_ids(column: pa.ChunkedArray) -> Ids:
    """Ids of 16 hex digits as numbers; 0 for null. ValueError for another text."""
    ids = np.zeros(len(column), np.uint64)
    given = pc.is_valid(column).to_numpy()
    texts = column.drop_null().to_pylist()
    if any(len(text) != 16 for text in texts):
        raise ValueError("an id that has not 16 hex digits")
    ids[given] = np.frombuffer(bytes.fromhex("".join(texts)), ">u8")
    return ids


def times(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Microseconds since the epoch; NEVER for null."""
    whole: NDArray[np.int64] = pc.fill_null(column.cast(pa.int64()), NEVER).to_numpy()
    return whole


def _hash_sources(column: pa.ChunkedArray) -> Ids:
    encoded = column.combine_chunks().dictionary_encode()
    hashes = np.array([hash_key("source", source) for source in encoded.dictionary.to_pylist()], np.uint64)
    hashed: Ids = hashes[encoded.indices.to_numpy()] if len(hashes) else np.zeros(0, np.uint64)
    return hashed


def hash_signatures(column: pa.ChunkedArray) -> Ids:
    """One number for each signature, 0 for null. ValueError for one of another length."""
    hashes = np.zeros(len(column), np.uint64)
    given, words = split_lists(column, PERMUTATIONS)
    packed = np.ascontiguousarray(words).view(np.uint64)
    hashes[given] = mix(packed + np.arange(1, packed.shape[1] + 1, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    return hashes


def split_lists(column: pa.ChunkedArray, width: int) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Which lists are not null, and the values of those, of shape (lists, width). ValueError for another length."""
    lists = column.combine_chunks()
    given = lists.is_valid().to_numpy(zero_copy_only=False)
    if (pc.list_value_length(lists).drop_null().to_numpy() != width).any():
        raise ValueError(f"a list that has not {width} values")
    return given, lists.flatten().to_numpy().reshape(-1, width)


def _derive_keys(taken: Rows, rows: pa.Table, has_text: bool) -> None:
    """The keys of rows without them, as far as their columns tell."""
    at = np.flatnonzero(taken["derived"])
    names = ["url", "guid", "source", *(("title", "description", "body", "quality_flags") if has_text else ())]
    for place, row in zip(at.tolist(), rows.select(names).take(at).to_pylist(), strict=True):
        url = hash_key("url", key_address(row["url"])) if row["url"] else 0
        guid = hash_key("guid", row["source"], row["guid"]) if row["guid"] else 0
        article = int(taken["article"][place])
        taken["url"][place] = 0 if article == guid else url  # the id is of the first key: that URL was none
        taken["guid"][place] = guid
        if has_text:
            taken["uid"][place] = article  # a key that the article has for certain
            if "boilerplate_removed" not in row["quality_flags"]:
                taken["text"][place] = text_key(as_article(row), bool(url or guid))


def as_article(row: dict[str, Any]) -> Article:
    """The texts of a stored row, for what asks an article for no more."""
    texts = {name: row.get(name) or "" for name in ("title", "description", "body")}
    return cast(Article, SimpleNamespace(**texts))


def is_in(values: Ids, among: Ids) -> NDArray[np.bool_]:
    """As np.isin, five times as fast for a million numbers that are all different."""
    found = np.zeros(len(values), np.bool_)
    if len(among):
        ordered, order = np.sort(among), np.argsort(values)
        at = np.searchsorted(ordered, values[order])
        found[order] = ordered[np.minimum(at, len(ordered) - 1)] == values[order]
    return found


def days(times_: NDArray[np.int64]) -> NDArray[np.int32]:
    """Days since the epoch of times."""
    whole: NDArray[np.int32] = (times_ // DAY).astype(np.int32)
    return whole
