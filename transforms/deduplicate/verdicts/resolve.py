"""What becomes of entries that share a key with each other or with stored articles.

Entries are ordered by (published, id, updated, read): the first of a group is the article, unless one is stored,
which has already won. A near-duplicate is judged against articles that are kept, never against another copy, so a
group cannot chain from one text to another that shares little with it.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.keys import VERDICTS
from transforms.deduplicate.candidates import positions, unique_rows
from transforms.deduplicate.settings import DuplicateSettings
from transforms.deduplicate.stored.lookup import Hits, look_up, sighting_keys, texts_hold
from transforms.deduplicate.stored.remembered import Remembered
from transforms.deduplicate.texts.likeness import EXCERPT_OF, FULLER, UNLIKE, Texts, compare
from transforms.deduplicate.texts.openings import shared_openings
from transforms.deduplicate.texts.stock_openings import stock_openings
from transforms.deduplicate.verdicts.assign import assign
from transforms.deduplicate.verdicts.groups import connected
from transforms.deduplicate.verdicts.judge import Columns, Known, Occurrence, judge
from transforms.deduplicate.verdicts.nearest import Near, nearest_kept
from transforms.deduplicate.verdicts.stories import Stories
from transforms.deduplicate.verdicts.version_stories import join_stories_of_versions

Rows = NDArray[np.void]
_Ints = NDArray[np.int64]
_Shingles = dict[int, NDArray[np.uint32]]

_JUDGED = ("uid", "article", "url", "guid", "content", "source", "day", "full")


class Resolved(NamedTuple):
    """VERDICTS on entries, without new articles that are like nothing else, and JOINS of stories."""

    verdicts: Rows
    joins: Rows


def resolve(
    facts: Rows,
    pairs: Rows,
    remembered: Remembered,
    settings: DuplicateSettings,
    shingles: _Shingles,
    joins: Rows,
) -> Resolved:
    """Judge the incoming ones of FACTS rows.

    Given are the PAIRS among them and with stored ones, the shingles of the incoming texts that are at hand by uid,
    and the JOINS of stories so far.
    """
    facts, stored = _in_order(facts[~facts["stored"]]), _in_order(facts[facts["stored"]])
    hits = look_up(facts, remembered, settings.near_days)
    firsts = connected(len(facts), *_exact_edges(facts, hits, settings.near_days))
    has_hit = np.zeros(len(facts), np.bool_)
    has_hit[firsts[hits.article != 0]] = True
    of_new = np.where(has_hit[firsts], -1, firsts + len(stored))
    texts = Texts(np.concatenate([stored, facts]), settings.near_days, shingles)
    texts, likes = _find_likes(texts, pairs, np.where(has_hit, hits.article, facts["article"])[firsts])

    stories = Stories(joins)
    stands_for = np.concatenate([np.arange(len(stored)), of_new])
    nearest = nearest_kept(texts, stands_for, likes, stories, settings.keep)
    near = {row - len(stored): found for row, found in nearest.items()}
    columns = {name: facts[name].tolist() for name in _JUDGED}
    assigned = assign(columns, hits, firsts, near)
    known = _known(remembered, columns, assigned, near, {*hits.article.tolist(), *stored["article"].tolist()})
    verdicts = _judge_all(columns, assigned, known, _seen_before(facts, assigned, remembered))
    join_stories_of_versions(texts, likes, verdicts, stories)
    return Resolved(verdicts, stories.added())


def _in_order(facts: Rows) -> Rows:
    order = np.lexsort([facts[name] for name in ("uid", "read", "updated", "article", "published")])
    facts = facts[order]
    _, first = np.unique(facts["uid"], return_index=True)
    return facts[np.sort(first)]


def _exact_edges(facts: Rows, hits: Hits, near_days: int) -> tuple[_Ints, _Ints]:
    """Edges from the first with a URL, a guid or a text to the others with it."""
    edges = [_to_first(key) for key in (facts["url"], facts["guid"])]
    edges.append(_to_first_text(facts, np.where(hits.article != 0, hits.day, facts["day"]), near_days))
    left, right = (np.concatenate(side) for side in zip(*edges, strict=True))
    return left, right


def _to_first(keys: NDArray[np.uint64]) -> tuple[_Ints, _Ints]:
    rows = np.flatnonzero(keys)
    _, first, same = np.unique(keys[rows], return_index=True, return_inverse=True)
    return rows[first[same]], rows


def _to_first_text(facts: Rows, days: NDArray[np.int32], near_days: int) -> tuple[_Ints, _Ints]:
    """The first with a text stands for those that it holds for; the first of the others is the next one.

    `days` are those under which the article of each is filed.
    """
    edges = []
    rows = np.flatnonzero(facts["text"])
    while len(rows):
        first = rows[_to_first(facts["text"][rows])[0]]
        holds = texts_hold(facts[["url", "guid", "day"]][rows], days[first], near_days) | (first == rows)
        edges.append((first[holds], rows[holds]))
        rows = rows[~holds]
    left, right = (np.concatenate(side) for side in zip((rows, rows), *edges, strict=True))
    return left, right


def _find_likes(texts: Texts, pairs: Rows, articles: NDArray[np.uint64]) -> tuple[Texts, Rows]:
    """LIKES of the pairs of texts, by their rows in order; and the texts, with the openings found to be stock."""
    near = unique_rows(pairs[~pairs["exact"]])
    rows = np.sort([positions(texts.facts["uid"], near[side]) for side in ("left", "right")], axis=0)
    likes = compare(texts, *rows[:, rows[0] >= 0])
    likes = likes[likes["how"] != UNLIKE]
    excerpts = np.isin(likes["how"], (EXCERPT_OF, FULLER))
    if not excerpts.any():
        return texts, likes
    ends = np.stack([likes["second"], likes["first"]])[:, excerpts]
    summaries, fuller = np.where(likes["how"][excerpts] == FULLER, ends[::-1], ends)
    owners = np.concatenate([texts.facts["article"][: len(texts.facts) - len(articles)], articles])
    stock = stock_openings(texts.facts, owners, *shared_openings(texts.facts[summaries], texts.facts[fuller]))
    texts = replace(texts, stock=stock)
    return texts, compare(texts, likes["first"], likes["second"])


def _known(
    remembered: Remembered,
    columns: Columns,
    assigned: dict[int, list[Occurrence]],
    near: dict[int, Near],
    stored: set[int],
) -> dict[int, Known]:
    """What is known of each article. Raises DatasetError for a stored one whose versions are not remembered."""
    versions = remembered.versions_of(np.array([*assigned], np.uint64))
    known = {}
    for (article, occurrences), rows in zip(assigned.items(), versions, strict=True):
        found = Known.stored(rows)
        if found is None and article in stored:
            raise DatasetError(f"_keys/versions lacks article {article:016x}, to which other keys lead")
        first = occurrences[0].row
        known[article] = found or Known.new(columns, first, near.get(first))
    return known


def _judge_all(
    columns: Columns, assigned: dict[int, list[Occurrence]], known: dict[int, Known], seen: set[int]
) -> Rows:
    verdicts = [
        verdict for article, group in assigned.items() for verdict in judge(known[article], group, columns, seen)
    ]
    return np.array(verdicts, VERDICTS)


def _seen_before(facts: Rows, assigned: dict[int, list[Occurrence]], remembered: Remembered) -> set[int]:
    """The rows whose source is known to have carried their article."""
    occurrences = [occurrence for group in assigned.values() for occurrence in group]
    articles = np.array([occurrence.article for occurrence in occurrences], np.uint64)
    rows = np.array([occurrence.row for occurrence in occurrences], np.int64)
    seen = remembered.has(sighting_keys(facts["source"][rows], articles)) | remembered.has(facts["uid"][rows])
    return set(rows[seen].tolist())
