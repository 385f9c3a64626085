"""Rows that leave the tables of a dataset, and what they were known by."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.cursors import CURSORS
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.tables import ARTICLES, FEEDS, REJECTS, SIGHTINGS, STORY_JOINS, Table
from transforms.check.rows import is_in, parse_ids
from transforms.compact.plan import list_partitions
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.doomed import Doomed, days_of, files_before, is_hit
from transforms.forget.leaving import KNOWN_BY, Leaving
from transforms.forget.mentions import REJECT_FIELDS, is_reject_held
from transforms.forget.selection import Ids, Selection
from transforms.write.staged import Staged
from transforms.write.stored import list_files, read_stored, row_count
from transforms.write.take_out import take_out

Flags = NDArray[np.bool_]
IsOut = Callable[[pa.Table], Flags]


@dataclass
class Removal:
    """Takes what is selected out of a dataset, under its lock; `rows`: how many, by table."""

    staged: Staged
    selection: Selection
    doomed: Doomed
    rows: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.leaving = Leaving(self.selection)
        self._output = self.staged.run.output

    def take_articles(self) -> None:
        """Articles and sightings, whose keys and sources are noted."""
        if self.selection.before:
            for path, _ in files_before(self._output, ARTICLES, self.selection.before):
                self.leaving.note_articles(read_stored(path, KNOWN_BY))
                self._remove(ARTICLES, path)
            self._take_old_sightings()
        elif len(self.doomed.ids) or self.selection.urls or self.selection.sources:
            self._take(ARTICLES, KNOWN_BY, self._is_doomed)
            self._take(SIGHTINGS, KNOWN_BY, self._is_doomed_sighting)

    def _is_doomed(self, rows: pa.Table) -> Flags:
        out = self.doomed.has(rows["article_id"])
        if out.any():
            self.leaving.note_articles(rows.filter(pa.array(out)))
        return out

    def _is_doomed_sighting(self, rows: pa.Table) -> Flags:
        leads = self.doomed.is_led_to(rows["article_id"])
        self.leaving.sources.update(rows["source"].filter(pa.array(leads)).to_pylist())
        return self._note_sightings(rows, self.doomed.has(rows["article_id"]) | is_hit(rows, self.selection))

    def _note_sightings(self, rows: pa.Table, out: Flags) -> Flags:
        if out.any():
            leaving = rows.filter(pa.array(out))
            self.leaving.note_sightings(leaving, self.doomed.has(leaving["article_id"]))
        return out

    def _take_old_sightings(self) -> None:
        """By the date of the article: first the files that hold nothing else."""
        before, mixed = self.selection.before, set()
        for date, found in list_partitions(self._output, SIGHTINGS):
            for path in (file.path for file in found):
                is_old = days_of(read_stored(path, ["article_date"])["article_date"]) < before
                if is_old.all():
                    self._note_sightings(read_stored(path, KNOWN_BY), is_old)
                    self._remove(SIGHTINGS, path)
                elif is_old.any():
                    mixed.add(date)

        def is_old_row(rows: pa.Table) -> Flags:
            return self._note_sightings(rows, days_of(rows["article_date"]) < before)

        self._take(SIGHTINGS, [*KNOWN_BY, "article_date"], is_old_row, mixed)

    def take_keys(self) -> Ids:
        """What deduplication remembers of them; the exact keys."""
        found = [np.zeros(0, np.uint64)]

        def is_doomed(rows: pa.Table) -> Flags:
            out = is_in(rows["article"].to_numpy(), self.doomed.ids)
            if "key" in rows.column_names:
                found.append(rows["key"].to_numpy()[out])
            return out

        if len(self.doomed.ids):
            for path, _ in files_before(self._output, SIGNATURES, self.selection.before):
                self._remove(SIGNATURES, path)
            for table, columns in ((EXACT, ["key", "article"]), (VERSIONS, ["article"]), (LINES, ["article"])):
                self._take(table, columns, is_doomed)
            if not self.selection.before:
                self._take(SIGNATURES, ["article"], is_doomed)
        return np.concatenate(found)

    def take_rejects(self, forgotten: Forgotten) -> None:
        """Those filed before the day; those that are of what is taken down."""
        if self.selection.before:
            for path, _ in files_before(self._output, REJECTS, self.selection.before):
                self._remove(REJECTS, path)
            return

        def is_held(rows: pa.Table) -> Flags:
            out = np.array([is_reject_held(row, forgotten) for row in rows.to_pylist()], bool)
            self.leaving.sources.update(rows["source"].filter(pa.array(out)).to_pylist())
            return out

        self._take(REJECTS, REJECT_FIELDS, is_held)

    def take_sources(self) -> None:
        """What is known of the sources themselves: feeds, and how far files were read."""
        if sources := self.selection.sources:
            self._replace(FEEDS, lambda rows: _has_any(rows, ["url"], sources))
            self._replace(CURSORS, lambda rows: _has_any(rows, ["source", "item"], sources))

    def take_joins(self) -> None:
        """Joins of stories that no article is part of any more."""
        joins = [read_stored(path) for path in list_files(self._output, STORY_JOINS.name)]
        if len(self.doomed.ids) and joins and (rows := pa.concat_tables(joins)).num_rows:
            told = np.array([*self._stories_of_rest(rows)], np.uint64)
            self._replace(STORY_JOINS, lambda rows: ~np.isin(parse_ids(rows["story_id"]), told))

    def _stories_of_rest(self, joins: pa.Table) -> set[int]:
        """Those that have articles left, and those that they have become part of."""
        into = dict(zip(parse_ids(joins["story_id"]).tolist(), parse_ids(joins["joined_to"]).tolist(), strict=True))
        stories, told = np.array([*into], np.uint64), set[int]()
        for path in list_files(self._output, VERSIONS.name):
            rows = read_stored(path, ["article", "story"])
            rest = rows["story"].to_numpy()[~is_in(rows["article"].to_numpy(), self.doomed.ids)]
            waiting = stories[np.isin(stories, rest)].tolist()
            while waiting:
                if (story := waiting.pop()) in into and story not in told:
                    told.add(story)
                    waiting.append(into[story])
        return told

    def _take(self, table: Table, columns: Sequence[str], is_out: IsOut, days: Container[str] | None = None) -> None:
        self.rows[table.name] += take_out(self.staged, table, columns, is_out, days)

    def _remove(self, table: Table, path: str) -> None:
        self.rows[table.name] += row_count(path)
        self.staged.remove(path)

    def _replace(self, table: Table, is_out: IsOut) -> None:
        """Of a table of one file, which is there even without rows."""
        rows = [read_stored(path) for path in list_files(self._output, table.name)]
        out = [is_out(part) for part in rows]
        if count := sum(int(mask.sum()) for mask in out):
            self.rows[table.name] += count
            rest = [part.filter(pa.array(~mask)) for part, mask in zip(rows, out, strict=True)]
            self.staged.replace(table, pa.concat_tables(rest))


def _has_any(rows: pa.Table, names: list[str], values: Sequence[str]) -> Flags:
    flags: Flags = np.any([pc.is_in(rows[name], pa.array(values)).to_numpy() for name in names], axis=0)
    return flags
