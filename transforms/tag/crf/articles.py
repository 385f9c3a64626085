"""What the rest of a sentence and of an article tells of a capitalised word."""

import numpy as np

from transforms.tag.crf.classes import bits_of
from transforms.tag.crf.sites import Sites
from transforms.tag.crf.words import Hashes, Words
from transforms.tag.text import BatchText, Flags, Ints
from transforms.tag.tokens import Tokens

_ROW = np.uint64(0x9E3779B97F4A7C15)
_LONG = 4  # letters of a word whose capital tells a headline in title case
_FEWEST = 3  # such words in a headline
_GIVEN = bits_of("given_names", "given_names_common")
_TITLE = bits_of("titles", "jobs")
_ORGANISATION = bits_of("organisation_heads", "organisation_suffixes")
_PLACE = bits_of("place_heads")
_SIGNS = 3  # the first bit of the signs


def find_context(tokens: Tokens, words: Words) -> Hashes:
    """Of each token, in bits, why a capital may say little: its sentence is in title case (1), it is the first (2)."""
    context = np.zeros(len(tokens.start), np.uint64)
    first = tokens.sentences[:-1]
    if len(first):
        long = tokens.end - tokens.start >= _LONG
        capital = np.add.reduceat((words.capital & long).astype(np.int64), first)
        small = np.add.reduceat((words.small & long).astype(np.int64), first)
        titled = (capital >= _FEWEST) & (small * 4 <= capital)
        context[:] = np.repeat(titled, np.diff(tokens.sentences))
    initial = np.zeros(len(tokens.start) + 1, np.bool_)
    initial[first] = True
    initial[first[~(words.capital | words.small)[first]] + 1] = True  # after a quote or a number
    return context | initial[:-1].astype(np.uint64) << np.uint64(1)


def find_elsewhere(
    text: BatchText, tokens: Tokens, words: Words, sites: Sites, classes: Hashes, context: Hashes
) -> Hashes:
    """Of each site whose word has a capital, in bits, what other places of the article tell of the word; else 0.

    It stands in small letters (1); with a capital where none is due, once or more (2), twice or more (4); then the
    bits of `_find_signs`, if any of its places has them.
    """
    rows = np.repeat(np.arange(len(text.starts)) // text.width, _count_tokens(text, tokens))
    keys = words.hash + rows.astype(np.uint64) * _ROW
    capital = words.capital[sites.tokens]
    chosen = sites.tokens[capital]
    unique, number = np.unique(keys[chosen], return_inverse=True)
    found = np.zeros(len(unique), np.uint64)
    found[_among(keys[words.small], unique)] = 1
    for bit, sign in enumerate(_find_signs(sites, classes), _SIGNS):
        found[number[sign[capital]]] |= np.uint64(1 << bit)
    clear = context[chosen] == 0
    others = np.bincount(number, clear, len(unique))[number] - clear
    elsewhere = np.zeros(len(capital), np.uint64)
    elsewhere[capital] = found[number] + np.array([0, 2, 6], np.uint64)[np.minimum(others, 2).astype(np.int64)]
    return elsewhere


def _count_tokens(text: BatchText, tokens: Tokens) -> Ints:
    """The number of tokens of each field."""
    return np.diff(np.searchsorted(tokens.start, text.starts), append=len(tokens.start))


def _find_signs(sites: Sites, classes: Hashes) -> tuple[Flags, ...]:
    """Whether each word goes on after a given name, stands after a title, begins a name with a given name; and whether
    its run ends in a word for an organisation, for a place."""
    before = np.append(np.uint64(0), classes[:-1])
    before[sites.chains[:-1]] = 0
    run = sites.last > sites.first
    begins = sites.first == np.arange(len(sites.first))
    return (
        (before & _GIVEN > 0) & ~begins,
        before & _TITLE > 0,
        (classes & _GIVEN > 0) & run & begins,
        run & (classes[sites.last] & _ORGANISATION > 0),
        run & (classes[sites.last] & _PLACE > 0),
    )


def _among(keys: Hashes, unique: Hashes) -> Ints:
    """The numbers of the unique keys that are among the keys."""
    table = np.zeros(1 << 16, np.bool_)
    table[unique >> np.uint64(48)] = True
    likely = keys[table[keys >> np.uint64(48)]]
    return np.flatnonzero(np.isin(unique, likely))
