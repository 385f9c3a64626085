"""The trained weights, in `data/weights.tsv`: what each word, or pair of words, says for each topic.

Columns: term (one word or two, in lower case; empty for the bias), weights (`topic:weight`, separated by spaces; a
topic is its number in `topics.tsv`, a weight is in logits, for a text that has this term alone and is long).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from transforms.deduplicate.texts.words import in_cache, read_words
from transforms.tag.tables import read_rows
from transforms.tag.topics.features import Floats, Hashes, Ints, pair, read_terms
from transforms.tag.topics.tables import read_text

MOST = 8  # weights of a feature
_SLOTS_LOG2 = 18
_SLOTS = 1 << _SLOTS_LOG2


@dataclass(frozen=True, slots=True)
class Features:
    """Terms by their hashes: a table with open addressing, for whole arrays at once."""

    hashes: Hashes  # in each slot; 0 for none
    numbers: Ints  # of the feature in each slot; -1 for none

    def find(self, hashes: Hashes) -> Ints:
        """The feature of each hash; -1 for none."""
        slot = _slot(hashes)
        other = self.hashes[slot] != hashes
        unsure = np.flatnonzero(other & (self.hashes[slot] != 0))
        found: Ints = np.where(other, -1, self.numbers[slot])
        while len(unsure):
            slot[unsure] += 1
            there = self.hashes[slot[unsure]]
            same = unsure[there == hashes[unsure]]
            found[same] = self.numbers[slot[same]]
            unsure = unsure[(there != hashes[unsure]) & (there != 0)]
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature says: for up to eight topics, those that it says nothing for filled up with weights of 0."""

    terms: tuple[str, ...]
    bias: Floats  # of each topic
    topics: Ints  # of shape (features, 8)
    weights: Floats  # of shape (features, 8)
    features: Features


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The weights that come with the package. Raises ValueError where the file is malformed."""
    return parse_weights(read_text("weights.tsv"))


def parse_weights(text: str) -> Weights:
    """Weights from a table. Raises ValueError for a malformed row, or one of three words or more."""
    (term, bias), *rows = read_rows(text, ["term", "weights"])
    if term:
        raise ValueError(f"weights: the first row is the bias, not {term!r}")
    counts = np.array([row[1].count(":") for row in rows])
    if counts.max(initial=0) > MOST:
        raise ValueError(f"weights: a term has more than {MOST} weights")
    table = np.zeros((len(rows), MOST, 2), np.float32)
    table[np.arange(MOST) < counts[:, None]] = _read_pairs(" ".join(row[1] for row in rows))
    terms = tuple(row[0] for row in rows)
    return Weights(
        terms, _read_pairs(bias)[:, 1].copy(), table[..., 0].astype(np.int64), table[..., 1].copy(), index_terms(terms)
    )


def _read_pairs(text: str) -> Floats:
    numbers = text.replace(":", " ").split()
    pairs: Floats = np.array(numbers, np.float32).reshape(-1, 2)
    return pairs


def index_terms(terms: Sequence[str]) -> Features:
    """The features that stand for these terms. Raises ValueError for a term of no words or more than two."""
    words = read_words(list(terms))
    sizes = np.diff(words.offsets)
    if len(sizes) and not 1 <= sizes.min() <= sizes.max() <= 2:
        raise ValueError(f"weights: {terms[int(np.flatnonzero((sizes < 1) | (sizes > 2))[0])]!r}")
    first = words.hashes[words.offsets[:-1]]
    hashes = np.where(sizes == 2, pair(first, words.hashes[words.offsets[1:] - 1]), first)
    return _place(hashes)


def find_terms(texts: list[str], features: Features) -> tuple[Ints, Ints]:
    """The number of the text, and the feature, of each word and pair of words that is one."""
    numbers, found, before = [], [], 0
    for some in in_cache(texts):
        hashes, text = read_terms(some)
        feature = features.find(hashes)
        known = np.flatnonzero(feature >= 0)
        numbers.append(text[known] + before)
        found.append(feature[known])
        before += len(some)
    return np.concatenate(numbers), np.concatenate(found)


def _slot(hashes: Hashes) -> Ints:
    mixed = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(64 - _SLOTS_LOG2)).astype(np.int64)


def _place(hashes: Hashes) -> Features:
    slots = np.zeros(_SLOTS + len(hashes) + 1, np.uint64)  # the last slots' neighbours, and an empty one after them
    numbers = np.full(len(slots), -1)
    wanted = _slot(hashes)
    order = np.argsort(wanted, kind="stable")
    nth = np.arange(len(order))
    free = nth + np.maximum.accumulate(wanted[order] - nth)  # the wanted slot, or the one after that of the last
    slots[free], numbers[free] = hashes[order], order
    return Features(slots, numbers)
