"""Entities of a batch: a recogniser finds names, the gazetteer knows some, the article tells which are one thing."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.tag.entities.agree import agree_on_types, find_again
from transforms.tag.entities.bounds import tidy_bounds
from transforms.tag.entities.identify import identify
from transforms.tag.entities.join_known import corroborate, join_known, place_senses
from transforms.tag.entities.known_names import IN_CONTEXT, SURNAME, KnownNames
from transforms.tag.entities.lists import EntityLists
from transforms.tag.entities.mentions import Mentions, split_names
from transforms.tag.entities.refer import refer
from transforms.tag.spans import NO_SPANS, Recogniser
from transforms.tag.text import FIELDS, BatchText, Flags, join_fields

# The languages that the models and the context rules of the package are for.
ENGLISH = ("en", "und")


class EntityFinder:
    """Finds the named things of articles.

    Rows in other languages than `languages` have what the gazetteer is sure of, and so have all without a
    recogniser; None is every language. A field all in capitals is left alone: nothing tells a name from a word there.
    """

    def __init__(
        self, names: KnownNames, recogniser: Recogniser | None, languages: tuple[str, ...] | None = ENGLISH
    ) -> None:
        self._names = names
        self._recogniser = recogniser
        self._languages = languages if recogniser else ()
        self._lists = EntityLists(names.names)

    def reads(self, batch: pa.RecordBatch) -> Flags:
        """Whether the recogniser reads the language of each row."""
        return _in_language(batch, self._languages)

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of ENTITY for each row, in the order of the first mention."""
        text = join_fields([batch[field] for field in FIELDS])
        read, english = (np.repeat(rows, text.width) for rows in (self.reads(batch), _in_language(batch, ENGLISH)))
        mentions = self._find(text, read, english, ~_capitals(batch))
        phrases, rows = split_names(mentions, text), text.rows_at(mentions.start)
        things = identify(mentions, rows, phrases, refer(mentions, rows, phrases, text.data))
        return self._lists.build(mentions, things, text)

    def _find(self, text: BatchText, read: Flags, english: Flags, legible: Flags) -> Mentions:
        hits = self._names.find(text, english)
        hits = hits.filter(legible[text.fields_at(hits.start)])
        known = place_senses(self._names.weigh(hits, text), hits, text, self._names)
        spans = self._recogniser.find(text, hits, read & legible) if self._recogniser else NO_SPANS
        spans = tidy_bounds(spans, known, text)
        least = np.where(read[text.fields_at(known.start)], SURNAME, IN_CONTEXT).astype(np.float32)
        mentions = join_known(spans, known, known.score >= least, text.raw)
        phrases, rows = split_names(mentions, text), text.rows_at(mentions.start)
        mentions = agree_on_types(mentions, rows, phrases, self._names.types)
        return find_again(corroborate(mentions, known), rows, phrases, text, legible)


def _in_language(batch: pa.RecordBatch, languages: tuple[str, ...] | None) -> Flags:
    if languages is None:
        return np.ones(batch.num_rows, np.bool_)
    found: Flags = pc.is_in(batch["language"], pa.array(languages, pa.string())).to_numpy(False)
    return found


def _capitals(batch: pa.RecordBatch) -> Flags:
    """Whether each field is all in capitals; in a text of letters without case those of its Latin words say nothing."""
    columns = []
    for field in FIELDS:
        upper = pc.fill_null(pc.utf8_is_upper(batch[field]), False).to_numpy(False)
        if upper.any():
            upper = upper & ~pc.fill_null(pc.match_substring_regex(batch[field], r"\p{Lo}"), False).to_numpy(False)
        columns.append(upper)
    return np.stack(columns, axis=1).ravel()
