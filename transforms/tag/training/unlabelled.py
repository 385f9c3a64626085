"""Text that nobody has tagged, as tagged by a model: to train another one on.

The texts are their publishers'. Only tags are kept, beside the hash of the sentence that each is for.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.tag.crf.viterbi import best_tags, forbid
from transforms.tag.spans import Floats, Int8s
from transforms.tag.text import BatchText, Ints, join_fields
from transforms.tag.tokens import Tokens, token_texts, tokenize
from transforms.tag.training.tags import TAGS

FILE = "unlabelled/feed_text.jsonl.gz"
LABELS = Path(str(files("transforms.tag.training"))) / "data" / "labels.npz"

Weigh = Callable[[BatchText, Tokens], Floats]  # the log of the probability of each tag of each token

_BATCH = 200  # texts
_FEWEST, _MOST = 4, 60  # tokens of a sentence that is of use


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence, and what a model makes of its words."""

    hash: int
    words: list[str]
    chances: Floats  # the log of the probability of each tag, of shape (words, TAGS)


@dataclass(frozen=True, slots=True)
class Labels:
    """Tags of sentences."""

    hashes: NDArray[np.uint64]  # of each sentence's text
    starts: Ints  # the first tag of each sentence, then the number of tags
    tags: Int8s  # index into TAGS, of each token
    sure: NDArray[np.uint8]  # of each sentence: the least likely of its tags, in hundredths

    def save(self, path: Path) -> None:
        """Write them to a file."""
        np.savez_compressed(path, hashes=self.hashes, starts=self.starts, tags=self.tags, sure=self.sure)


NO_LABELS = Labels(np.zeros(0, np.uint64), np.zeros(1, np.int64), np.zeros(0, np.int8), np.zeros(0, np.uint8))


def load_labels(path: Path) -> Labels:
    """The labels in a file."""
    with np.load(path) as arrays:
        return Labels(arrays["hashes"], arrays["starts"], arrays["tags"], arrays["sure"])


def frozen_labels() -> Labels:
    """The labels that come with the package, which the fast profile is trained on."""
    return load_labels(LABELS)


def hash_sentence(text: str) -> int:
    """64 bits that stand for a sentence."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def hash_sentences(text: BatchText, tokens: Tokens) -> Iterator[tuple[int, int, int]]:
    """Of each sentence the first token, the one after its last, and the hash."""
    for first, end in pairwise(tokens.sentences.tolist()):
        sentence = text.raw[tokens.start[first] : tokens.end[end - 1]].tobytes().decode()
        yield first, end, hash_sentence(sentence)


def read_texts(data: Path) -> list[str]:
    """The titles and texts of a folder's unlabelled articles, each once."""
    with gzip.open(data / FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return list(dict.fromkeys(row[field] for row in rows for field in ("title", "text")))


def read_sentences(texts: list[str]) -> Iterator[tuple[BatchText, Tokens]]:
    """The texts in batches, with their tokens and sentences."""
    for first in range(0, len(texts), _BATCH):
        text = join_fields([pa.array(texts[first : first + _BATCH], pa.string())])
        yield text, tokenize(text, np.ones(len(text.starts), np.bool_))


def weigh_sentences(texts: list[str], weigh: Weigh) -> Iterator[Weighed]:
    """The sentences of texts, but for those that are very short or long, each once, in the order of the texts."""
    seen: set[int] = set()
    for text, tokens in read_sentences(texts):
        chances, words = weigh(text, tokens), token_texts(text, tokens)
        for first, end, key in hash_sentences(text, tokens):
            if _FEWEST <= end - first <= _MOST and key not in seen:
                seen.add(key)
                yield Weighed(key, words[first:end], chances[first:end])


def label_texts(texts: list[str], weigh: Weigh) -> Labels:
    """The best tags of the sentences of texts."""
    moves = forbid(np.zeros((len(TAGS), len(TAGS)), np.float32))
    hashes, tags, sure = [], [], []
    for sentence in weigh_sentences(texts, weigh):
        size = len(sentence.words)
        hashes.append(sentence.hash)
        tags.append(best_tags(sentence.chances, np.array([0, size]), moves))
        sure.append(int(100 * np.exp(sentence.chances[np.arange(size), tags[-1]].min())))
    starts = np.cumsum([0, *map(len, tags)], dtype=np.int64)
    return Labels(np.array(hashes, np.uint64), starts, np.concatenate(tags), np.array(sure, np.uint8))
