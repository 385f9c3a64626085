"""Which mentions of an article are of one thing."""

from functools import lru_cache
from importlib.resources import files

import numpy as np

from transforms.tag.entities.mentions import NO_NAME, Mentions
from transforms.tag.entities.phrases import Hashes, Phrases, hash_words, in_row, may_be_capital, spell
from transforms.tag.spans import TYPES
from transforms.tag.text import Bytes, Ints

_PERSON, _ORG = TYPES.index("PERSON"), TYPES.index("ORG")
_TURN = np.uint64(0x165667B19E3779F9)


def refer(mentions: Mentions, rows: Ints, phrases: Phrases, data: Bytes) -> Ints:
    """The number of the thing that each mention is of.

    Equal names of one type are of one thing. People are the same by first and last name where no second name or
    initial tells them apart (`George H.W. Bush`, `George W. Bush`), organisations but for `Inc` and the like. A
    person without a second name is the last one with it before them, else the next one. A surname alone, else a given
    name alone, is of someone named in full: of whom the gazetteer says, else the last before it, else the next one;
    so is an organisation's abbreviation.
    """
    person, second = mentions.type == _PERSON, _second_initials(phrases)
    keys = in_row(_keys(mentions, phrases), rows)
    _, thing = np.unique(keys + person * second, return_inverse=True)
    told, untold = np.flatnonzero(person & (second > 0)), np.flatnonzero(person & (second == 0))
    _join(thing, keys[told], told, keys[untold], untold)
    full, alone = np.flatnonzero(person & (phrases.counts > 1)), np.flatnonzero(person & (phrases.counts == 1))
    first, last = in_row(phrases.first, rows), in_row(phrases.last, rows)
    known = last + mentions.name.astype(np.uint64) * _TURN
    named = alone[mentions.name[alone] != NO_NAME]
    for theirs, keys, some in ((first, last, alone), (last, last, alone), (known, known, named)):
        _join(thing, theirs[full], full, keys[some], some)
    long = np.flatnonzero(~person & (phrases.counts > 1))
    short = np.flatnonzero(~person & (phrases.counts == 1) & (mentions.name == NO_NAME))
    spelled = in_row(spell(data, mentions.start[short], mentions.end[short]), rows[short])
    for capitals in (False, True):
        _join(thing, in_row(phrases.abbreviate(long, capitals), rows[long]), long, spelled, short)
    return thing


def _second_initials(phrases: Phrases) -> Hashes:
    """The first byte of the second of three words or more, where it is a capital; 0 for none."""
    at = np.flatnonzero(phrases.counts > 2)
    letters = phrases.initials[phrases.begins[at] + 1]
    initials = np.zeros(len(phrases.counts), np.uint64)
    initials[at] = np.where(may_be_capital(letters), letters, 0)
    return initials


def _join(thing: Ints, keys: Hashes, places: Ints, wanted: Hashes, at: Ints) -> None:
    """Make the mentions `at` be of the same things as the nearest of those at `places` with an equal key."""
    nearest = _nearest(keys, places, wanted, at)
    found = nearest >= 0
    thing[at[found]] = thing[places[nearest[found]]]


def _keys(mentions: Mentions, phrases: Phrases) -> Hashes:
    """Equal for equal names: of people the first and last word, of others all words."""
    ends = phrases.first * _TURN + phrases.last
    others = np.where(mentions.type == _ORG, phrases.without_last(load_legal_forms()), phrases.whole())
    return np.where(mentions.type == _PERSON, ends, others) + mentions.type.astype(np.uint64)


@lru_cache(maxsize=1)
def load_legal_forms() -> Hashes:
    """The words that end the names of companies."""
    text = (files("transforms.tag.entities") / "data" / "legal_forms.txt").read_text("utf-8")
    return hash_words(text.splitlines())


def _nearest(keys: Hashes, places: Ints, wanted: Hashes, at: Ints) -> Ints:
    """For each of `wanted` which of `keys` is equal and stands last before it, else next; -1 for none."""
    if not len(keys):
        return np.full(len(wanted), -1)
    _, ranks = np.unique(np.concatenate([keys, wanted]), return_inverse=True)
    span = int(max(places.max(), at.max(initial=0))) + 1
    theirs, ours = ranks[: len(keys)] * span + places, ranks[len(keys) :] * span + at
    order = np.argsort(theirs)
    after = np.searchsorted(theirs[order], ours)
    before, after = order[np.maximum(after - 1, 0)], order[np.minimum(after, len(order) - 1)]
    return np.where(keys[before] == wanted, before, np.where(keys[after] == wanted, after, -1))
