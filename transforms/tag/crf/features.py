"""The features of the tokens that are decoded, as columns of hashes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.tag.crf.articles import find_context, find_elsewhere
from transforms.tag.crf.classes import WordClasses
from transforms.tag.crf.sites import Sites, find_sites
from transforms.tag.crf.words import Hashes, Words, read_words
from transforms.tag.text import BatchText, Ints
from transforms.tag.tokens import Tokens

_PAIR = np.uint64(0x9E3779B97F4A7C15)
_BOUND = np.uint64(0x5851F42D4C957F2D)  # stands before and after a sentence
_FARTHEST = 3  # words from an end of a run, counted up to


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of each place: arrays of one length. Classes and clusters are known at sites alone."""

    words: Hashes
    shapes: Hashes
    classes: Hashes
    clusters: Hashes
    broad: Hashes


def read_features(text: BatchText, tokens: Tokens, known: WordClasses) -> tuple[Sites, Iterator[Hashes]]:
    """The tokens to decode, and the columns of their features, each with a hash for each site."""
    words = read_words(text.raw, tokens.start, tokens.end)
    sites = find_sites(tokens, words)
    return sites, _make_columns(text, tokens, words, sites, known)


def join(*parts: Hashes) -> Hashes:
    """One hash of several columns."""
    joined = parts[0]
    for part in parts[1:]:
        joined = (joined ^ joined >> np.uint64(29)) * _PAIR + part
    return joined


def _make_columns(text: BatchText, tokens: Tokens, words: Words, sites: Sites, known: WordClasses) -> Iterator[Hashes]:
    evidence = _gather(words, sites, known)
    context = find_context(tokens, words)
    elsewhere = find_elsewhere(text, tokens, words, sites, evidence.classes[sites.places], context)
    yield np.zeros(len(sites.tokens), np.uint64)
    yield from _of_word(words, sites, evidence, context[sites.tokens], elsewhere)
    yield from _of_neighbours(sites.places, evidence)
    yield from _of_knowledge(sites.places, evidence)
    yield from _of_run(sites, evidence)


def _gather(words: Words, sites: Sites, known: WordClasses) -> Evidence:
    hashes = np.full(sites.size, _BOUND)
    hashes[sites.places_of_tokens] = words.hash
    shapes, classes, clusters, broad = (np.zeros(sites.size, np.uint64) for _ in range(4))
    shapes[sites.places_of_tokens] = words.shape
    entries = known.find(words.hash[sites.tokens])
    classes[sites.places] = known.classes[entries]
    clusters[sites.places] = known.clusters[entries]
    broad[sites.places] = known.broad[entries]
    return Evidence(hashes, shapes, classes, clusters, broad)


def _of_word(words: Words, sites: Sites, evidence: Evidence, context: Hashes, elsewhere: Hashes) -> Iterator[Hashes]:
    """Of the word by itself, and as its sentence and its article let it be seen."""
    at = sites.places
    word, shape, classes = evidence.words[at], evidence.shapes[at], evidence.classes[at]
    yield word
    yield shape
    yield from (words.prefix(size)[sites.tokens] for size in (3, 4))
    yield from (words.suffix(size)[sites.tokens] for size in (2, 3, 4))
    yield classes
    yield evidence.clusters[at]
    yield evidence.broad[at]
    yield join(evidence.broad[at], shape)
    yield join(words.suffix(3)[sites.tokens], evidence.shapes[at - 1])
    yield join(word, context)
    yield join(classes, context)
    yield join(shape, context, evidence.shapes[at - 1])
    yield join(elsewhere, context, shape)


def _of_neighbours(at: Ints, evidence: Evidence) -> Iterator[Hashes]:
    """Of the words before and after, up to two, and of their shapes."""
    two_before, before, word, after, two_after = (evidence.words[at + offset] for offset in (-2, -1, 0, 1, 2))
    shape_before, shape, shape_after = (evidence.shapes[at + offset] for offset in (-1, 0, 1))
    yield before
    yield after
    yield two_before
    yield two_after
    yield join(shape_before, shape)
    yield join(shape, shape_after)
    yield join(shape_before, shape, shape_after)
    yield join(before, word)
    yield join(word, after)
    yield join(before, shape)
    yield join(shape, after)
    yield join(before, after)
    yield join(two_before, before)
    yield join(after, two_after)


def _of_knowledge(at: Ints, evidence: Evidence) -> Iterator[Hashes]:
    """Of what is known of the word and its neighbours."""
    shape = evidence.shapes[at]
    for known in (evidence.classes, evidence.broad):
        yield join(known[at - 1], known[at])
        yield join(known[at], known[at + 1])
    for known in (evidence.classes, evidence.clusters):
        yield join(known[at - 1], shape)
        yield join(shape, known[at + 1])
    yield join(evidence.broad[at - 1], evidence.broad[at], evidence.broad[at + 1])


def _of_run(sites: Sites, evidence: Evidence) -> Iterator[Hashes]:
    """Of the run of capitalised words that the word is in: its ends, what is around it, and where the word stands."""
    numbers = np.arange(len(sites.places))
    first, last = sites.places[sites.first], sites.places[sites.last]
    from_first, to_last = (np.minimum(gap, _FARTHEST) for gap in (numbers - sites.first, sites.last - numbers))
    stand = (from_first * (_FARTHEST + 1) + to_last).astype(np.uint64)
    is_first, is_last = ((gap == 0).astype(np.uint64) for gap in (from_first, to_last))
    yield join(stand, evidence.shapes[sites.places])
    yield join(evidence.words[last], is_last, stand)
    yield join(evidence.words[first], is_first)
    yield join(evidence.words[first], evidence.words[last])
    yield join(evidence.classes[first], is_first)
    yield join(evidence.classes[last], is_last)
    yield join(evidence.clusters[last], is_last)
    for outside in (first - 1, last + 1):
        yield join(evidence.words[outside], stand)
        yield join(evidence.broad[outside], stand)
