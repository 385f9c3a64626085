"""What becomes of entries that share a key with each other or with stored articles.

Entries are ordered by (published, id, updated, read): the first of a group is the article, unless one is stored,
which has already won. A near-duplicate is judged against articles that are kept, never against another copy, so a
group cannot chain from one text to another that shares little with it.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from schemas.errors import DatasetError
from schemas.keys import NEAR_DUPLICATE, SAME_TEXT, SAME_URL, VERDICTS
from transforms.deduplicate.candidates import positions
from transforms.deduplicate.groups import connected
from transforms.deduplicate.judge import Known, Occurrence, judge
from transforms.deduplicate.lookup import Hits, look_up, sighting_keys, texts_hold
from transforms.deduplicate.nearest import Near, nearest_kept
from transforms.deduplicate.remembered import Remembered
from transforms.deduplicate.settings import DuplicateSettings

Rows = NDArray[np.void]


def resolve(facts: Rows, pairs: Rows, remembered: Remembered, settings: DuplicateSettings) -> Rows:
    """VERDICTS for the incoming ones of FACTS rows, given the PAIRS among them and with stored ones."""
    facts, stored = _in_order(facts[~facts["stored"]]), _in_order(facts[facts["stored"]])
    hits = look_up(facts, remembered, settings.near_days)
    groups = connected(len(facts), *_exact_edges(facts, pairs, hits, settings.near_days))
    fresh = [group for group in groups if not hits.article[group].any()]
    near = nearest_kept(facts, [group[0] for group in fresh], stored, pairs, settings)
    assigned = _assign(facts, hits, groups, near)
    return _judge_all(facts, assigned, near, remembered, {*hits.article.tolist(), *stored["article"].tolist()})


def _in_order(facts: Rows) -> Rows:
    order = np.lexsort([facts[name] for name in ("uid", "read", "updated", "article", "published")])
    facts = facts[order]
    _, first = np.unique(facts["uid"], return_index=True)
    return facts[np.sort(first)]


def _exact_edges(facts: Rows, pairs: Rows, hits: Hits, near_days: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    exact = pairs[pairs["exact"]]
    left, right = (positions(facts["uid"], exact[side]) for side in ("left", "right"))
    here = (left >= 0) & (right >= 0)
    left, right = left[here], right[here]
    one, other = facts[left], facts[right]
    same = (one["url"] == other["url"]) & (one["url"] != 0) | (one["guid"] == other["guid"]) & (one["guid"] != 0)
    text = (one["text"] == other["text"]) & (one["text"] != 0)
    text &= texts_hold(one, other["day"], near_days) | texts_hold(other, one["day"], near_days)
    found = np.flatnonzero(hits.article)
    _, first, same_target = np.unique(hits.article[found], return_index=True, return_inverse=True)
    keep = same | text
    return np.r_[left[keep], found[first[same_target]]], np.r_[right[keep], found]


def _assign(facts: Rows, hits: Hits, groups: list[list[int]], near: dict[int, Near]) -> dict[int, list[Occurrence]]:
    """The occurrences of each article, in order."""
    assigned: dict[int, list[Occurrence]] = {}
    for group in groups:
        first_hit = next((i for i in group if hits.article[i]), None)
        for occurrence in _of_group(facts, hits, group, first_hit, near.get(group[0])):
            assigned.setdefault(occurrence.article, []).append(occurrence)
    for occurrences in assigned.values():
        occurrences.sort(key=lambda occurrence: (occurrence.relation == NEAR_DUPLICATE, occurrence.row))
    return assigned


def _of_group(
    facts: Rows, hits: Hits, group: list[int], first_hit: int | None, near: Near | None
) -> Iterable[Occurrence]:
    seen: set[int] = set()
    for row in group:
        keys = {int(facts["url"][row]), int(facts["guid"][row])} - {0}
        relation = SAME_URL if keys & seen else SAME_TEXT
        seen |= keys
        if first_hit is not None:
            hit = row if hits.article[row] else first_hit
            relation = hits.relation[row] if hits.article[row] else relation
            yield Occurrence(row, int(hits.article[hit]), int(relation), 1.0, bool(hits.alias[hit]))
        elif near and near.drop:
            yield Occurrence(row, near.article, NEAR_DUPLICATE, near.score, True)
        else:
            yield Occurrence(row, int(facts["article"][group[0]]), relation, 1.0, False)


def _judge_all(
    facts: Rows,
    assigned: dict[int, list[Occurrence]],
    near: dict[int, Near],
    remembered: Remembered,
    stored: set[int],
) -> Rows:
    seen = _seen_before(facts, assigned, remembered)
    verdicts = np.zeros(len(facts), VERDICTS)
    for article, group in assigned.items():
        known = Known.stored(remembered.versions_of(article))
        if known is None and article in stored:
            raise DatasetError(f"_keys/versions lacks article {article:016x}, to which other keys lead")
        known = known or Known.new(facts[group[0].row], near.get(group[0].row))
        for occurrence, verdict in zip(group, judge(known, group, facts, seen), strict=True):
            verdicts[occurrence.row] = verdict
    return verdicts


def _seen_before(facts: Rows, assigned: dict[int, list[Occurrence]], remembered: Remembered) -> dict[int, bool]:
    """By row: whether its source is known to have carried its article."""
    occurrences = [occurrence for group in assigned.values() for occurrence in group]
    articles = np.array([occurrence.article for occurrence in occurrences], np.uint64)
    rows = np.array([occurrence.row for occurrence in occurrences], np.int64)
    seen = remembered.has(sighting_keys(facts["source"][rows], articles)) | remembered.has(facts["uid"][rows])
    return dict(zip(rows.tolist(), seen.tolist(), strict=True))
