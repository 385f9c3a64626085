"""How stored rows stand to each other: which are written twice, filed under the wrong date, or lead to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.keys import NEVER
from transforms.check.problems import Problem
from transforms.check.rows import Ids, Rows, days, is_in
from transforms.count_of import count_of
from transforms.deduplicate.candidates import positions
from transforms.deduplicate.texts.signatures import mix

Flags = NDArray[np.bool_]
Days = NDArray[np.int32]


@dataclass
class Standing:
    """What is right for each row of a table: whether it stays, its folder, and the value of one column."""

    rows: Rows
    keep: Flags
    day: Days
    column: str = ""  # version or article_date
    value: Days = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def changed(self) -> Flags:
        """The rows that are not as they should be."""
        changed: Flags = ~self.keep | (self.day != self.rows["folder"]) | self.differs
        return changed

    @property
    def differs(self) -> Flags:
        """The rows in which the value of the column is another."""
        return self.rows[self.column] != self.value if self.column else np.zeros(len(self.rows), bool)

    def take(self, wanted: Flags) -> Rows:
        """Those of some rows that stay, in the right folder."""
        rows = self.rows[self.keep & wanted]
        rows["folder"] = self.day[self.keep & wanted]
        return rows


def is_repeated(rows: Rows, names: tuple[str, ...]) -> Flags:
    """The rows that agree in some columns with one that was committed before them, or with one in the same commit."""
    order = np.lexsort([rows["ingested_at"], *(rows[name] for name in reversed(names))])
    ordered = rows[order]
    repeated = np.zeros(len(rows), bool)
    if len(rows):
        repeated[order[1:]] = np.all([ordered[name][1:] == ordered[name][:-1] for name in names], axis=0)
    return repeated


def stand_articles(articles: Rows, sightings: Rows) -> Standing:
    """An article is filed under the day that its first version was published, else as its original sighting says."""
    keep = ~is_repeated(articles, ("article", "content"))
    return Standing(articles, keep, filing_days(articles, sightings), "version", _renumber(articles, keep))


def filing_days(articles: Rows, sightings: Rows) -> Days:
    """The day that each row of ARTICLE_ROWS should be filed under."""
    order = np.lexsort((articles["ingested_at"], articles["version"], articles["article"]))
    ids, first, which = np.unique(articles["article"][order], return_index=True, return_inverse=True)
    firsts = articles[order[first]]
    right = firsts["folder"].copy()
    originals = sightings[sightings["original"]]
    at = positions(ids, originals["article"])
    right[at[at >= 0]] = originals["article_date"][at >= 0]
    dated = (firsts["version"] == 1) & (firsts["published"] != NEVER)
    right[dated] = days(firsts["published"][dated])
    whole = np.empty(len(articles), np.int32)
    whole[order] = right[which]
    return whole


def _renumber(articles: Rows, keep: Flags) -> NDArray[np.int32]:
    """The versions, the later of two texts of one number counted anew."""
    versions = articles["version"].copy()
    kept = np.flatnonzero(keep)
    repeats = kept[is_repeated(articles[kept], ("article", "version"))]
    same = articles[is_in(articles["article"], articles["article"][repeats])]
    same = same[np.argsort(same["version"])]
    newest = dict(zip(same["article"].tolist(), same["version"].tolist(), strict=True))  # the last of each stays
    for row, article in zip(repeats.tolist(), articles["article"][repeats].tolist(), strict=True):
        versions[row] = newest[article] = newest[article] + 1
    return versions


def stand_sightings(sightings: Rows, articles: Standing) -> Standing:
    """A sighting is of a stored article, a return of a stored text; once for each source, but for returns.

    It is under the day that it was made.
    """
    at = positions(articles.rows["article"], sightings["article"])
    stored = at >= 0
    carried = np.flatnonzero(~sightings["returned"])
    returns = np.flatnonzero(sightings["returned"])
    texts = [mix(rows["article"]) + rows["content"] for rows in (sightings, articles.rows)]
    keep = stored & (~sightings["returned"] | is_in(*texts))
    keep[carried[is_repeated(sightings[carried], ("article", "source"))]] = False
    keep[returns[is_repeated(sightings[returns], ("article", "source", "content", "ingested_at"))]] = False
    article_days = sightings["article_date"].copy()
    article_days[stored] = articles.day[at[stored]]
    return Standing(sightings, keep, days(sightings["seen"]), "article_date", article_days)


def stand_rejects(rejects: Rows) -> Standing:
    """A reject is written once, under the day that it was met."""
    return Standing(rejects, ~is_repeated(rejects, ("key",)), days(rejects["seen"]))


def row_problems(standing: Standing, paths: list[str]) -> Iterator[Problem]:
    """What is wrong with the rows of each file; `paths` are those of the files by their number."""
    rows = standing.rows
    kinds: list[tuple[Flags, str, str]] = [
        (~standing.keep, "written twice, or of a text that is not stored", "leaves them out; the file is kept"),
        (standing.keep & (standing.day != rows["folder"]), "filed under the wrong date", "moves them"),
        (standing.keep & standing.differs, f"with a wrong {standing.column}", "puts it right"),
    ]
    for flags, what, repair in kinds:
        for file, count in count_each(rows["file"][flags]):
            yield Problem(paths[file], f"{count_of(count, 'row')} {what}", repair)


def count_each(values: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """The distinct values, and how often there is each."""
    distinct, counts = np.unique(values, return_counts=True)
    yield from zip(distinct.tolist(), counts.tolist(), strict=True)


def reference_problems(
    rows: Rows, names: dict[str, str], ids: Ids, paths: list[str], is_note: bool
) -> Iterator[Problem]:
    """Rows that lead to articles that are neither stored nor forgotten; no damage where rows are known to be lost.

    `names` are the fields that hold ids, and the columns that they are of.
    """
    for name, column in names.items():
        for file, count in count_each(rows["file"][(rows[name] != 0) & ~is_in(rows[name], ids)]):
            yield Problem(paths[file], f"{count_of(count, 'row')} with a {column} that is not stored", "", is_note)
