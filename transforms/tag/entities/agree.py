"""An article says one thing by one name: the types of a name agree, and what was found once is found again."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from transforms.tag.entities.mentions import NO_NAME, Mentions
from transforms.tag.entities.phrases import Hashes, Phrases, hash_words, in_row, may_be_capital, spell, split_phrases
from transforms.tag.spans import TYPES, Int8s
from transforms.tag.text import BatchText, Flags, Ints
from transforms.tag.words.classes import read_class

# What speaks for a type beside a recogniser's score of at most 1, for each mention: the gazetteer knows the name;
# it is the surname of someone who is named in full.
_KNOWN, _SURNAME = 0.9, 0.95

_PERSON, _ORG, _LOC = (TYPES.index(kind) for kind in ("PERSON", "ORG", "LOC"))
_SPACE = ord(" ")


def agree_on_types(mentions: Mentions, rows: Ints, phrases: Phrases, types: Int8s) -> Mentions:
    """Give all mentions of a name in an article the type that most speaks for; `types` are those of known names.

    A mention keeps its known name only where its type is that of the name.
    """
    _, name = np.unique(in_row(phrases.whole(), rows), return_inverse=True)
    votes = np.zeros((len(name), len(TYPES)))
    np.add.at(votes, (name, mentions.type), mentions.score)
    last = in_row(phrases.last, rows)
    surname = np.isin(last, last[_in_full(mentions, phrases)]) & (phrases.counts == 1)
    np.add.at(votes, (name[surname], _PERSON), _SURNAME)
    club = (mentions.type == _ORG) & (types[mentions.name] == _LOC)  # that a city is known tells nothing of its club
    known = np.flatnonzero((mentions.name != NO_NAME) & ~surname & ~club)
    np.add.at(votes, (name[known], types[mentions.name[known]]), _KNOWN)
    agreed = votes.argmax(axis=1).astype(np.int8)[name]
    same = agreed == types[mentions.name]
    return replace(mentions, type=agreed, name=np.where(same, mentions.name, NO_NAME))


def find_again(mentions: Mentions, rows: Ints, phrases: Phrases, text: BatchText, legible: Flags) -> Mentions:
    """With every run of capitalised words added that the article elsewhere names, or that is a surname there.

    `legible` are the fields to look in.
    """
    start, end = _free_runs(mentions, text, legible)
    wanted = in_row(split_phrases(text.data, start, end).whole(), text.rows_at(start))
    people = _in_full(mentions, phrases)
    keys = np.concatenate([in_row(phrases.whole(), rows), in_row(phrases.last, rows)[people]])
    of = np.append(np.arange(len(rows)), people)
    keys, first = np.unique(keys, return_index=True)
    at = np.searchsorted(keys, wanted)
    again = np.flatnonzero(np.append(keys, np.uint64(0))[at] == wanted)
    like = of[first[at[again]]]
    added = Mentions(start[again], end[again], mentions.type[like], mentions.score[like], mentions.name[like])
    return mentions.merge(added)


def _in_full(mentions: Mentions, phrases: Phrases) -> Ints:
    """The numbers of the mentions that name people in full."""
    return np.flatnonzero((mentions.type == _PERSON) & (phrases.counts > 1))


def _free_runs(mentions: Mentions, text: BatchText, legible: Flags) -> tuple[Ints, Ints]:
    """The longest runs of words that begin with a capital, less the words before a name that are not part of it."""
    data = text.data
    capital = may_be_capital(data)
    start = np.flatnonzero(capital[1:] & (data[:-1] == _SPACE)) + 1
    spaces = np.flatnonzero(data == _SPACE)
    end = spaces[np.searchsorted(spaces, start)]
    free = legible[text.fields_at(start)] & ~_overlap(start, end, mentions)
    start, end = start[free], end[free]
    opens = np.append(True, start[1:] != end[:-1] + 1)[: len(start)]
    run = np.cumsum(opens) - 1
    named = ~np.isin(spell(data, start, end), load_openers())
    before: Ints = np.cumsum(named) - named  # names before each word, in all runs
    first = named & (before == before[opens][run])
    last = np.append(opens[1:], True)[: len(start)]
    whole = np.bincount(run[first], minlength=int(opens.sum())) > 0
    return start[first], end[last][whole]


def _overlap(start: Ints, end: Ints, mentions: Mentions) -> Flags:
    before = np.searchsorted(mentions.start, end) - 1
    overlap: Flags = (before >= 0) & (np.append(mentions.end, 0)[before] > start)
    return overlap


@lru_cache(maxsize=1)
def load_openers() -> Hashes:
    """Words that stand before a name and are not part of it (`President`, `But`), with a capital."""
    words = (read_class("titles") + read_class("words_10")).decode().splitlines()
    return hash_words([word.capitalize() for word in words])
