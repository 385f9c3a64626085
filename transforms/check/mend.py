"""A repair: what a check has found, staged to be put right in one commit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.errors import Overlapped
from schemas.keys import EXACT, VERSIONS
from schemas.tables import ARTICLES, Table
from transforms.check.compare_keys import leads_nowhere
from transforms.check.examine import ROW_TABLES
from transforms.check.examined import Examined
from transforms.check.expected_keys import derive_exact, derive_versions, key_part
from transforms.check.mend_signatures import stage_signatures
from transforms.check.original_sightings import stage_originals
from transforms.check.problems import QUARANTINE
from transforms.check.read_all import day_of
from transforms.check.rows import Rows, is_in
from transforms.check.standing import Standing
from transforms.deduplicate.candidates import unique_rows
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.remembered import to_table
from transforms.write import files
from transforms.write.run import Run, staged_path
from transforms.write.staged import Staged
from transforms.write.stored import read_row_groups, table_of
from transforms.write.write_table import write_file

_LONGEST_NAME = 200  # of a staged file; filesystems take 255 bytes


class Mend:
    """The steps of a repair. `stage` writes what is new; `apply` prepares the commit; `record` is for its manifest."""

    def __init__(self, found: Examined, run: Run) -> None:
        self._found = found
        self._run = run
        self._aside = list(found.disk.aside)
        self._replaced: list[str] = []  # committed files whose rows are staged anew

    def stage(self) -> None:
        """Stages the rows of files that are not as they should be, and the keys that are to be made anew."""
        for name, paths in self._found.paths.items():
            standing = self._found.standings.get(name)
            changed = set(standing.rows["file"][standing.changed].tolist()) if standing else set()
            for number, path in enumerate(paths):
                if number in changed or path in self._found.unsorted:
                    self._rewrite(path, number, standing)
        stage_originals(self._found.lacking, self._found.paths.get(ARTICLES.name, []), self._run)
        for table, rows in self._keys():
            write_file(table, ("", 0, 0), to_table(rows, table), self._run)
            self._replaced += self._found.paths.get(table.name, [])
        self._replaced += stage_signatures(self._found, self._run)

    def _rewrite(self, path: str, number: int, standing: Standing | None) -> None:
        table = table_of(f"{self._run.output}/{path}")
        assert table is not None
        part = 0
        for rows, days in _mended(f"{self._run.output}/{path}", number, standing):
            for day in np.unique(days).tolist():
                key = (date_of(day) if table.dated else "", number, part)
                write_file(table, key, rows.filter(days == day), self._run)
                part += 1
        self._replaced.append(path)
        if standing is not None and not standing.keep[_of_file(standing, number)].all():
            self._aside.append(path)

    def _keys(self) -> Iterator[tuple[Table, Rows]]:
        standings = [self._found.standings[table.name] for table in ROW_TABLES]
        if EXACT.name in self._found.stale:
            yield EXACT, _exact_keys(self._found, standings)
        if VERSIONS.name in self._found.stale:
            yield VERSIONS, derive_versions(*standings[:2])

    def apply(self, staged: Staged) -> None:
        """Prepares the commit. Raises Overlapped if others have committed since the check."""
        if staged.overlapped:
            raise Overlapped(f"run {self._run.run_id}: another run has committed meanwhile")
        for path in self._aside:
            target = self._quarantine_path(path)
            files.copy(f"{self._run.output}/{path}", staged_path(self._run.staging, target))
            staged.aside.append(target)
        for path in [*self._aside, *self._replaced, *self._found.disk.missing]:
            staged.remove(path)

    def _quarantine_path(self, path: str) -> str:
        target = f"{QUARANTINE}/{self._run.run_id}/{path}"
        name = staged_path("", target)
        return target if len(name) <= _LONGEST_NAME else f"{QUARANTINE}/{self._run.run_id}/{self._aside.index(path)}"

    def record(self) -> dict[str, Any]:
        """What the manifest says of the repair: files taken in, moved aside and lost."""
        adopted: dict[str, Any] = {}
        for path in sorted(self._found.disk.adopted.difference(self._replaced)):
            table = path.rpartition("/")[0].partition("/date=")[0]
            rows, size = self._found.sound[path]
            adopted.setdefault(table, {"files": []})["files"].append({"path": path, "rows": rows, "bytes": size})
        quarantined = [{"path": path, "moved_to": self._quarantine_path(path)} for path in self._aside]
        return {"adopted": adopted, "quarantined": quarantined, "lost": self._found.lost}


def _exact_keys(found: Examined, standings: list[Standing]) -> Rows:
    """EXACT_ROWS to remember: what the rows tell for certain, what is remembered beside it, and what they suggest.

    What is remembered beside it are the keys of repeats and of pages asked for. Where rows are lost it would keep
    them away, and is forgotten.
    """
    articles, sightings, rejects = standings
    exact, days = found.rows[EXACT.name], found.commits.near_days
    exact = exact[~leads_nowhere(exact, articles) & (not found.lost)]
    certain, likely = (derive_exact(articles, sightings, rejects, days, guessed=guessed) for guessed in (False, True))
    parts = []
    for part, (sure, more) in enumerate(zip(certain, likely, strict=True)):
        known = key_part(exact, part)
        known = known[~is_in(known["key"], sure["key"])]
        more = more[~is_in(more["key"], np.concatenate([sure["key"], known["key"]]))]
        parts.append(unique_rows(np.concatenate([sure, known, more])))
    return np.concatenate(parts)


def _of_file(standing: Standing, number: int) -> slice:
    first, last = np.searchsorted(standing.rows["file"], [number, number + 1]).tolist()
    return slice(first, last)


def _mended(path: str, number: int, standing: Standing | None) -> Iterator[tuple[pa.Table, Any]]:
    """The rows to keep of a file, put right, a row group at a time, and the day of each (since the epoch)."""
    at = _of_file(standing, number).start if standing else 0
    for rows in read_row_groups(path):
        if standing is None:
            yield rows, np.full(rows.num_rows, day_of(path), np.int32)
            continue
        here = slice(at, at := at + rows.num_rows)
        if standing.column:
            kind = rows.schema.field(standing.column)
            values = pa.array(standing.value[here]).cast(kind.type)
            rows = rows.set_column(rows.column_names.index(standing.column), kind, values)
        keep = standing.keep[here]
        yield rows.filter(keep), standing.day[here][keep]
