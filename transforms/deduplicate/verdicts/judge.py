"""The verdict on each occurrence of one article: new, a version, a duplicate, a repeat, or a return to an old text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.keys import DUPLICATE, NEW, ORIGINAL, REPEAT, RETURNED, REVERTED, VERSION
from transforms.deduplicate.verdicts.nearest import Near

Rows = NDArray[np.void]
# Fields of FACTS as lists, by name: single values are read from these ten times faster than from rows.
Columns = dict[str, list[int]]
# uid, article, story, duplicate_of, score, day, version, outcome, relation, alias: the fields of VERDICTS.
Verdict = tuple[int, int, int, int, float, int, int, int, int, bool]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A row of the facts, the article it belongs to, and how it was found to."""

    row: int
    article: int
    relation: int
    score: float
    alias: bool


@dataclass(slots=True)
class Known:
    """What is known of an article as its occurrences are judged one after the other."""

    article: int
    story: int
    day: int
    source: int
    near: Near | None = None
    versions: dict[int, int] = field(default_factory=dict)  # content -> version
    current: int = 0
    full: bool = False  # a full text has been seen, so summaries no longer count as changes

    @classmethod
    def stored(cls, versions: Rows) -> "Known | None":
        """From the remembered versions of an article; None where there are none."""
        if not len(versions):
            return None
        first, last = versions[0], versions[-1]
        known = cls(int(first["article"]), int(first["story"]), int(first["day"]), int(first["source"]))
        known.current = int(last["content"])
        known.versions = dict(zip(versions["content"].tolist(), versions["version"].tolist(), strict=True))
        known.full = bool(versions["full"].any())
        return known

    @classmethod
    def new(cls, columns: Columns, row: int, near: Near | None) -> "Known":
        """An article that starts with this row."""
        article, day, source = (columns[name][row] for name in ("article", "day", "source"))
        return cls(article, near.story if near else article, day, source, near)

    def add_version(self, content: int, full: bool) -> int:
        """Note a text as the current one; its version."""
        self.versions[content] = max(self.versions.values(), default=0) + 1
        self.current, self.full = content, self.full or full
        return self.versions[content]


def judge(known: Known, occurrences: list[Occurrence], columns: Columns, seen: set[int]) -> Iterator[Verdict]:
    """Verdicts in order. `seen` has the rows whose source is known to have carried the article."""
    contents, sources = columns["content"], columns["source"]
    own = {contents[o.row] for o in occurrences if _is_own(known, o, sources)}
    # An old text is a return to it only where the current one is no longer carried beside it.
    returned = own & known.versions.keys() if known.current not in own else set()
    carried: set[int] = set()
    for occurrence in occurrences:
        row, is_own = occurrence.row, _is_own(known, occurrence, sources)
        outcome = _outcome(known, contents[row], bool(columns["full"][row]), is_own, returned)
        if outcome == DUPLICATE and (row in seen or sources[row] in carried):
            outcome = REPEAT
        carried.add(sources[row])
        yield _verdict(known, occurrence, columns, outcome, is_own)


def _is_own(known: Known, occurrence: Occurrence, sources: list[int]) -> bool:
    return sources[occurrence.row] == known.source and not occurrence.alias


def _outcome(known: Known, content: int, full: bool, own: bool, returned: set[int]) -> int:
    if not known.versions:
        known.add_version(content, full)
        return NEW
    comparable = own and (full or not known.full)
    if comparable and content in returned and known.current not in returned:
        known.current = content
        return REVERTED
    if comparable and content not in known.versions:
        known.add_version(content, full)
        return VERSION
    return DUPLICATE


def _verdict(known: Known, occurrence: Occurrence, columns: Columns, outcome: int, is_own: bool) -> Verdict:
    relation = {NEW: ORIGINAL, VERSION: ORIGINAL, REVERTED: RETURNED}.get(outcome, occurrence.relation)
    near = known.near if outcome == NEW else None
    return (
        columns["uid"][occurrence.row],
        known.article,
        known.story,
        near.article if near else 0,
        near.score if near else occurrence.score,
        known.day,
        known.versions.get(columns["content"][occurrence.row], 0),
        outcome,
        relation,
        not is_own,
    )
