"""What the names of a gazetteer mean where they stand: context decides."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from transforms.tag.gazetteer import (
    CONTEXT,
    STRONG,
    WEAK,
    Name,
    NameAutomaton,
    find_names,
    load_automaton,
    load_names,
)
from transforms.tag.grouping import spread
from transforms.tag.spans import TYPES, Floats, Int8s
from transforms.tag.text import BatchText, Flags, Hits, Ints

# What a known name is worth: a full name or one that nothing else bears; a surname; a name in need of context.
FULL, SURNAME, IN_CONTEXT = 1.0, 0.9, 0.7

# Kinds whose weak names stand for one thing of their type; there is a Labour Party or a Senate in many countries.
_TOLD_BY_TYPE = ("companies", "countries", "cities", "regions")


@dataclass(frozen=True, slots=True)
class Senses:
    """What hits may stand for, in text order; a hit may have several senses."""

    hit: Ints  # number of the hit
    name: Ints  # number of the name
    score: Floats  # as above; 0 where nothing but its spelling speaks for it


class KnownNames:
    """Finds the names of a gazetteer in their own capitals, and weighs what they stand for.

    A strong name counts wherever it stands as a word. A weak one (`Georgia`, `Apple`, `Xi`) counts where the
    same article names the thing in full, says a word of its context, names the country that the place is in,
    or, for a surname, puts a title before it; where it could still be two things it is left open. A surname
    after another given name is someone else, and so is a city before `University`.
    """

    def __init__(self, names: tuple[Name, ...], load: Callable[[bool], NameAutomaton]) -> None:
        self.names = names
        self.automaton = load(False)
        self._load = load
        self.types: Int8s = np.array([TYPES.index(name.type) for name in names], np.int8)
        self.told_by_type = np.array([name.kind in _TOLD_BY_TYPE for name in names])
        countries = sorted({name.country_code for name in names if name.country_code})
        numbers = {code: number for number, code in enumerate(countries)}
        self._country = np.array([numbers.get(name.country_code or "", -1) for name in names])
        self._by_country = np.array([name.type == "LOC" and not name.context for name in names])
        self._person = np.array([name.type == "PERSON" for name in names])
        self._personal = np.array([name.type in ("PERSON", "LOC", "ORG") for name in names])
        self._part_of_names = np.array([name.type == "PERSON" or name.lat is not None for name in names])

    def find(self, text: BatchText, english: Flags) -> Hits:
        """Every name and cue in the text; a flag for each field tells whether it is English."""
        if self.automaton.foreign is None and not english.all():
            self.automaton = self._load(True)  # ten times as large as that for English, and as slow to build
        return find_names(self.automaton, text, english)

    def weigh(self, hits: Hits, text: BatchText) -> Senses:
        """The senses of the hits; those of one hit that lack context where it could be two things score 0."""
        known = self.automaton
        hit, sense = spread(known.firsts[hits.pattern], known.counts[hits.pattern])
        name, strength = known.names[sense], known.strengths[sense]
        possible = ~self._part_of_longer(hits, hit, name) & (strength != CONTEXT)
        row = text.rows_at(hits.start)[hit]
        full = possible & (strength == STRONG)
        weak = possible & (strength == WEAK)
        weak &= self._in_context(row, name, full, strength) | (self._person[name] & self._after_title(hits)[hit])
        weak &= (np.bincount(hit[weak], minlength=len(hits.pattern)) == 1)[hit]
        score = np.where(weak, IN_CONTEXT, np.where(full, np.where(known.surnames[sense], SURNAME, FULL), 0.0))
        return Senses(hit[possible], name[possible], score[possible].astype(np.float32))

    def _part_of_longer(self, hits: Hits, hit: Ints, name: Ints) -> Flags:
        """Single words that a given name before or a suffix after makes part of another name."""
        known = self.automaton
        after_given = np.zeros(len(hits.pattern), np.bool_)
        after_given[1:] = known.given[hits.pattern[:-1]] & hits.follows[1:]
        before_suffix = np.zeros(len(hits.pattern), np.bool_)
        before_suffix[:-1] = known.suffix[hits.pattern[1:]] & hits.follows[1:]
        inside = (after_given[hit] & self._personal[name]) | (before_suffix[hit] & self._part_of_names[name])
        single: Flags = inside & known.one_word[hits.pattern][hit]
        return single

    def _after_title(self, hits: Hits) -> Flags:
        after = np.zeros(len(hits.pattern), np.bool_)
        after[1:] = self.automaton.title[hits.pattern[:-1]] & hits.follows[1:]
        return after

    def _in_context(self, row: Ints, name: Ints, full: Flags, strength: Ints) -> Flags:
        """Whether the row names the same thing in full, a word of its context, or the place's country."""
        size, country = len(self._country), self._country[name]
        anchors = full | (strength == CONTEXT)
        named = np.isin(row * size + name, (row * size + name)[anchors])
        located = full & (country >= 0)
        near = np.isin(row * size + country, (row * size + country)[located])
        meant: Flags = named | (near & self._by_country[name])
        return meant


@lru_cache(maxsize=1)
def load_known_names() -> KnownNames:
    """The names that come with the package."""
    return KnownNames(load_names(), load_automaton)
