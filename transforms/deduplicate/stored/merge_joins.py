"""Prepares a commit: the joins of stories are one file, there from the first commit on, so every query finds it."""

import pyarrow as pa

from schemas.tables import STORY_JOINS
from transforms.write.staged import Staged
from transforms.write.stored import list_files, read_stored


def merge_joins(staged: Staged) -> None:
    """Adds the staged joins to the stored ones."""
    parts, stored = staged.of(STORY_JOINS), list_files(staged.run.output, STORY_JOINS.name)
    if stored and not parts:
        return
    rows = [*map(read_stored, stored), *map(staged.read, parts)]
    staged.replace(STORY_JOINS, pa.concat_tables([STORY_JOINS.schema.empty_table(), *rows]))
