"""Every file of a dataset, read whole: whether it is as it was written, and what is to be known of its rows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa

from schemas.errors import DatasetError, NewerSchema
from schemas.forgotten import FORGOTTEN
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, STORY_JOINS, Table
from transforms.check.commits import Listed
from transforms.check.compare_keys import take_exact, take_forgotten, take_signatures, take_versions
from transforms.check.contents import Contents, read_contents, take_nothing
from transforms.check.examined import Examined
from transforms.check.problems import Problem, set_aside, what_is_lost
from transforms.check.rows import Rows, take_articles, take_joins, take_rejects, take_sightings
from transforms.count_of import count_of
from transforms.write.raw import is_raw
from transforms.write.stored import table_of

_TAKE: dict[Table, Callable[[pa.Table], Rows]] = {
    ARTICLES: take_articles,
    SIGHTINGS: take_sightings,
    REJECTS: take_rejects,
    STORY_JOINS: take_joins,
    EXACT: take_exact,
    VERSIONS: take_versions,
    SIGNATURES: take_signatures,
    FORGOTTEN: take_forgotten,
}
_NO_DAY = np.iinfo(np.int32).min
_EPOCH = date(1970, 1, 1)


def read_all(found: Examined) -> None:
    """Adds the rows of the files, and what is wrong with a file by itself. NewerSchema for one of a later version."""
    taken = defaultdict(list)
    for path, listed in found.disk.kept.items():
        table = table_of(f"{found.output}/{path}")
        if is_raw(path):
            found.sound[path] = listed
        elif table and (contents := _read(found, path, table)):
            _compare(found, path, table, contents)
            taken[table.name].append(_place(found, path, table, contents))
    for table, take in _TAKE.items():
        pieces = taken.pop(table.name, [])  # one table after the other is in memory twice
        found.rows[table.name] = np.concatenate(pieces) if pieces else take(table.schema.empty_table())


def _read(found: Examined, path: str, table: Table) -> Contents | None:
    """None for a file that cannot be read, which is set aside."""
    whole = f"{found.output}/{path}"
    try:
        return read_contents(whole, table, _TAKE.get(table, take_nothing))
    except NewerSchema:
        raise
    except DatasetError as error:
        found.disk.aside.append(path)
        found.disk.adopted.discard(path)
        found.problems.append(set_aside(path, str(error).removeprefix(f"{whole}: "), what_is_lost(path)))
        return None


def _compare(found: Examined, path: str, table: Table, contents: Contents) -> None:
    listed = found.disk.kept[path]
    found.sound[path] = Listed(contents.rows, listed.size)
    if listed.rows not in (None, contents.rows):
        what = f"{count_of(contents.rows, 'row')} found, {listed.rows:,} written"
        found.problems.append(Problem(path, what, "lists it as it is"))
        found.disk.adopted.add(path)
    if not contents.in_order:
        _note_unsorted(found, path, table)
        found.problems.append(Problem(path, "the rows are not sorted", "writes them again in order"))


def _place(found: Examined, path: str, table: Table, contents: Contents) -> Rows:
    """The rows, with where they are."""
    places = found.paths.setdefault(table.name, [])
    rows, names = contents.taken, contents.taken.dtype.names or ()
    if "folder" in names:
        rows["folder"] = day_of(path)
    if "file" in names:
        rows["file"], rows["row"] = len(places), np.arange(contents.rows)
    places.append(path)
    return rows


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
        return int(_NO_DAY)
