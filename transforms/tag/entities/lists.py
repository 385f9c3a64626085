"""Mentions, gathered by the thing they are of, as a column of entities."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import ENTITY, MENTION
from transforms.tag.entities.identify import Things
from transforms.tag.entities.mentions import NO_NAME, Mentions
from transforms.tag.gazetteer import Name
from transforms.tag.grouping import group, list_offsets
from transforms.tag.spans import TYPES
from transforms.tag.text import FIELDS, BatchText, Ints


class EntityLists:
    """Makes lists of ENTITY; what the gazetteer knows has its name and identifier, the rest its fullest name."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._name = pa.array([name.name for name in names], pa.string())
        self._uri = pa.array([name.uri for name in names], pa.string())

    def build(self, mentions: Mentions, things: Things, text: BatchText) -> pa.ListArray:
        """A list for each row, in the order of the first mention; an entity's score is its best mention's."""
        found = group(text.rows_at(mentions.start), things.of)
        fullest = things.fullest[found.values]
        name = things.name[found.values]
        known = pa.array(name, mask=name == NO_NAME)
        columns = [
            pc.coalesce(self._name.take(known), _cut(mentions, text).take(pa.array(fullest))),
            pa.array(TYPES, pa.string()).take(pa.array(mentions.type[fullest])),
            self._uri.take(known),
            pa.array(found.best(mentions.score)),
            pa.ListArray.from_arrays(list_offsets(found.counts), _to_structs(mentions, found.order, text)),
        ]
        rows = np.bincount(found.rows, minlength=len(text.starts) // text.width)
        return pa.ListArray.from_arrays(list_offsets(rows), pa.StructArray.from_arrays(columns, fields=list(ENTITY)))


def _to_structs(mentions: Mentions, order: Ints, text: BatchText) -> pa.StructArray:
    columns = [
        pa.array(FIELDS, pa.string()).take(pa.array(text.fields_at(mentions.start)[order] % text.width)),
        pa.array(text.to_code_points(mentions.start)[order], pa.int32()),
        pa.array(text.to_code_points(mentions.end)[order], pa.int32()),
    ]
    return pa.StructArray.from_arrays(columns, fields=list(MENTION))


def _cut(mentions: Mentions, text: BatchText) -> pa.StringArray:
    """The text of each mention, on one line."""
    bounds = np.append(np.stack([mentions.start, mentions.end], axis=1).ravel(), len(text.raw)).astype(np.int32)
    pieces = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), pa.py_buffer(text.raw))
    return pc.replace_substring_regex(pieces.take(pa.array(np.arange(0, len(pieces), 2))), r"\s+", " ")
