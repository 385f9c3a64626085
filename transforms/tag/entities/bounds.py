"""Where names begin and end: quotes, dashes and titles are no part of one; `US-Russia` is two names, `Jae-yong` one."""

from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from transforms.tag.entities.join_known import Known
from transforms.tag.entities.known_names import FULL
from transforms.tag.entities.phrases import Hashes, has_word, hash_words, is_capital, spell, split_phrases
from transforms.tag.spans import TYPES, Spans
from transforms.tag.text import BatchText, Bytes, Flags, Ints
from transforms.tag.words.classes import read_class

_PERSON, _LOC = TYPES.index("PERSON"), TYPES.index("LOC")
_SPACE = ord(" ")
_MARKS = np.frombuffer(b" \t\n-,:;'\"/(", np.uint8)
_HYPHENS = np.frombuffer(b"-/", np.uint8)
_AND = np.frombuffer(b" and ", np.uint8)
_SYLLABLE = 5  # letters, at most
_LONGEST = 32  # bytes of a title and what stands between it and the name


def tidy_bounds(spans: Spans, known: Known, text: BatchText) -> Spans:
    """The spans as the names in them are; those without a letter or digit are left out."""
    spans = without_marks(spans.filter(has_word(text.data, spans.start, spans.end)), text.raw)
    spans = without_pairs(spans.filter(has_word(text.data, spans.start, spans.end)), known, text)
    return with_syllables(without_titles(spans, text), text)


def without_marks(spans: Spans, raw: Bytes) -> Spans:
    """The spans less quotes, dashes, commas and spaces around them, and less `'s` after people and places."""
    start, end = spans.start.copy(), spans.end.copy()
    named = np.isin(spans.type, (_PERSON, _LOC))
    loose = np.arange(len(start))
    while len(loose):
        first, last = start[loose], end[loose]
        before, after = _mark_size(raw, first, first), _mark_size(raw, last - 1, last - 3)
        after += named[loose] & _is_possessive(raw, last)
        start[loose], end[loose] = first + before, last - after
        loose = loose[(before + after > 0) & (start[loose] < end[loose])]
    return replace(spans, start=start, end=end).filter(start < end)


def _is_possessive(raw: Bytes, end: Ints) -> Flags:
    curly = (raw[end - 4] == 0xE2) & (raw[end - 3] == 0x80) & (raw[end - 2] == 0x99)
    possessive: Flags = (raw[end - 1] == ord("s")) & (curly | (raw[end - 2] == ord("'")))
    return possessive


def _mark_size(raw: Bytes, at: Ints, wide: Ints) -> Ints:
    """Bytes of the mark of one byte at `at`, or of three at `wide`; 0 for none."""
    general = (raw[wide] == 0xE2) & (raw[wide + 1] == 0x80) & (raw[wide + 2] >= 0x90) & (raw[wide + 2] < 0xA0)
    return np.where(general, 3, np.isin(raw[at], _MARKS).astype(np.int64))


def without_titles(spans: Spans, text: BatchText) -> Spans:
    """The spans, those of people from the first word on that is no title."""
    start = spans.start.copy()
    person = np.flatnonzero(spans.type == _PERSON)
    while len(person):
        words = split_phrases(text.data, start[person], spans.end[person])
        person = person[(words.counts > 1) & np.isin(words.first, load_titles())]
        following = _next_words(text.data, start[person])
        person, following = person[following > start[person]], following[following > start[person]]
        start[person] = following
    return replace(spans, start=start)


def _next_words(data: Bytes, start: Ints) -> Ints:
    spaces = data[np.minimum(start[:, None] + np.arange(_LONGEST), len(data) - 1)] == _SPACE
    after = ~spaces & np.logical_or.accumulate(spaces, axis=1)
    following: Ints = start + after.argmax(axis=1)
    return following


@lru_cache(maxsize=1)
def load_titles() -> Hashes:
    """Words that stand before the names of people."""
    return hash_words((files("transforms.tag.entities") / "data" / "titles.txt").read_text("utf-8").splitlines())


def with_syllables(spans: Spans, text: BatchText) -> Spans:
    """The spans, those of people with the rest of a hyphenated name (`Lee Jae-yong`, but not `Joe Biden-era`)."""
    raw, end = text.raw, spans.end.copy()
    hyphen = (raw[end] == _HYPHENS[0]) & (raw[end + 1] - np.uint8(ord("a")) < 26)
    person = np.flatnonzero((spans.type == _PERSON) & hyphen)
    start = end[person] + 1
    letters = text.data[np.minimum(start[:, None] + np.arange(_SYLLABLE + 1), len(raw) - 1)] != _SPACE
    stop = start + np.logical_and.accumulate(letters, axis=1).sum(axis=1)
    words = split_phrases(text.data, spans.start[person], start)
    following = np.append(spans.start, len(raw))[person + 1]
    name = (stop <= start + _SYLLABLE) & (stop <= following) & (words.counts > 1) & (raw[stop] != _HYPHENS[0])
    name &= ~np.isin(spell(text.data, start, stop), load_words())
    end[person[name]] = stop[name]
    return replace(spans, end=end)


@lru_cache(maxsize=1)
def load_words() -> Hashes:
    """The common words of English."""
    return hash_words((read_class("words_10") + read_class("words_20")).decode().splitlines())


def without_pairs(spans: Spans, known: Known, text: BatchText) -> Spans:
    """The spans less those whose capitals are all of known names joined by `and`, or of places joined by dashes."""
    places = np.flatnonzero(known.score == FULL)
    end, following = known.end[places[:-1]], known.start[places[1:]]
    local = known.type[places] == _LOC
    dash = local[:-1] & local[1:] & _is_dash(text.raw, end, following - end)
    joined = np.flatnonzero(dash | _is_and(text.raw, end, following - end))
    within = _span_of(spans, known.start[places[joined]], known.end[places[joined + 1]])
    pairs = within >= 0
    parts = np.unique(np.append(joined[pairs], joined[pairs] + 1))
    parts = places[parts]
    inside = _span_of(spans, known.start[parts], known.end[parts])
    of_places = np.bincount(inside, _capitals(text.data, known.start[parts], known.end[parts]), len(spans.start))
    paired = np.unique(within[pairs])
    keep = np.ones(len(spans.start), np.bool_)
    keep[paired] = _capitals(text.data, spans.start[paired], spans.end[paired]) > of_places[paired]
    return spans.filter(keep)


def _is_dash(raw: Bytes, at: Ints, size: Ints) -> Flags:
    short = (size == 1) & np.isin(raw[at], _HYPHENS)
    long = (size == 3) & (raw[at] == 0xE2) & (raw[at + 1] == 0x80) & (raw[at + 2] >= 0x90) & (raw[at + 2] <= 0x95)
    dash: Flags = short | long
    return dash


def _is_and(raw: Bytes, at: Ints, size: Ints) -> Flags:
    between = raw[np.minimum(at[:, None] + np.arange(len(_AND)), len(raw) - 1)]
    joins: Flags = (size == len(_AND)) & (between == _AND).all(axis=1)
    return joins


def _span_of(spans: Spans, start: Ints, end: Ints) -> Ints:
    """The span that each stretch of text lies in, or -1."""
    if not len(spans.start):
        return np.full(len(start), -1)
    before = np.searchsorted(spans.start, start, side="right") - 1
    return np.where((before >= 0) & (end <= spans.end[before]), before, -1)


def _capitals(data: Bytes, start: Ints, end: Ints) -> Ints:
    """How many words of each stretch begin with a capital."""
    words = split_phrases(data, start, end)
    of = np.repeat(np.arange(len(start)), words.counts)
    return np.bincount(of[is_capital(words.initials)], minlength=len(start))
