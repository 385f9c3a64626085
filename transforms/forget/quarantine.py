"""What a repair has moved aside: it may hold rows that are forgotten, and some of it cannot be read."""

import pyarrow as pa

from schemas.errors import DatasetError
from schemas.tables import ARTICLES, FEEDS, REJECTS, SIGHTINGS, Table
from transforms.check.problems import QUARANTINE
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.doomed import Doomed, is_hit
from transforms.forget.leaving import KNOWN_BY
from transforms.forget.mentions import REJECT_FIELDS, is_reject_held
from transforms.forget.selection import Selection
from transforms.write import files
from transforms.write.staged import Staged
from transforms.write.stored import read_row_groups, table_of

# The other tables hold hashes alone, or names of files.
_TOLD_BY = {ARTICLES: KNOWN_BY, SIGHTINGS: KNOWN_BY, REJECTS: REJECT_FIELDS, FEEDS: ["url"]}


def drop_quarantined(staged: Staged, selection: Selection, doomed: Doomed, forgotten: Forgotten) -> int:
    """Lists for removal the files that are too old; those that hold such rows, or cannot be told not to."""
    output = staged.run.output
    gone = [
        path
        for path in files.find(f"{output}/{QUARANTINE}")
        if (_is_old(path, selection.before) if selection.before else not _is_free(path, selection, doomed, forgotten))
    ]
    for path in gone:
        staged.remove(path)
    return len(gone)


def _is_old(path: str, before: int) -> bool:
    date = path.partition("/date=")[2].partition("/")[0]
    return bool(date) and date < date_of(before)


def _is_free(path: str, selection: Selection, doomed: Doomed, forgotten: Forgotten) -> bool:
    table = table_of(path)
    if table is None:
        return False
    if table not in _TOLD_BY:
        return True
    try:
        return not any(
            _holds(table, rows, selection, doomed, forgotten) for rows in read_row_groups(path, _TOLD_BY[table])
        )
    except DatasetError:
        return False


def _holds(table: Table, rows: pa.Table, selection: Selection, doomed: Doomed, forgotten: Forgotten) -> bool:
    if table is REJECTS:
        return any(is_reject_held(row, forgotten) for row in rows.to_pylist())
    if table is FEEDS:
        return not set(selection.sources).isdisjoint(rows["url"].to_pylist())
    return bool((doomed.has(rows["article_id"]) | is_hit(rows, selection)).any())
