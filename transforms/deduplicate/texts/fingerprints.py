"""Fingerprints: which numbers and names a text has, to tell one filled-in template from another.

A fingerprint is two bitmaps of 256 bits, one for numbers and one for names, as 32 words of 16 bits: a bit is set
where something in the text has that hash. So few of them are compared exactly, and the bitmaps of a text with
very many fill up and tell nothing apart.
"""

import numpy as np
from numpy.typing import NDArray

from schemas.keys import FINGERPRINT_WORDS
from transforms.deduplicate.texts.characters import ENDS_SENTENCE, JOINS_DIGITS, kinds
from transforms.deduplicate.texts.words import Words

_BITS = FINGERPRINT_WORDS * 8  # of each half
# Two texts differ where at least so many numbers, names or both are replaced, and so many for each that is shared
# (`benchmarks.quality.fingerprints`).
_LEAST, _SHARE = np.array([3, 3, 2]), np.array([1.5, 1.5, 0.75])
_NEWS_SHARE = 0.2
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ZERO = np.uint16(ord("0"))
# A digit counts by its place from the left, so that zeros at the end make no difference.
_POWERS = np.multiply.accumulate(np.full(64, _GOLDEN))

_Fingerprints = NDArray[np.uint16]


def fingerprint(words: Words) -> _Fingerprints:
    """Fingerprints of shape (texts, 32); zeros where there is neither number nor name.

    A number is a run of decimal digits, with separators within and zeros at its end left out: 1,200 is 1200, and
    1.2 million too. A name is a word that begins with a capital, unless it begins a sentence.
    """
    found = _numbers(words), _names(words)
    texts = np.concatenate([2 * found[0][0], 2 * found[1][0] + 1])
    bits = np.zeros((len(words.offsets) - 1) * 2 * _BITS, np.bool_)
    bits[texts * _BITS + _spread(np.concatenate([found[0][1], found[1][1]]))] = True
    return np.packbits(bits, bitorder="little").view(np.uint16).reshape(-1, FINGERPRINT_WORDS)


def _names(words: Words) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """For each name, its text and its hash."""
    first = words.folded[words.starts]
    capital: NDArray[np.int64] = np.flatnonzero((words.units[words.starts] != first) & (first - _ZERO >= 10))
    before = words.starts[capital] - 1
    before -= words.units[before] == ord(" ")
    capital = capital[kinds()[words.units[before]] & ENDS_SENTENCE == 0]
    return np.searchsorted(words.offsets, capital, side="right") - 1, words.hashes[capital]


def _numbers(words: Words) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """For each number that is not zero, its text and its hash."""
    places = np.flatnonzero(words.folded - _ZERO < 10)
    if not len(places):
        return places, np.empty(0, np.uint64)
    gaps = np.diff(places)
    joins = kinds()[words.units[places[:-1] + 1]] & JOINS_DIGITS != 0
    firsts = np.concatenate([[0], np.flatnonzero((gaps > 2) | (gaps == 2) & ~joins) + 1])
    index = np.arange(len(places)) - np.repeat(firsts, np.diff(firsts, append=len(places)))
    digits = (words.folded[places] - _ZERO) * _POWERS[np.minimum(index, len(_POWERS) - 1)]
    hashes = np.add.reduceat(digits, firsts)
    present = np.flatnonzero(hashes)
    return np.searchsorted(words.bounds, places[firsts[present]], side="right") - 1, hashes[present]


def _spread(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """A bit for each hash."""
    return (_mix(hashes) >> np.uint64(64 - 8)).astype(np.int64)


def _mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _GOLDEN
    return (hashes ^ (hashes >> np.uint64(29))) * _GOLDEN


def fingerprint_keys(fingerprints: _Fingerprints) -> NDArray[np.uint64]:
    """Keys of shape (n, 2): of all the numbers of a text, and of all its names; 0 where they are too few to tell apart.

    Of a flood of texts that they tell apart these find the copies, which share bands with all the others too.
    """
    parts = np.ascontiguousarray(fingerprints).view(np.uint64)
    sums = (parts * _POWERS[: parts.shape[1]]).reshape(-1, 2, parts.shape[1] // 2).sum(axis=2, dtype=np.uint64)
    return np.where(_count(fingerprints)[:, :2] >= _LEAST[:2], _mix(sums), np.uint64(0))


def tells_apart(left: _Fingerprints, right: _Fingerprints) -> NDArray[np.bool_]:
    """Whether two similar texts, row by row of two arrays of shape (n, 32), are about other numbers or names."""
    replaced, shared = _compare(left, right)
    apart: NDArray[np.bool_] = np.any((replaced >= _LEAST) & (replaced >= _SHARE * (shared + 1)), axis=1)
    return apart


def has_news(left: _Fingerprints, right: _Fingerprints) -> NDArray[np.bool_]:
    """Whether two texts have both another number and another name.

    Of texts that are all but equal that makes the next of a template's stories, or a follow-up, and no copy.
    """
    replaced, shared = _compare(left, right)
    news: NDArray[np.bool_] = (replaced[:, :2] > 0).all(axis=1) & (replaced[:, 2] > _NEWS_SHARE * shared[:, 2])
    return news


def _compare(left: _Fingerprints, right: _Fingerprints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many numbers, names and both one text has in the place of others, and how many it shares: shape (n, 3).

    What one has besides does not count: a copy may be longer.
    """
    return np.minimum(_count(left & ~right), _count(right & ~left)), _count(left & right)


def _count(bits: _Fingerprints) -> NDArray[np.int64]:
    halves = np.bitwise_count(bits.reshape(-1, 2, FINGERPRINT_WORDS // 2)).sum(axis=2, dtype=np.int64)
    return np.concatenate([halves, halves.sum(axis=1, keepdims=True)], axis=1)
