"""Prepares the commit of a retag: files with new tags take the place of those that their rows are from."""

from collections.abc import Iterator, Sequence
from functools import cache

from schemas.errors import DatelineError
from schemas.tables import ARTICLES
from transforms.compact.plan import list_stored
from transforms.retag.plan import Stale
from transforms.write.staged import Staged
from transforms.write.stored import row_count
from transforms.write.write_table import file_name


def swap(staged: Staged, stale: Sequence[Stale]) -> None:
    """Lists for removal the files whose rows are staged with new tags; the manifest says how many.

    A file that has changed since, or is gone, stays as it is now, and the manifest names its day. Raises
    DatelineError where rows of a file are not staged.
    """
    listed, parts = cache(list_stored), {part.target: part for part in staged.parts}
    done, missed = [], set()
    for number, file in enumerate(stale):
        made = [parts[target] for target in _targets(number, file, staged.run.run_id) if target in parts]
        if file.file not in listed(file.file.path.rpartition("/")[0]):
            missed.add(file.day)
            for part in made:
                staged.drop(part)
            continue
        if (written := sum(row_count(part.path) for part in made)) != file.rows:
            raise DatelineError(f"{file.file.path}: {file.rows:,} rows were stored and {written:,} written")
        staged.remove(file.file.path)
        done.append(file)
    days, rows = sorted({file.day for file in done}), sum(file.rows for file in done)
    staged.manifest["retagged"] = {"files": len(done), "rows": rows, "days": days, "missed": sorted(missed)}


def _targets(number: int, file: Stale, run_id: str) -> Iterator[str]:
    """The paths of the files that `Retag` stages for a file."""
    return (file_name(ARTICLES, (file.day, number, group), run_id) for group in range(file.row_groups))
