"""Prepares a commit after another run's: whether that one has stored what this one took for new."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from schemas.errors import Overlapped
from schemas.keys import EXACT, FACTS, SIGNATURES, SOUGHT, VERSIONS
from schemas.tables import STORY_JOINS
from transforms.deduplicate.candidates import find_pairs, near_keys, positions
from transforms.deduplicate.file_rows import hex_ids
from transforms.deduplicate.stored.remembered import KeyFiles, Remembered, list_key_files, remember
from transforms.deduplicate.stored.signature_files import read_signatures
from transforms.deduplicate.stored.stored_signatures import find_sought, seek
from transforms.deduplicate.texts.likeness import Texts, compare, is_alike
from transforms.deduplicate.verdicts.stories import read_joins
from transforms.write.staged import Staged

Rows = NDArray[np.void]


def refuse_overlap(staged: Staged, listed: KeyFiles, near_days: int, before: Remembered | None = None) -> None:
    """Raise Overlapped if runs since `listed` have stored what would change the judgement of this run.

    That is a key or a version of an article that this run stages, a text that is like one of those it stages, or that
    something was forgotten.
    Such a run has judged some entries by what no longer holds: it must be run again. `before` is what `listed` held,
    of a process that looks at later files meanwhile, for then those may be gone that others have joined.
    """
    if not staged.overlapped:
        return
    before = before or remember(listed)
    later = list_key_files(listed.output, listed.staging)
    if later.forgotten != listed.forgotten:
        raise Overlapped(f"run {staged.run.run_id}: what it has read may have been forgotten meanwhile")
    now = remember(later)
    for what, is_met in _look(staged, before, now, near_days):
        if is_met:
            raise Overlapped(f"run {staged.run.run_id}: another run has stored {what} meanwhile")


def _look(staged: Staged, before: Remembered, now: Remembered, near_days: int) -> Iterator[tuple[str, bool]]:
    yield "some of the same entries", _meets_keys(staged, before, now)
    yield "other versions", _meets_versions(staged, before, now)
    yield "texts like those of this run", _meets_texts(staged, before, now, near_days)
    yield "joins of the same stories", _meets_joins(staged)


def _meets_keys(staged: Staged, before: Remembered, now: Remembered) -> bool:
    files = [staged.read(file, ["key"])["key"].to_numpy() for file in staged.of(EXACT)]
    return any((before.find(keys) != now.find(keys)).any() for keys in files)


def _meets_versions(staged: Staged, before: Remembered, now: Remembered) -> bool:
    files = [staged.read(file, ["article"])["article"].to_numpy() for file in staged.of(VERSIONS)]
    return any(_has_changed(articles, before, now).any() for articles in files)


def _has_changed(articles: NDArray[np.uint64], before: Remembered, now: Remembered) -> NDArray[np.bool_]:
    changed: NDArray[np.bool_] = before.count_versions(articles) != now.count_versions(articles)
    return changed


def _meets_joins(staged: Staged) -> bool:
    files = [staged.read(file, ["story_id", "joined_to"]) for file in staged.of(STORY_JOINS)]
    mine = {story for file in files for column in file.columns for story in column.to_pylist()}
    return bool(mine) and not mine.isdisjoint(hex_ids(read_joins(staged.run.output)["story"]).to_pylist())


def _meets_texts(staged: Staged, before: Remembered, now: Remembered, near_days: int) -> bool:
    parts = [facts for file in staged.of(SIGNATURES) for facts in read_signatures(file.path, file.date)]
    mine = np.concatenate([np.zeros(0, FACTS), *parts])
    mine["stored"] = False
    for block, rows in seek(mine, near_days).items():
        stored, _ = find_sought(staged.run.output, block, np.frombuffer(rows, SOUGHT), near_days)
        stored = stored[_has_changed(stored["article"], before, now)]
        both = np.concatenate([stored, mine])
        pairs = find_pairs(near_keys(both), exact=False)
        first, second = (positions(both["uid"], pairs[side]) for side in ("left", "right"))
        is_other = (first < len(stored)) != (second < len(stored))
        if is_alike(compare(Texts(both, near_days), first[is_other], second[is_other])).any():
            return True
    return False
