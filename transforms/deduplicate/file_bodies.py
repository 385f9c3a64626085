"""Bodies and verdicts to groups of rows for every table, some thousand bodies at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import EXACT, NEW, SIGNATURES, VERSION, VERSIONS
from schemas.lines import LINES
from schemas.tables import ARTICLES, SIGHTINGS
from transforms.boilerplate.remove import FLAG, index_recurring, remove_boilerplate
from transforms.deduplicate.file_rows import Filed, file_rows, match_verdicts, stored_lines
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.packing import unpack_facts
from transforms.deduplicate.settings import DeduplicateSettings, date_of
from transforms.deduplicate.stored.remembered import remember
from transforms.write.write_table import Group

Rows = NDArray[np.void]
Count = Callable[[Mapping[str, int]], object]

FILED = (ARTICLES, SIGHTINGS, EXACT, VERSIONS, SIGNATURES, LINES)

# By the outcome of a verdict: a return to an earlier text brings nothing new, either.
_COUNTED = ("new_articles", "new_versions", "duplicates", "repeats", "repeats")


def file_bodies(
    tables: Iterable[pa.Table], judged: Rows, recurring: Rows, settings: DeduplicateSettings, shard: str, count: Count
) -> Iterator[tuple[str, Group]]:
    """Rows by the name of their table, from packed articles, the VERDICTS on some of them, and RECURRING lines.

    `count` is given the outcomes, and the articles that lost boilerplate, of each of the tables.
    """
    found = {} if settings.keep_boilerplate else index_recurring(recurring)
    listed: set[int] = set()
    for part, table in enumerate(tables):
        verdicts = match_verdicts(unpack_facts(table), judged, listed)
        stored = np.isin(verdicts["outcome"], (NEW, VERSION))
        lines = stored_lines(table["lines"].filter(stored), verdicts[stored])
        table, changed = remove_boilerplate(table, found, stored)
        filed = file_rows(table, verdicts, remember(settings.keys), settings.read_at, settings.duplicates.near_days)
        count({FLAG: changed} | _count_outcomes(filed.outcomes))
        for name, date, rows in _place(filed, date_of(settings.read_at // DAY)):
            yield name, ((date, shard, part), rows)
        yield LINES.name, (("", shard, part), lines)


def _count_outcomes(outcomes: NDArray[np.uint8]) -> Counter[str]:
    counts = Counter(dict.fromkeys(_COUNTED, 0))
    for name, number in zip(_COUNTED, np.bincount(outcomes, minlength=len(_COUNTED)).tolist(), strict=True):
        counts[name] += number
    return counts


def _place(filed: Filed, seen_on: str) -> Iterator[tuple[str, str, pa.Table]]:
    """Table, date and rows."""
    for day in np.unique(filed.article_days).tolist():
        yield ARTICLES.name, date_of(day), filed.articles.filter(filed.article_days == day)
    for day in np.unique(filed.signature_days).tolist():
        yield SIGNATURES.name, date_of(day), filed.signatures.filter(filed.signature_days == day)
    for name, date, rows in (
        (SIGHTINGS.name, seen_on, filed.sightings),
        (EXACT.name, "", filed.exact),
        (VERSIONS.name, "", filed.versions),
    ):
        if rows.num_rows:
            yield name, date, rows
