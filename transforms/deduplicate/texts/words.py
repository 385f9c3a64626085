"""The words of a batch of texts, as hashes in one array.

A batch is one array of UTF-16 code units, eight bytes of which are read at a time from wherever a word starts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.texts.characters import FIRST_UNSPACED, LETTER_WORD, UNSPACED, folded, kinds

# Of a script without spaces a word is as many letters as this, from each letter on.
UNSPACED_LETTERS = 4

# The arrays of texts of this many characters stay in the processor's cache.
_CACHED = 1 << 17

_UNITS = 4  # of 16 bits in 64
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB], np.uint64)
# By a word's length: which of its first and of its second four letters are its own. Of the rest the last four count.
_LONGEST = 2 * _UNITS
_MASKS = np.array(
    [[(1 << 16 * min(max(n - first, 0), _UNITS)) - 1 for n in range(_LONGEST + 1)] for first in (0, _UNITS)], np.uint64
)


@dataclass(frozen=True)
class Words:
    """Of n texts: all words, in order, and what they were read from."""

    units: NDArray[np.uint16]  # the texts' code units, a 0 before each and after the last
    folded: NDArray[np.uint16]  # the same in lower case, with 0 for what ends a word
    bounds: NDArray[np.int64]  # of shape (n + 1,): where in the units each text starts
    starts: NDArray[np.int64]  # where each word starts
    offsets: NDArray[np.int64]  # of shape (n + 1,): which words are each text's
    letters: NDArray[np.int64]  # of shape (n,): how many of them begin at each letter, in scripts without spaces
    hashes: NDArray[np.uint64]


def in_cache(texts: list[str]) -> Iterator[list[str]]:
    """The texts, some at a time: at least one list, of at least one text where there is any."""
    parts = np.cumsum([len(text) for text in texts]) // _CACHED
    bounds = np.flatnonzero(np.diff(parts)) + 1
    return (texts[start:end] for start, end in pairwise([0, *bounds.tolist(), len(texts)]))


def read_words(texts: list[str]) -> Words:
    """Words of letters and digits, whatever their case; of scripts without spaces a word at each character."""
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    bounds = np.cumsum([1, *(len(text) // 2 + 1 for text in encoded)])
    units = np.frombuffer(b"\0\0".join([b"", *encoded, bytes(4 * _UNITS)]), np.uint16)
    small = folded().take(units, mode="clip")
    spaced = small.max() < FIRST_UNSPACED
    starts, ends = _spaced(small) if spaced else _unspaced(small)
    offsets = np.searchsorted(starts, bounds)
    letters = np.zeros(len(texts), np.int64) if spaced else _count_letters(small[starts], offsets)
    return Words(units, small, bounds, starts, offsets, letters, _hash(small, starts, ends))


def _spaced(small: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    inside = small != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges.reshape(-1, 2).T.copy()
    return starts, ends


def _unspaced(small: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    kind = kinds().take(small) & (LETTER_WORD | UNSPACED)
    inside, alone = small != 0, kind != 0
    breaks = (inside[1:] != inside[:-1]) | alone[1:] | alone[:-1]
    starts, ends = np.flatnonzero(breaks & inside[1:]) + 1, np.flatnonzero(breaks & inside[:-1]) + 1
    is_letter = kind[starts] == UNSPACED
    last = np.flatnonzero(np.diff(kind == UNSPACED, prepend=False, append=False))[1::2]
    run_ends = last[np.searchsorted(last, starts[is_letter], side="right")]
    ends[is_letter] = np.minimum(starts[is_letter] + UNSPACED_LETTERS, run_ends)
    return starts, ends


def _count_letters(first: NDArray[np.uint16], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = np.cumsum(kinds().take(first) & (LETTER_WORD | UNSPACED) != 0)
    return np.diff(np.concatenate([[0], counts])[offsets])


def _hash(small: NDArray[np.uint16], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of the letters, and the length of words with more of them than are read."""
    eights = np.ndarray((len(small) - _UNITS,), np.uint64, small, strides=(small.itemsize,))
    lengths = ends - starts
    masked = np.minimum(lengths, _LONGEST)
    hashes: NDArray[np.uint64] = eights[starts]
    hashes &= _MASKS[0][masked]
    hashes *= _FACTORS[0]
    second = eights[_UNITS:][starts]
    second &= _MASKS[1][masked]
    second *= _FACTORS[1]
    hashes += second
    long = np.flatnonzero(lengths > 2 * _UNITS)
    hashes[long] += eights[ends[long] - _UNITS] * _FACTORS[2] + lengths[long].astype(np.uint64) * _FACTORS[3]
    return hashes
