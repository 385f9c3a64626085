"""A whole dataset, looked at without changing anything: file by file, then how rows and keys stand to each other."""

from collections.abc import Iterator

import numpy as np

from schemas.forgotten import FORGOTTEN
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, STORY_JOINS
from transforms.check.commits import read_commits
from transforms.check.compare_keys import exact_problems, signature_problems, version_problems
from transforms.check.disk import compare_files
from transforms.check.examined import Examined
from transforms.check.expected_keys import derive_exact, derive_signatures, derive_versions
from transforms.check.original_sightings import original_problems, without_original
from transforms.check.read_all import read_all
from transforms.check.standing import (
    reference_problems,
    row_problems,
    stand_articles,
    stand_rejects,
    stand_sightings,
)

ROW_TABLES = (ARTICLES, SIGHTINGS, REJECTS)
# Fields that hold ids of articles, and the columns that they are of.
_REFERENCES = {
    ARTICLES.name: {"story": "story_id", "duplicate_of": "duplicate_of"},
    STORY_JOINS.name: {"story": "story_id", "joined_to": "joined_to"},
}


def examine(output: str) -> Examined:
    """Reads every page of every file; up to 900 bytes of memory for each article, and a file's row group.

    Raises:
        NewerSchema: a later version of Dateline has written to the dataset.
    """
    commits = read_commits(output)
    found = Examined(output, commits, compare_files(output, commits))
    found.problems += [*commits.problems, *found.disk.problems]
    read_all(found)
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
    ids = np.unique(np.concatenate([articles.rows["article"], rows[FORGOTTEN.name]["key"]]))
    for name, fields in _REFERENCES.items():
        paths = found.paths.get(name, [])
        found.problems += reference_problems(rows[name], fields, ids, paths, is_note)


def _compare_keys(found: Examined) -> None:
    articles, sightings, rejects = (found.standings[table.name] for table in ROW_TABLES)
    derived = derive_exact(articles, sightings, rejects, found.commits.near_days, guessed=False)
    problems = [*exact_problems(found.rows[EXACT.name], articles, derived, found.rows[FORGOTTEN.name]["key"])]
    problems += version_problems(found.rows[VERSIONS.name], derive_versions(articles, sightings))
    found.stale |= {problem.where for problem in problems}
    if found.lost:
        found.stale |= {EXACT.name, VERSIONS.name}
    signatures = found.rows[SIGNATURES.name]
    for day, problem in signature_problems(signatures, derive_signatures(articles), articles):
        found.stale_days.add(day)
        problems.append(problem)
    found.problems += problems
