"""Where names can be: the tokens that are decoded, in chains, and the runs of capitalised words among them."""

from dataclasses import dataclass

import numpy as np

from transforms.tag.crf.words import Words
from transforms.tag.text import Flags, Ints
from transforms.tag.tokens import Tokens

MARGIN = 2  # places before each sentence, so that a token's neighbours are never another sentence's


@dataclass(frozen=True, slots=True)
class Sites:
    """The tokens within one place of a capitalised word; all else can be no part of a name.

    A token's place is its number when sentences are set `MARGIN` apart.
    """

    tokens: Ints  # of each site
    places: Ints  # of each site
    places_of_tokens: Ints  # of each token
    size: int  # places in all
    chains: Ints  # the first site of each chain of neighbours, then the number of sites
    first: Ints  # of each site, the first site of its run of capitalised words; itself where it is not in one
    last: Ints


def find_sites(tokens: Tokens, words: Words) -> Sites:
    """The sites of a batch, in text order."""
    lengths = np.diff(tokens.sentences)
    places = np.arange(len(tokens.start)) + MARGIN * np.repeat(np.arange(1, len(lengths) + 1), lengths)
    size = len(tokens.start) + MARGIN * (len(lengths) + 1)
    capital, digit = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    capital[places], digit[places] = words.capital, words.digit
    near = widen(capital | (widen(capital) & digit))
    sites = np.flatnonzero(near[places])
    at = places[sites]
    apart = np.diff(at, prepend=-1) != 1
    in_run = capital[at]
    begins = apart | ~in_run
    begins[1:] |= ~in_run[:-1]
    run = np.cumsum(begins) - 1
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(sites)) - 1
    chains = np.append(np.flatnonzero(apart), len(sites))
    return Sites(sites, at, places, size, chains, firsts[run], lasts[run])


def widen(flags: Flags) -> Flags:
    """The flags, and those beside them."""
    wide = flags.copy()
    wide[1:] |= flags[:-1]
    wide[:-1] |= flags[1:]
    return wide
