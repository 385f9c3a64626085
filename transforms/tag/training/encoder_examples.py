"""What the encoder is trained on: sentences, altered a little each time, as batches of pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np

from transforms.tag.encoder.pieces import WordReader
from transforms.tag.encoder.windows import Batch, batch_windows, cut_windows
from transforms.tag.spans import TYPES, Floats
from transforms.tag.tokens import token_texts
from transforms.tag.training.gold import Gold
from transforms.tag.training.tags import TAGS, tag_tokens

UNLABELLED = "unlabelled"  # the set of sentences whose targets are what a network makes of them

_SWAPPED, _TITLED = 0.15, 0.06  # of the sentences
_REPLACED = 0.6  # of the names in a sentence with others
# In a title.
_SMALL = frozenset([
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "nor", "of",
    "on", "or", "the", "to", "vs", "with",
])  # fmt: skip
_MIXED = 1500  # windows that are sorted by length together

Names = dict[int, list[list[str]]]  # by the tag that begins them


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with what the encoder is to say of them."""

    set: str
    words: list[str]
    targets: Floats  # of shape (words, TAGS): the probability of each tag
    has_misc: bool


def from_gold(gold: Sequence[Gold]) -> list[Sentence]:
    """Tagged sentences, each word sure of its tag."""
    tagged = tag_tokens(gold)
    words = token_texts(tagged.text, tagged.tokens)
    bounds = np.searchsorted(tagged.rows, np.arange(len(gold) + 1)).tolist()
    certain = np.eye(len(TAGS), dtype=np.float32)
    return [
        Sentence(sentence.set, words[first:last], certain[tagged.tags[first:last]], sentence.has_misc)
        for sentence, (first, last) in zip(gold, pairwise(bounds), strict=True)
        if first < last
    ]


def gather_names(sentences: Sequence[Sentence]) -> Names:
    """The names in sentences, by the tag that begins them, each as often as it is there."""
    names: Names = {1 + 2 * kind: [] for kind in range(len(TYPES))}
    for sentence in sentences:
        for first, last, tag in _find_names(sentence):
            names[tag].append(sentence.words[first:last])
    return names


def draw_batches(
    sentences: Sequence[Sentence], names: Names, reader: WordReader, random: Random, room: int
) -> Iterator[tuple[Batch, Floats, Floats]]:
    """The sentences of one round, in random order: batches of up to `room` pieces, then for each of its words the
    target and 1 where its tag O may be MISC.

    Some names are others of their type, some sentences are in title case.
    """
    drawn = [_alter(sentence, names, random) for sentence in sentences]
    sizes = [len(sentence.words) for sentence in drawn]
    words = reader.read([word for sentence in drawn for word in sentence.words])
    windows = cut_windows(words, np.cumsum([0, *sizes]))
    targets = np.concatenate([sentence.targets for sentence in drawn])
    may_be_misc = np.repeat([float(not sentence.has_misc) for sentence in drawn], sizes).astype(np.float32)
    order = list(range(len(windows) - 1))
    random.shuffle(order)
    mixed = [np.array(order[first : first + _MIXED]) for first in range(0, len(order), _MIXED)]
    batches = [batch for chosen in mixed for batch in batch_windows(words, windows, chosen, room)]
    random.shuffle(batches)
    return ((batch, targets[batch.words], may_be_misc[batch.words]) for batch in batches)


def _alter(sentence: Sentence, names: Names, random: Random) -> Sentence:
    if sentence.set != UNLABELLED and random.random() < _SWAPPED:
        sentence = _swap_names(sentence, names, random)
    if random.random() < _TITLED:
        sentence = replace(sentence, words=[_capitalise(word) for word in sentence.words])
    return sentence


def _capitalise(word: str) -> str:
    return word.capitalize() if word.islower() and word not in _SMALL else word


def _swap_names(sentence: Sentence, names: Names, random: Random) -> Sentence:
    """The sentence with about half of its names replaced by others of their types."""
    certain = np.eye(len(TAGS), dtype=np.float32)
    words, targets, at = [], [], 0
    for first, last, tag in [*_find_names(sentence), (len(sentence.words), len(sentence.words), 0)]:
        words += sentence.words[at:first]
        targets += [*sentence.targets[at:first]]
        name = sentence.words[first:last]
        if tag and random.random() < _REPLACED:
            name = random.choice(names[tag])
        words += name
        targets += [certain[tag if place == 0 else tag + 1] for place in range(len(name))]
        at = last
    return replace(sentence, words=words, targets=np.array(targets))


def _find_names(sentence: Sentence) -> list[tuple[int, int, int]]:
    """First word, end, and the tag that begins it, of each name."""
    tags = sentence.targets.argmax(axis=1)
    begins = np.flatnonzero(tags % 2 == 1).tolist()
    outside = np.append(np.flatnonzero((tags == 0) | (tags % 2 == 1)), len(tags))
    return [(first, int(outside[np.searchsorted(outside, first, side="right")]), int(tags[first])) for first in begins]
