"""A whole dataset, looked at without changing anything: file by file, then how rows and keys stand to each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from schemas.errors import DatasetError, NewerSchema
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, STORY_JOINS, Table
from transforms.check.commits import Commits, Listed, read_commits
from transforms.check.contents import read_contents, take_nothing
from transforms.check.derived import derive_exact, derive_versions
from transforms.check.disk import Disk, compare_files
from transforms.check.originals import original_problems, without_original
from transforms.check.problems import Problem, set_aside, what_is_lost
from transforms.check.remembered_keys import (
    exact_problems,
    expected_signatures,
    signature_problems,
    take_exact,
    take_signatures,
    take_versions,
    version_problems,
)
from transforms.check.rows import ARTICLE_ROWS, Rows, take_articles, take_joins, take_rejects, take_sightings
from transforms.check.standing import (
    Standing,
    reference_problems,
    row_problems,
    stand_articles,
    stand_rejects,
    stand_sightings,
)
from transforms.write.raw import is_raw
from transforms.write.stored import table_of

ROW_TABLES = (ARTICLES, SIGHTINGS, REJECTS)
_TAKE: dict[str, Callable[[pa.Table], Rows]] = {
    ARTICLES.name: take_articles,
    SIGHTINGS.name: take_sightings,
    REJECTS.name: take_rejects,
    STORY_JOINS.name: take_joins,
    EXACT.name: take_exact,
    VERSIONS.name: take_versions,
    SIGNATURES.name: take_signatures,
}
# Fields that hold ids of articles, and the columns that they are of.
_REFERENCES = {
    ARTICLES.name: {"story": "story_id", "duplicate_of": "duplicate_of"},
    STORY_JOINS.name: {"story": "story_id", "joined_to": "joined_to"},
}
NO_DAY = np.iinfo(np.int32).min
_EPOCH = date(1970, 1, 1)


@dataclass
class Examined:
    """What was found. Paths are below the dataset's folder."""

    output: str
    commits: Commits
    disk: Disk
    sound: dict[str, Listed] = field(default_factory=dict)  # files that can be read, as they are
    paths: dict[str, list[str]] = field(default_factory=dict)  # by table, in the order of their numbers
    rows: dict[str, Rows] = field(default_factory=dict)  # by table
    unsorted: set[str] = field(default_factory=set)  # but for keys
    standings: dict[str, Standing] = field(default_factory=dict)
    lacking: Rows = field(default_factory=lambda: np.zeros(0, ARTICLE_ROWS))  # articles without their first sighting
    stale: set[str] = field(default_factory=set)  # key tables to make anew
    stale_days: set[int] = field(default_factory=set)  # of signatures
    lost: list[str] = field(default_factory=list)  # files of articles, sightings and rejects, of which rows are gone
    problems: list[Problem] = field(default_factory=list)

    @property
    def damage(self) -> list[Problem]:
        """The problems that are no notes."""
        return [problem for problem in self.problems if not problem.is_note]


def examine(output: str) -> Examined:
    """Reads every page of every file; up to 900 bytes of memory for each article, and a file's row group.

    Raises:
        NewerSchema: a later version of Dateline has written to the dataset.
    """
    commits = read_commits(output)
    found = Examined(output, commits, compare_files(output, commits))
    found.problems += [*commits.problems, *found.disk.problems]
    _read_all(found)
    gone = [*found.disk.lost, *found.disk.aside, *_shrunk(found)]
    found.lost = [path for path in gone if _is_of_rows(found, path)]
    _stand(found)
    _compare_keys(found)
    return found


def _shrunk(found: Examined) -> Iterator[str]:
    """The files with fewer rows than were written."""
    for path, now in found.sound.items():
        written = found.commits.files.get(path)
        if written and (now.rows or 0) < (written.rows or 0):
            yield path


def _is_of_rows(found: Examined, path: str) -> bool:
    return path in found.commits.files and path.startswith(tuple(f"{table.name}/" for table in ROW_TABLES))


def _read_all(found: Examined) -> None:
    taken: dict[str, list[Rows]] = {}
    for path, listed in found.disk.kept.items():
        table = table_of(f"{found.output}/{path}")
        if is_raw(path):
            found.sound[path] = listed
        elif table is not None:
            for rows in _read(found, path, listed, table):
                taken.setdefault(table.name, []).append(rows)
    for name, take in _TAKE.items():
        pieces = taken.pop(name, [])  # one table after the other is in memory twice
        found.rows[name] = np.concatenate(pieces) if pieces else take(_table(name).schema.empty_table())


def _table(name: str) -> Table:
    return next(table for table in (*ROW_TABLES, STORY_JOINS, EXACT, VERSIONS, SIGNATURES) if table.name == name)


def _read(found: Examined, path: str, listed: Listed, table: Table) -> Iterator[Rows]:
    whole = f"{found.output}/{path}"
    try:
        contents = read_contents(whole, table, _TAKE.get(table.name, take_nothing))
    except NewerSchema:
        raise
    except DatasetError as error:
        found.disk.aside.append(path)
        found.disk.adopted.discard(path)
        found.problems.append(set_aside(path, str(error).removeprefix(f"{whole}: "), what_is_lost(path)))
        return
    found.sound[path] = Listed(contents.rows, listed.size)
    if listed.rows not in (None, contents.rows):
        what = f"{contents.rows:,} rows are there, {listed.rows:,} were written"
        found.problems.append(Problem(path, what, "lists it as it is"))
        found.disk.adopted.add(path)
    if not contents.in_order:
        _note_unsorted(found, path, table)
        found.problems.append(Problem(path, "the rows are not sorted", "writes them again in order"))
    places = found.paths.setdefault(table.name, [])
    if "folder" in (contents.taken.dtype.names or ()):
        contents.taken["folder"] = day_of(path)
    if "file" in (contents.taken.dtype.names or ()):
        contents.taken["file"], contents.taken["row"] = len(places), np.arange(contents.rows)
    places.append(path)
    yield contents.taken


def _note_unsorted(found: Examined, path: str, table: Table) -> None:
    if table is SIGNATURES:
        found.stale_days.add(day_of(path))
    elif table in (EXACT, VERSIONS):
        found.stale.add(table.name)
    else:
        found.unsorted.add(path)


def day_of(path: str) -> int:
    """Days since the epoch of the folder that a file is in; the smallest number for one that is no date."""
    try:
        return (date.fromisoformat(path.partition("/date=")[2].partition("/")[0]) - _EPOCH).days
    except ValueError:
        return int(NO_DAY)


def _stand(found: Examined) -> None:
    rows = found.rows
    articles = stand_articles(rows[ARTICLES.name], rows[SIGHTINGS.name])
    found.standings = {
        ARTICLES.name: articles,
        SIGHTINGS.name: stand_sightings(rows[SIGHTINGS.name], articles),
        REJECTS.name: stand_rejects(rows[REJECTS.name]),
    }
    for name, standing in found.standings.items():
        found.problems += row_problems(standing, found.paths.get(name, []))
    found.lacking = without_original(articles, found.standings[SIGHTINGS.name])
    found.problems += original_problems(found.lacking, found.paths.get(ARTICLES.name, []))
    is_note = found.commits.has_losses or bool(found.lost)
    for name, fields in _REFERENCES.items():
        paths = found.paths.get(name, [])
        found.problems += reference_problems(rows[name], fields, articles.rows, paths, is_note)


def _compare_keys(found: Examined) -> None:
    articles, sightings, rejects = (found.standings[table.name] for table in ROW_TABLES)
    expected_keys = derive_exact(articles, sightings, rejects, found.commits.near_days, guessed=False)
    problems = [*exact_problems(found.rows[EXACT.name], articles, expected_keys)]
    problems += version_problems(found.rows[VERSIONS.name], derive_versions(articles, sightings))
    found.stale |= {problem.where for problem in problems}
    if found.lost:
        found.stale |= {EXACT.name, VERSIONS.name}
    expected = expected_signatures(articles)
    for day, problem in signature_problems(found.rows[SIGNATURES.name], expected, articles):
        found.stale_days.add(day)
        problems.append(problem)
    found.problems += problems
