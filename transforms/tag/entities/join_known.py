"""What the gazetteer knows of a text, joined with a recogniser's spans."""

from dataclasses import dataclass, replace

import numpy as np

from transforms.tag.entities.known_names import KnownNames, Senses
from transforms.tag.entities.mentions import NO_NAME, Mentions, name_bounds
from transforms.tag.spans import Floats, Int8s, Spans
from transforms.tag.text import BatchText, Bytes, Flags, Hits, Ints

# How sure a recogniser must be of its type to settle what a name that lacks context stands for.
_SURE = 0.8

_DOT = ord(".")


@dataclass(frozen=True, slots=True)
class Known:
    """Where names of the gazetteer stand, one row for each sense."""

    start: Ints
    end: Ints
    type: Int8s
    score: Floats  # 0 where nothing but its spelling speaks for a sense
    name: Ints
    one_word: Flags
    told_by_type: Flags  # nothing else of its type is called so


def place_senses(senses: Senses, hits: Hits, text: BatchText, names: KnownNames) -> Known:
    """The senses with their offsets; a name such as `U.S.` ends with its dot."""
    end = hits.end[senses.hit]
    dotted = (text.raw[end] == _DOT) & (text.raw[end - 2] == _DOT)
    one_word = names.automaton.one_word[hits.pattern[senses.hit]]
    name = senses.name
    told = names.told_by_type[name]
    return Known(hits.start[senses.hit], end + dotted, names.types[name], senses.score, name, one_word, told)


def join_known(spans: Spans, known: Known, trusted: Flags, raw: Bytes) -> Mentions:
    """The spans, each with the name that is meant, if one is, and the trusted senses where no span is.

    A trusted name of several words stands in the place of spans that are parts of it.
    """
    span, sense = _match(spans, known, raw)
    trusted = trusted.copy()
    trusted[sense] = False
    added, kept = _choose(spans, known, trusted)
    named = _name_spans(spans, known, span, sense)
    ours = Mentions(spans.start, spans.end, spans.type, spans.score, named).filter(kept)
    theirs = Mentions(known.start, known.end, known.type, known.score, known.name).filter(added)
    return ours.merge(theirs)


def corroborate(mentions: Mentions, known: Known) -> Mentions:
    """The mentions, as sure as the surer of recogniser and gazetteer where these agree."""
    if not len(mentions.start):
        return mentions
    score = mentions.score.copy()
    at = np.searchsorted(mentions.start, known.start, side="right") - 1
    same = (at >= 0) & (mentions.start[at] == known.start) & (mentions.name[at] == known.name)
    np.maximum.at(score, at[same], known.score[same])
    return replace(mentions, score=score)


def _choose(spans: Spans, known: Known, trusted: Flags) -> tuple[Flags, Flags]:
    """Which senses stand where no span is, or take the place of some, and which spans stay."""
    if not len(spans.start):
        return trusted, np.zeros(0, np.bool_)
    first = np.searchsorted(spans.end, known.start, side="right")
    last = np.searchsorted(spans.start, known.end)  # spans from `first` on and before `last` overlap the sense
    at, until = np.minimum(first, len(spans.end) - 1), np.maximum(last - 1, 0)
    parts = ~known.one_word & (spans.start[at] >= known.start) & (spans.end[until] <= known.end)
    added: Flags = trusted & ((first == last) | parts)
    replaced = np.zeros(len(spans.start) + 1, np.int64)
    np.add.at(replaced, first[added], 1)
    np.add.at(replaced, last[added], -1)
    return added, np.cumsum(replaced)[:-1] == 0


def _name_spans(spans: Spans, known: Known, span: Ints, sense: Ints) -> Ints:
    """The name that each span is: the one that context speaks for, else the only one of a type that is sure."""
    named = np.full(len(spans.start), NO_NAME)
    meant = known.score[sense] > 0
    same = (known.type[sense] == spans.type[span]) & (spans.score[span] >= _SURE)
    open_ = same & ~meant & known.told_by_type[sense]
    for likely in (open_ & (np.bincount(span[open_], minlength=len(named)) == 1)[span], meant):
        named[span[likely]] = known.name[sense[likely]]
    return named


def _match(spans: Spans, known: Known, raw: Bytes) -> tuple[Ints, Ints]:
    """Spans and senses of the same text, but for an article before and a dot after."""
    if not len(spans.start):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    start, end = name_bounds(spans.start, spans.end, raw)
    known_start, known_end = name_bounds(known.start, known.end, raw)
    at = np.minimum(np.searchsorted(start, known_start), len(start) - 1)
    sense = np.flatnonzero((start[at] == known_start) & (end[at] == known_end))
    return at[sense], sense
