"""The mentions of a batch's entities, in the order of the text, and the words around them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.tag.text import FIELDS, Ints

_LONGEST = 40  # code points between two names, or after one


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions in the order of rows, fields and text."""

    entity: Ints
    row: Ints
    field: Ints  # in FIELDS
    start: Ints  # code points into the field
    end: Ints

    def followed(self) -> Ints:
        """The numbers of those that have another one close behind."""
        gap = self.start[1:] - self.end[:-1]
        same = (self.row[1:] == self.row[:-1]) & (self.field[1:] == self.field[:-1])
        return np.flatnonzero(same & (gap > 0) & (gap <= _LONGEST))


def find_mentions(entities: pa.ListArray) -> Mentions:
    """All mentions of a list of ENTITY; entities are numbered as they come."""
    flat = entities.flatten()
    lists = flat.field("mentions")
    mentions = lists.flatten()
    entity = pc.list_parent_indices(lists).to_numpy()
    row = pc.list_parent_indices(entities).to_numpy()[entity]
    field = pc.index_in(mentions.field("field"), pa.array(FIELDS)).to_numpy()
    start, end = (mentions.field(name).to_numpy() for name in ("start", "end"))
    order = np.lexsort((start, field, row))
    return Mentions(*(column[order] for column in (entity, row, field, start, end)))


class Texts:
    """The texts of a batch, each made once."""

    def __init__(self, batch: pa.RecordBatch, mentions: Mentions) -> None:
        self._mentions = mentions
        self._columns = [batch[field] for field in FIELDS]
        self._made: dict[tuple[int, int], str] = {}

    def named(self, number: np.int64) -> str:
        """A mention's own words."""
        return self._read(number)[self._mentions.start[number] : self._mentions.end[number]]

    def behind(self, number: np.int64, to_next: bool = True) -> str:
        """The words after a mention, up to the next one or so many as there may be between two."""
        start = self._mentions.end[number]
        return self._read(number)[start : self._mentions.start[number + 1] if to_next else start + _LONGEST]

    def _read(self, number: np.int64) -> str:
        key = int(self._mentions.field[number]), int(self._mentions.row[number])
        if key not in self._made:
            self._made[key] = self._columns[key[0]][key[1]].as_py()
        return self._made[key]
