"""What a token is by itself: hashes of its word and of the word's beginning and end, its shape."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.tag.crf.letters import fold
from transforms.tag.text import Bytes, Flags, Ints

Hashes = NDArray[np.uint64]

_READ = 8  # bytes in 64 bits
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB], np.uint64)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_READ + 1)], np.uint64)
_CAPITAL, _SMALL, _DIGIT, _OTHER = range(0, 64, 16)  # bits of a shape where these are counted
_LETTERS = np.zeros(256, np.bool_)  # the first bytes of letters; of what begins with C2 or E2 most are signs
_LETTERS[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *range(0xC3, 0xE2), *range(0xE3, 0xF0)]] = True


@dataclass(frozen=True, slots=True)
class Words:
    """Of n tokens, in lower case: all of the word, and as many bytes of it as fit, from either end."""

    hash: Hashes
    head: Hashes  # the first eight bytes
    tail: Hashes  # the last eight bytes, the last in the highest place
    shape: Hashes  # see `_shapes`
    capital: Flags  # whether the first letter is a capital
    small: Flags  # whether the first letter is small
    digit: Flags  # whether it begins with a digit

    def prefix(self, size: int) -> Hashes:
        """The first bytes; shorter words whole."""
        prefix: Hashes = self.head & _MASKS[size]
        return prefix

    def suffix(self, size: int) -> Hashes:
        """The last bytes; shorter words whole."""
        return self.tail >> np.uint64(8 * (_READ - size))


def read_words(raw: Bytes, start: Ints, end: Ints) -> Words:
    """The words of tokens in UTF-8."""
    folded, capital = fold(raw)
    padded = np.zeros(len(raw) + 3 * _READ, np.uint8)
    padded[_READ : _READ + len(raw)] = folded
    eights = np.ndarray((len(padded) - _READ + 1,), np.uint64, padded, strides=(1,))
    length = end - start
    head = eights[start + _READ] & _MASKS[np.minimum(length, _READ)]
    tail = eights[end]
    short = np.flatnonzero(length < _READ)
    tail[short] &= ~_MASKS[_READ - length[short]]
    hash_ = head * _FACTORS[0] + length.astype(np.uint64) * _FACTORS[3]
    long = np.flatnonzero(length > _READ)
    hash_[long] += tail[long] * _FACTORS[1]
    longer = np.flatnonzero(length > 2 * _READ)
    hash_[longer] += eights[start[longer] + 2 * _READ] * _FACTORS[2]
    hash_ ^= hash_ >> np.uint64(32)
    hash_ *= _FACTORS[2]
    first_capital = capital[start]
    first = raw[start]
    small = ~first_capital & _LETTERS[first]
    digit = (first >= ord("0")) & (first <= ord("9"))
    return Words(hash_, head, tail, _shapes(raw, capital, start, end), first_capital, small, digit)


def _shapes(raw: Bytes, capital: Flags, start: Ints, end: Ints) -> Hashes:
    """Capitals (0-3), small letters (0-1), digits (0-4), other signs (0-1) and letters in all (0-3), as a number.

    A sign that stands alone is its own shape.
    """
    counts = _counts()[raw]
    counts[capital] = 1 << _CAPITAL
    sums = np.zeros(len(raw) + 1, np.uint64)
    np.cumsum(counts, out=sums[1:])
    found = sums[end] - sums[start]
    capitals, smalls, digits, others = (
        np.minimum(found >> np.uint64(place) & np.uint64(0xFFFF), np.uint64(most))
        for place, most in ((_CAPITAL, 3), (_SMALL, 1), (_DIGIT, 4), (_OTHER, 1))
    )
    length = np.minimum(end - start, 4).astype(np.uint64)
    shape: Hashes = (((capitals * 2 + smalls) * 5 + digits) * 2 + others) * 5 + length + capital[start] * np.uint64(512)
    alone = np.flatnonzero((length == 1) & (others == 1))
    shape[alone] = raw[start[alone]].astype(np.uint64) + np.uint64(1024)
    return shape


def _counts() -> NDArray[np.uint64]:
    table = np.where(_LETTERS, 1 << _SMALL, 1 << _OTHER).astype(np.uint64)
    table[ord("0") : ord("9") + 1] = 1 << _DIGIT
    table[0x80:0xC0] = 0  # the later bytes of a letter
    return table
