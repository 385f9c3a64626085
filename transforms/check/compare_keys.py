"""The keys that a dataset remembers, against those that follow from its rows."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.forgotten import FORGOTTEN_ROWS
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from transforms.check.expected_keys import key_part
from transforms.check.problems import Problem
from transforms.check.rows import Ids, Rows, hash_signatures, is_in
from transforms.check.standing import Standing, count_each
from transforms.count_of import count_of, noun
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.remembered import EXACT_ROWS, VERSION_ROWS
from transforms.deduplicate.texts.signatures import mix
from transforms.write.sorted_rows import to_rows

SIGNATURE_ROWS = np.dtype(
    [
        *((name, np.uint64) for name in ("article", "story", "signature")),
        ("published", np.int64),
        ("folder", np.int32),
    ]
)
SIGNATURE_NAMES = SIGNATURE_ROWS.names or ()
_ANEW = "makes the keys anew"


def take_exact(rows: pa.Table) -> Rows:
    """EXACT_ROWS."""
    return to_rows(rows, EXACT_ROWS)


def take_forgotten(rows: pa.Table) -> Rows:
    """FORGOTTEN_ROWS."""
    return to_rows(rows, FORGOTTEN_ROWS)


def take_versions(rows: pa.Table) -> Rows:
    """VERSION_ROWS."""
    return to_rows(rows, VERSION_ROWS)


def take_signatures(rows: pa.Table) -> Rows:
    """SIGNATURE_ROWS, without their folder."""
    taken = np.zeros(rows.num_rows, SIGNATURE_ROWS)
    for name in ("article", "story", "published"):
        taken[name] = rows[name].to_numpy()
    taken["signature"] = hash_signatures(rows["signature"])
    return taken


def hash_rows(rows: Rows, names: Sequence[str]) -> Ids:
    """A number for each row, from some of its fields."""
    hashes = np.zeros(len(rows), np.uint64)
    for name in names:
        hashes = mix(hashes + rows[name].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return hashes


def exact_problems(exact: Rows, articles: Standing, derived: Iterable[Rows], forgotten: Ids) -> Iterator[Problem]:
    """Keys that are missing, or lead elsewhere; `derived` are those that the rows are certain to have.

    A key that was forgotten may be missing: what remains was never found by it.
    """
    total = wrong = 0
    for part, rows in enumerate(derived):
        rows = rows[~is_in(rows["key"], forgotten)]
        total += len(rows)
        wrong += int(np.count_nonzero(_are_missing(rows, key_part(exact, part))))
    yield from _counted(EXACT.name, wrong, f"of {count_of(total, 'key')} missing or leading elsewhere")
    nowhere = int(np.count_nonzero(leads_nowhere(exact, articles)))
    yield from _counted(EXACT.name, nowhere, f"{noun(nowhere, 'key')} to articles that are not stored")


def _are_missing(derived: Rows, exact: Rows) -> NDArray[np.bool_]:
    """The keys that are not remembered, or, where they can lead to one article only, not as they are derived."""
    keys, counts = np.unique(derived["key"], return_counts=True)
    only = counts[np.searchsorted(keys, derived["key"])] == 1
    names = ("key", "article", "day")
    differ: NDArray[np.bool_] = only & ~is_in(hash_rows(derived, names), hash_rows(exact, names))
    return differ | ~is_in(derived["key"], exact["key"])


def leads_nowhere(exact: Rows, articles: Standing) -> NDArray[np.bool_]:
    """The keys of articles that are not stored."""
    nowhere: NDArray[np.bool_] = (exact["article"] != 0) & ~is_in(exact["article"], articles.rows["article"])
    return nowhere


def version_problems(versions: Rows, derived: Rows) -> Iterator[Problem]:
    """Versions that are missing, and those remembered that are not stored."""
    names = ("article", "content", "version", "source", "story", "day", "ingested_at")
    stored, remembered = hash_rows(derived, names), hash_rows(versions, names)
    missing, extra = (int(np.count_nonzero(~is_in(*pair))) for pair in ((stored, remembered), (remembered, stored)))
    yield from _counted(VERSIONS.name, missing, f"of {count_of(len(derived), 'version')} missing")
    yield from _counted(VERSIONS.name, extra, f"{noun(extra, 'version')} remembered that the articles do not have")


def signature_problems(signatures: Rows, derived: Rows, articles: Standing) -> Iterator[tuple[int, Problem]]:
    """By day: signatures that are missing, and those of articles that are not stored."""
    missing = ~is_in(hash_rows(derived, SIGNATURE_NAMES), hash_rows(signatures, SIGNATURE_NAMES))
    nowhere = leads_nowhere(signatures, articles)
    for folders, what in (
        (derived["folder"][missing], "missing"),
        (signatures["folder"][nowhere], "of articles that are not stored"),
    ):
        for day, count in count_each(folders):
            yield (
                day,
                Problem(f"{SIGNATURES.name}/date={date_of(day)}", f"{count_of(count, 'signature')} {what}", _ANEW),
            )


def _counted(where: str, count: int, what: str) -> Iterator[Problem]:
    if count:
        yield Problem(where, f"{count:,} {what}", _ANEW)
