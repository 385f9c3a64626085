"""What the things of an article are called, and which of them the gazetteer knows."""

from dataclasses import dataclass

import numpy as np

from transforms.tag.entities.mentions import NO_NAME, Mentions
from transforms.tag.entities.phrases import Phrases
from transforms.tag.spans import TYPES
from transforms.tag.text import Ints

_PERSON = TYPES.index("PERSON")


@dataclass(frozen=True, slots=True)
class Things:
    """What mentions are of: `of` says which thing each mention is of."""

    of: Ints
    fullest: Ints  # of each thing the mention that names it most fully
    name: Ints  # of each thing the number of its name in the gazetteer, or NO_NAME


def identify(mentions: Mentions, rows: Ints, phrases: Phrases, thing: Ints) -> Things:
    """Name the things; two that the gazetteer knows as one become one.

    A person named in full is whom the full name stands for: `Eric Trump` is not the Trump known by surname.
    """
    name = _names(mentions, phrases, thing)
    size = int(mentions.name.max(initial=0)) + 1
    known = np.where(name[thing] == NO_NAME, -1 - thing, rows * size + name[thing])
    _, first, of = np.unique(known, return_index=True, return_inverse=True)
    order = np.lexsort((np.arange(len(of)), mentions.start - mentions.end, -phrases.counts, of))
    return Things(of, _firsts(of, order), name[thing][first])


def _names(mentions: Mentions, phrases: Phrases, thing: Ints) -> Ints:
    things = int(thing.max(initial=-1)) + 1
    person = mentions.type == _PERSON
    in_full = np.bincount(thing[person & (phrases.counts > 1)], minlength=things) > 0
    named = np.flatnonzero((mentions.name != NO_NAME) & ~(person & (phrases.counts == 1) & in_full[thing]))
    order = named[np.lexsort((-phrases.counts[named], thing[named]))]
    names = np.full(things, NO_NAME)
    names[thing[order][::-1]] = mentions.name[order][::-1]
    return names


def _firsts(of: Ints, order: Ints) -> Ints:
    """The first mention of each thing, in the order given."""
    changed = np.append(True, of[order][1:] != of[order][:-1])[: len(order)]
    firsts: Ints = order[changed]
    return firsts
