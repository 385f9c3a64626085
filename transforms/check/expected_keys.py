"""The keys that a dataset should remember, from its articles, sightings and rejects."""

from collections.abc import Iterator

import numpy as np

from schemas.keys import ENTRY_KEYS, NEVER
from transforms.check.commits import NEAR_DAYS
from transforms.check.rows import Ids, Rows, days, is_in
from transforms.check.standing import Days, Flags, Standing
from transforms.deduplicate.candidates import unique_rows
from transforms.deduplicate.stored.lookup import sighting_keys
from transforms.deduplicate.stored.remembered import EXACT_ROWS, VERSION_ROWS

_PARTS = 8
_SHIFT = np.uint64(61)  # leaves the part of a key

# What is remembered of a key, and since which commit; `own` is the day that the entry itself would be filed under.
_SINCE = np.dtype([*EXACT_ROWS.descr, ("at", np.int64), ("own", np.int32), ("alone", np.bool_)])


def derive_exact(
    articles: Standing, sightings: Standing, rejects: Standing, near_days: dict[int, int], *, guessed: bool
) -> Iterator[Rows]:
    """EXACT_ROWS, sorted: a key leads to the article that it first led to; a text may lead to several over time.

    Given one range of keys (see `key_part`) after the other: to make all takes several times their memory.
    `guessed`: with those that an older version has not written, as far as columns tell.
    """
    for part in range(_PARTS):
        firm, texts = _gather(articles, sightings, part, guessed)
        failed = np.zeros(int(rejects.keep.sum()), EXACT_ROWS)
        failed["key"] = rejects.rows["key"][rejects.keep]
        failed = key_part(failed, part)
        yield unique_rows(np.concatenate([failed, _first_commit(firm), _text_keys(texts, near_days)]))


def key_part(exact: Rows, part: int) -> Rows:
    """The EXACT_ROWS of a range of keys, counted from 0."""
    rows: Rows = exact[exact["key"] >> _SHIFT == part]
    return rows


def _gather(articles: Standing, sightings: Standing, part: int, guessed: bool) -> tuple[Rows, Rows]:
    """What is remembered of the keys of a part that lead to one article for good, and of texts."""
    stored, seen, own = articles.rows, sightings.rows, np.zeros(len(articles.rows), bool)
    firsts = articles.keep & (articles.value == 1)
    copies = sightings.keep & ~seen["original"]  # what an original brought is the article's own
    brought, carried = (sighting_keys(rows["source"], rows["article"]) for rows in (stored, seen))
    alias = ~seen["returned"] & ~seen["original"]
    found = {
        "sighting": [
            _since(stored, brought, articles.day, own, firsts, part),
            _since(seen, carried, sightings.value, alias, sightings.keep, part),
        ]
    }
    for name in ENTRY_KEYS:
        known = [guessed | ~rows["derived"] | (name == "uid") for rows in (stored, seen)]
        found[name] = [
            _since(stored, stored[name], articles.day, own, articles.keep & known[0], part),
            _since(seen, seen[name], sightings.value, alias, copies & known[1], part),
        ]
    texts = np.concatenate(found.pop("text"))
    return np.concatenate([rows for pair in found.values() for rows in pair]), texts


def _since(rows: Rows, keys: Ids, day: Days, alias: Flags, wanted: Flags, part: int) -> Rows:
    at = np.flatnonzero(wanted & (keys != 0) & (keys >> _SHIFT == part))
    rows = rows[at]
    since = np.zeros(len(rows), _SINCE)
    since["key"], since["article"], since["day"] = keys[at], rows["article"], day[at]
    since["alias"], since["at"] = alias[at], rows["ingested_at"]
    since["own"] = days(np.where(rows["published"] == NEVER, rows["seen"], rows["published"]))
    since["alone"] = (rows["url"] == 0) & (rows["guid"] == 0)
    return since


def _first_commit(since: Rows) -> Rows:
    """What the first commit with each key remembered of it."""
    since = since[np.lexsort((since["at"], since["key"]))]
    _, first, which = np.unique(since["key"], return_index=True, return_inverse=True)
    return _plain(since[since["at"] == since["at"][first][which]])


def _text_keys(since: Rows, near_days: dict[int, int]) -> Rows:
    since = since[np.lexsort((since["at"], since["key"]))]
    _, first, which, counts = np.unique(since["key"], return_index=True, return_inverse=True, return_counts=True)
    same = since["at"] == since["at"][first][which]
    moved = np.flatnonzero(~same & (since["article"] != since["article"][first][which]))
    contested = np.unique(which[moved])
    kept = [since[same & ~np.isin(which, contested)]]
    for group in contested.tolist():
        kept.append(_replay(since[first[group] : first[group] + counts[group]], near_days))
    return _plain(np.concatenate(kept))


def _replay(rows: Rows, near_days: dict[int, int]) -> Rows:
    """The rows of one text, in the order of their commits, that were remembered at the time."""
    remembered = np.zeros(len(rows), bool)
    for at in np.unique(rows["at"]).tolist():
        now, known = rows["at"] == at, rows[remembered]
        apart = np.abs(rows["own"][now, None] - known["day"]).min(axis=1, initial=2**30)
        holds = len(known) > 0 and rows["alone"][now]
        remembered[now] = ~(holds | (apart <= near_days.get(at, NEAR_DAYS)))
    return rows[remembered]


def _plain(since: Rows) -> Rows:
    plain = np.zeros(len(since), EXACT_ROWS)
    for name in EXACT_ROWS.names or ():
        plain[name] = since[name]
    return plain


def derive_versions(articles: Standing, sightings: Standing) -> Rows:
    """VERSION_ROWS, sorted: of every stored text, and of every return to one."""
    stored = articles.rows[articles.keep]
    rows = np.zeros(len(stored), VERSION_ROWS)
    for name in ("article", "content", "full", "source", "story", "ingested_at"):
        rows[name] = stored[name]
    rows["day"], rows["version"] = articles.day[articles.keep], articles.value[articles.keep]
    back = sightings.rows[sightings.keep & sightings.rows["returned"]]
    returns = _texts_returned_to(rows, back)
    return unique_rows(np.concatenate([rows, returns]))


def _texts_returned_to(versions: Rows, back: Rows) -> Rows:
    versions = versions[is_in(versions["article"], back["article"])]
    stored = zip(versions["article"].tolist(), versions["content"].tolist(), strict=True)
    places = {key: row for row, key in enumerate(stored)}
    texts = zip(back["article"].tolist(), back["content"].tolist(), strict=True)
    found = [(row, places[key]) for row, key in enumerate(texts) if key in places]
    returns = versions[[place for _, place in found]]
    if found:
        returns["source"] = back["source"][[row for row, _ in found]]
        returns["ingested_at"] = back["ingested_at"][[row for row, _ in found]]
    return returns


def derive_signatures(articles: Standing) -> Rows:
    """The ARTICLE_ROWS that a signature is remembered of, in the right folder."""
    return articles.take(articles.rows["signature"] != 0)
