"""Entities by gazetteer: one pass of an automaton over a batch, then context decides what is meant."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.columns import ENTITY, MENTION
from transforms.tag.automaton import CONTEXT, STRONG, WEAK, Cues, NameAutomaton, build_automaton
from transforms.tag.gazetteer import Name, load_names, load_words
from transforms.tag.grouping import group, list_offsets, spread
from transforms.tag.text import FIELDS, BatchText, Flags, Hits, Ints, find_words, join_fields

# What a mention is worth: a full name or a name that nothing else bears; a surname; a name in need of context.
FULL, SURNAME, IN_CONTEXT = 1.0, 0.9, 0.7

Floats = NDArray[np.float32]


class GazetteerTagger:
    """Finds the names of a gazetteer in title, description and body, in their own capitals.

    A strong name counts wherever it stands as a word. A weak one (`Georgia`, `Apple`, `Xi`) counts where the
    same article names the thing in full, says a word of its context, names the country that the place is in,
    or, for a surname, puts a title before it; where it could still be two things it is left out. A surname
    after another given name is someone else, and so is a city before `University`. A field all in capitals
    is left alone: nothing tells a name from a word there. An entity's score is its best mention's: 1.0 for a
    full name, 0.9 for a surname alone, 0.7 for a weak name alone.
    """

    def __init__(self, names: tuple[Name, ...], cues: Cues) -> None:
        self._automaton = build_automaton(names, cues)
        countries = sorted({name.country_code for name in names if name.country_code})
        numbers = {code: number for number, code in enumerate(countries)}
        self._country = np.array([numbers.get(name.country_code or "", -1) for name in names])
        self._by_country = np.array([name.type == "LOC" and not name.context for name in names])
        self._person = np.array([name.type == "PERSON" for name in names])
        self._personal = np.array([name.type in ("PERSON", "LOC", "ORG") for name in names])
        self._part_of_names = np.array([name.type == "PERSON" or name.lat is not None for name in names])
        self._name = pa.array([name.name for name in names], pa.string())
        self._type = pa.array([name.type for name in names], pa.string())
        self._uri = pa.array([name.uri for name in names], pa.string())

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of ENTITY for each row, in the order of the first mention."""
        text = join_fields([batch[field] for field in FIELDS])
        hits = find_words(self._automaton.search, text.data, np.zeros(len(self._automaton.counts), np.bool_))
        hits = self._leave_capitals(hits, text, batch)
        hit, name, score = self._resolve(hits, text.fields_at(hits.start) // text.width)
        return self._to_lists(hits, hit, name, score, text, batch.num_rows)

    def _leave_capitals(self, hits: Hits, text: BatchText, batch: pa.RecordBatch) -> Hits:
        capitals = np.stack(
            [pc.fill_null(pc.utf8_is_upper(batch[field]), False).to_numpy(False) for field in FIELDS], axis=1
        ).ravel()
        return hits.filter(~capitals[text.fields_at(hits.start)]) if capitals.any() else hits

    def _resolve(self, hits: Hits, rows: Ints) -> tuple[Ints, Ints, Floats]:
        """The hits that are mentions: number of the hit, of the name, and score."""
        known = self._automaton
        hit, sense = spread(known.firsts[hits.pattern], known.counts[hits.pattern])
        name, strength = known.names[sense], known.strengths[sense]
        meant = ~self._part_of_longer(hits, hit, name)
        row = rows[hit]
        full = meant & (strength == STRONG)
        weak = meant & (strength == WEAK)
        weak &= self._in_context(row, name, full, strength) | (self._person[name] & _after(known, hits)[hit])
        alone = np.bincount(hit[weak], minlength=len(hits.pattern)) == 1
        weak &= alone[hit]
        keep = full | weak
        score = np.where(weak, IN_CONTEXT, np.where(known.surnames[sense], SURNAME, FULL))
        return hit[keep], name[keep], score[keep].astype(np.float32)

    def _part_of_longer(self, hits: Hits, hit: Ints, name: Ints) -> Flags:
        """Single words that a given name before or a suffix after makes part of another name."""
        known = self._automaton
        after_given = np.zeros(len(hits.pattern), np.bool_)
        after_given[1:] = known.given[hits.pattern[:-1]] & hits.follows[1:]
        before_suffix = np.zeros(len(hits.pattern), np.bool_)
        before_suffix[:-1] = known.suffix[hits.pattern[1:]] & hits.follows[1:]
        inside = (after_given[hit] & self._personal[name]) | (before_suffix[hit] & self._part_of_names[name])
        single: Flags = inside & known.one_word[hits.pattern][hit]
        return single

    def _in_context(self, row: Ints, name: Ints, full: Flags, strength: Ints) -> Flags:
        """Whether the row names the same thing in full, a word of its context, or the place's country."""
        size, country = len(self._name), self._country[name]
        anchors = full | (strength == CONTEXT)
        named = np.isin(row * size + name, (row * size + name)[anchors])
        located = full & (country >= 0)
        near = np.isin(row * size + country, (row * size + country)[located])
        meant: Flags = named | (near & self._by_country[name])
        return meant

    def _to_lists(self, hits: Hits, hit: Ints, name: Ints, score: Floats, text: BatchText, rows: int) -> pa.ListArray:
        start = hits.start[hit]
        field = text.fields_at(start)
        found = group(field // text.width, name)
        order, mention_counts = found.order, found.counts
        mentions = pa.StructArray.from_arrays(
            [
                pa.array(FIELDS, pa.string()).take(pa.array((field % text.width)[order])),
                pa.array(text.to_code_points(start)[order], pa.int32()),
                pa.array(text.to_code_points(hits.end[hit])[order], pa.int32()),
            ],
            fields=list(MENTION),
        )
        which = pa.array(found.values)
        entities = pa.StructArray.from_arrays(
            [
                self._name.take(which),
                self._type.take(which),
                self._uri.take(which),
                pa.array(found.best(score)),
                pa.ListArray.from_arrays(list_offsets(mention_counts), mentions),
            ],
            fields=list(ENTITY),
        )
        return pa.ListArray.from_arrays(list_offsets(np.bincount(found.rows, minlength=rows)), entities)


def _after(known: NameAutomaton, hits: Hits) -> Flags:
    after_title = np.zeros(len(hits.pattern), np.bool_)
    after_title[1:] = known.title[hits.pattern[:-1]] & hits.follows[1:]
    return after_title


def load_entity_tagger() -> GazetteerTagger:
    """The tagger over the gazetteer that comes with the package."""
    cues = Cues(*(load_words(f"{file}.txt") for file in ("given_names", "titles", "suffixes", "not_names")))
    return GazetteerTagger(load_names(), cues)
