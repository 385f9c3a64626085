"""The sentences that the CRF is trained on: tagged by people, and text tagged by the accurate model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.tag.spans import Int8s
from transforms.tag.training.gold import Gold, read_for_training
from transforms.tag.training.tags import TAGS, Tagged, tag_tokens
from transforms.tag.training.unlabelled import Labels, hash_sentences, read_sentences, read_texts

UNKNOWN = -1  # the tag of a token that nothing is known of

_TITLED = 12  # of as many sentences one comes in title case, too
_BATCH = 2000  # sentences
_LEAST_SURE = 40  # hundredths: what a label's least likely tag must reach
_MISC = (TAGS.index("B-MISC"), TAGS.index("I-MISC"))
_SMALL_WORDS = frozenset(["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "the", "to"])

Known = dict[int, Int8s]  # tags by the hash of a sentence


def read_training(data: Path, labels: Labels) -> Iterator[Tagged]:
    """All that the CRF is trained on: the sentences of `data/ner`, the project's own, the unlabelled text of `data`."""
    gold = read_for_training(data / "ner")
    yield from tag_gold([*gold, *map(to_title_case, gold[::_TITLED])], labels)
    yield from tag_unlabelled(read_texts(data), labels)


def tag_gold(gold: Sequence[Gold], labels: Labels) -> Iterator[Tagged]:
    """The sentences with their tags, some thousands at a time.

    A set without MISC has those of the labels where these contradict no name; a sentence that has no labels stays
    without. Raises ValueError where labels are of other tokens.
    """
    known = _by_hash(labels, np.ones(len(labels.sure), np.bool_))
    for first in range(0, len(gold), _BATCH):
        part = gold[first : first + _BATCH]
        tagged = tag_tokens(part)
        tags = tagged.tags.copy()
        for start, end, key in hash_sentences(tagged.text, tagged.tokens):
            if key in known and not tagged.has_misc[tagged.rows[start]]:
                tags[start:end] = fill_misc(tags[start:end], _fitting(known[key], end - start))
        yield replace(tagged, tags=tags)


def fill_misc(tags: Int8s, labelled: Int8s) -> Int8s:
    """The tags, and each MISC of the labels all of whose tokens are in no name."""
    filled = tags.copy()
    begins = np.flatnonzero(labelled == _MISC[0]).tolist()
    for first in begins:
        end = first + 1
        while end < len(labelled) and labelled[end] == _MISC[1]:
            end += 1
        if not tags[first:end].any():
            filled[first:end] = labelled[first:end]
    return filled


def tag_unlabelled(texts: list[str], labels: Labels) -> Iterator[Tagged]:
    """The texts, whole, with the tags of their sentences; one without sure labels, or met before, is unknown.

    Raises ValueError where labels are of other tokens.
    """
    known = _by_hash(labels, labels.sure >= _LEAST_SURE)
    for text, tokens in read_sentences(texts):
        tags = np.full(len(tokens.start), UNKNOWN, np.int8)
        for first, end, key in hash_sentences(text, tokens):
            if key in known:
                tags[first:end] = _fitting(known.pop(key), end - first)
        yield Tagged(text, tokens, tags, text.fields_at(tokens.start), np.ones(len(text.starts), np.bool_))


def to_title_case(sentence: Gold) -> Gold:
    """The sentence as the headlines of some newspapers are written."""
    words = sentence.text.split(" ")
    titled = " ".join(word if word in _SMALL_WORDS else word[:1].upper() + word[1:] for word in words)
    return replace(sentence, text=titled) if len(titled) == len(sentence.text) else sentence


def _fitting(tags: Int8s, tokens: int) -> Int8s:
    if len(tags) != tokens:
        raise ValueError(f"{len(tags)} tags for {tokens} tokens: the labels were made when `tokenize` cut otherwise")
    return tags


def _by_hash(labels: Labels, chosen: NDArray[np.bool_]) -> Known:
    bounds = pairwise(labels.starts.tolist())
    rows = zip(labels.hashes.tolist(), bounds, chosen.tolist(), strict=True)
    return {key: labels.tags[start:end] for key, (start, end), good in rows if good}
