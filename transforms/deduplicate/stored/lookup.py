"""Which stored article, if any, the keys of an entry lead to."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.keys import SAME_TEXT, SAME_URL
from transforms.deduplicate.stored.remembered import Remembered
from transforms.deduplicate.texts.signatures import mix

Rows = NDArray[np.void]
_PRIME = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True)
class Hits:
    """For each of n entries: the stored article its first remembered key leads to, and how. Arrays of shape (n,)."""

    article: NDArray[np.uint64]  # 0 for none
    day: NDArray[np.int32]  # that it is filed under
    alias: NDArray[np.bool_]  # none of its keys is the article's own: it is a copy
    relation: NDArray[np.uint8]
    complete: NDArray[np.bool_]  # every key the entry has leads to that article, and not its text alone
    same_entry: NDArray[np.bool_]  # the very same entry was read before


def sighting_keys(sources: NDArray[np.uint64], articles: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys under which it is remembered that a source carried an article."""
    return np.maximum(mix(mix(sources) + articles * _PRIME), np.uint64(1))


def texts_hold(facts: Rows, days: NDArray[np.int32], near_days: int) -> NDArray[np.bool_]:
    """Whether an equal text means the same article: for good where it is the only key, else for some days."""
    only_key = (facts["url"] == 0) & (facts["guid"] == 0)
    holds: NDArray[np.bool_] = only_key | (np.abs(facts["day"] - days) <= near_days)
    return holds


def look_up(facts: Rows, remembered: Remembered, near_days: int) -> Hits:
    """Find the stored article of each entry: by the entry itself, else URL, else guid, else text."""
    found = {name: remembered.find(facts[name]) for name in ("uid", "url", "guid")}
    found["text"] = remembered.find_nearest(facts["text"], facts["day"])
    found["text"][~texts_hold(facts, found["text"]["day"], near_days)] = 0
    best = np.zeros_like(found["uid"])
    for rows in reversed(found.values()):
        best[rows["key"] != 0] = rows[rows["key"] != 0]
    same_entry = found["uid"]["key"] != 0
    complete, alias = best["key"] != 0, best["key"] != 0
    for name in ("url", "guid", "text"):
        same = found[name]["article"] == best["article"]
        complete &= (facts[name] == 0) | same | same_entry
        alias &= found[name]["alias"] | ~same
    alias[same_entry] = best["alias"][same_entry]
    by_url = (found["url"]["key"] != 0) | (found["guid"]["key"] != 0)
    complete &= by_url | same_entry
    relation = np.where(by_url, SAME_URL, SAME_TEXT).astype(np.uint8)
    return Hits(best["article"], best["day"], alias, relation, complete, same_entry)


class Found(NamedTuple):
    """For each of n entries whether a key of it is remembered, it brings nothing at all, it was forgotten.

    What was forgotten brings nothing. Arrays of shape (n,).
    """

    known: NDArray[np.bool_]
    repeats: NDArray[np.bool_]
    forgotten: NDArray[np.bool_]


def find_known(facts: Rows, remembered: Remembered, near_days: int) -> Found:
    """Look up what is known of entries before they are compared with each other."""
    hits = look_up(facts, remembered, near_days)
    known = hits.article != 0
    forgotten = remembered.forgotten.holds(facts) | (~known & (facts["day"] < remembered.forgotten.before))
    return Found(known, find_repeats(facts, hits, remembered) | forgotten, forgotten)


def find_repeats(facts: Rows, hits: Hits, remembered: Remembered) -> NDArray[np.bool_]:
    """Entries that bring nothing at all: their keys, their source and their text are known of one article."""
    current = remembered.current(hits.article)
    seen = remembered.has(sighting_keys(facts["source"], hits.article))
    # Where an article has several texts, only all that a run carries of them tells whether one is a return.
    unchanged = (current["content"] == facts["content"]) | hits.same_entry
    unchanged &= remembered.count_versions(hits.article) == 1
    no_version = unchanged | (current["source"] != facts["source"]) | hits.alias
    repeats: NDArray[np.bool_] = hits.complete & (seen | hits.same_entry) & no_version
    return repeats
