"""The words of names, as numbers to compare: equal words have equal hashes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.tag.grouping import spread
from transforms.tag.text import Bytes, Flags, Ints

Hashes = NDArray[np.uint64]

_SPACE = ord(" ")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BYTES: Hashes = np.random.default_rng(1).integers(1, 2**64, 256, np.uint64)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Stretches of text as words: phrase p has the `counts[p]` words from `begins[p]` on, at least one."""

    begins: Ints
    counts: Ints
    words: Hashes
    initials: Bytes  # the first byte of each word

    @property
    def first(self) -> Hashes:
        """The first word of each phrase."""
        return self.words[self.begins]

    @property
    def last(self) -> Hashes:
        """The last word of each phrase."""
        last: Hashes = self.words[self.begins + self.counts - 1]
        return last

    def whole(self) -> Hashes:
        """A hash of all words of each phrase, in order; that of a single word is the word's own."""
        return _digest(self.words, self.counts)

    def without_last(self, ends: Hashes) -> Hashes:
        """As `whole`, but for a last word that is one of `ends` and not the only one."""
        cut = np.isin(self.last, ends) & (self.counts > 1)
        words = self.words.copy()
        words[(self.begins + self.counts - 1)[cut]] = 0
        return _digest(words, self.counts)

    def abbreviate(self, some: Ints, capitals: bool) -> Hashes:
        """A hash of the first letters of the words of some phrases, all as capitals or the capitals alone."""
        of, at = spread(self.begins[some], self.counts[some])
        letters = self.initials[at]
        kept = is_capital(letters) | (not capitals)
        counts = np.bincount(of[kept], minlength=len(some))
        return _digest(_BYTES[letters[kept] & ~np.uint8(0x20)], counts)


def is_capital(letters: Bytes) -> Flags:
    """Whether each byte is a capital of ASCII."""
    capital: Flags = letters - np.uint8(ord("A")) < 26
    return capital


def may_be_capital(letters: Bytes) -> Flags:
    """Whether each byte is a capital of ASCII or begins a letter beyond it."""
    return is_capital(letters) | (letters >= 0xC3)


def has_word(data: Bytes, start: Ints, end: Ints) -> Flags:
    """Whether each stretch of spaced-out text has a letter or digit."""
    of, at = spread(start, end - start)
    some: Flags = np.bincount(of[data[at] != _SPACE], minlength=len(start)) > 0
    return some


def split_phrases(data: Bytes, start: Ints, end: Ints) -> Phrases:
    """The words of stretches of spaced-out text, each of which has one."""
    phrase, at = spread(start, end - start)
    visible = data[at] != _SPACE
    phrase, at = phrase[visible], at[visible]
    letters = data[at]
    begins = np.ones(len(at), np.bool_)
    begins[1:] = (at[1:] != at[:-1] + 1) | (phrase[1:] != phrase[:-1])
    number = np.flatnonzero(begins)
    counts = np.bincount(phrase[number], minlength=len(start))
    words = _digest(_BYTES[letters], np.diff(number, append=len(at)))
    return Phrases(np.cumsum(counts) - counts, counts, words, letters[number])


def spell(data: Bytes, start: Ints, end: Ints) -> Hashes:
    """A hash of the letters of each stretch of text: equal to that of the words that they abbreviate."""
    _, at = spread(start, end - start)
    return _digest(_BYTES[data[at]], end - start)


def hash_words(words: list[str]) -> Hashes:
    """The hash of each of these words."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([len(word) for word in encoded])
    data = np.frombuffer(b"".join(encoded), np.uint8)
    return spell(data, np.append(0, ends[:-1]), ends)


def in_row(hashes: Hashes, rows: Ints) -> Hashes:
    """Hashes that are equal within an article only."""
    return hashes + rows.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)


def _digest(values: Hashes, counts: Ints) -> Hashes:
    """One hash for each run of so many values: of a single value the value; zeros at the end make no difference."""
    ends = np.cumsum(counts)
    place = np.arange(len(values)) - np.repeat(ends - counts, counts)
    factors = np.full(int(counts.max(initial=1)), _FACTOR)
    factors[0] = 1
    sums = np.append(np.uint64(0), np.cumsum(values * np.cumprod(factors)[place]))
    digests: Hashes = sums[ends] - sums[ends - counts]
    return digests
