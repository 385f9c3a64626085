"""Prepares a commit: what is staged against what was counted."""

from schemas.errors import DatelineError
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, STORY_JOINS
from transforms.write.staged import Staged
from transforms.write.stored import row_count


def check_rows(staged: Staged) -> None:
    """Prepares a commit: raise DatelineError unless the staged files hold the rows that were counted."""
    for table in (ARTICLES, SIGHTINGS, REJECTS, STORY_JOINS):
        counted = staged.manifest["counts"].get(f"rows_{table.name}", 0)
        found = sum(row_count(file.path) for file in staged.of(table))
        if counted != found:
            raise DatelineError(f"{counted} rows of {table.name} were written but {found} are staged; run it again")
    written = staged.manifest["counts"].get("raw_files", 0)
    if written != len(staged.raw):
        raise DatelineError(f"{written} raw files were written but {len(staged.raw)} are staged; run it again")
