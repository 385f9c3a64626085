"""Prepares a commit after another run's: whether that one has stored what this one took for new."""

import numpy as np

from schemas.errors import Overlapped
from schemas.keys import EXACT, VERSIONS
from transforms.deduplicate.remembered import EXACT_ROWS, KeyFiles, list_key_files, remember, to_rows
from transforms.write.staged import Staged


def refuse_overlap(staged: Staged, listed: KeyFiles) -> None:
    """Raise Overlapped if runs since `listed` remember a key, or a version of an article, that this run stages.

    Such a run has judged some entries by what no longer holds: it must be run again. Near-duplicates between two
    runs at once are not looked for.
    """
    if not staged.overlapped:
        return
    before, now = remember(listed), remember(list_key_files(listed.output))
    for file in staged.of(EXACT):
        keys = to_rows(staged.read(file), EXACT_ROWS)["key"]
        if (before.find(keys) != now.find(keys)).any():
            raise Overlapped(f"run {staged.run.run_id}: another run has stored some of the same entries meanwhile")
    for file in staged.of(VERSIONS):
        articles = staged.read(file, ["article"])["article"].to_numpy().astype(np.uint64)
        if (before.count_versions(articles) != now.count_versions(articles)).any():
            raise Overlapped(f"run {staged.run.run_id}: another run has stored other versions meanwhile")
