"""What is known of words: their classes in the lists of words, and their clusters."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from pyarrow import csv

from transforms.tag.crf.words import Hashes, read_words
from transforms.tag.text import Ints
from transforms.tag.words.classes import CLASSES, read_class

_NONE = np.uint64(2**64 - 1)  # stands after all hashes


@dataclass(frozen=True, slots=True)
class WordClasses:
    """Words by hash, in ascending order, and what each is; what is unknown is 0."""

    hashes: Hashes
    classes: Hashes  # a bit for each list that the word is in
    clusters: Hashes  # words that are used alike
    broad: Hashes  # the same, in few large clusters

    def find(self, words: Hashes) -> Ints:
        """The number of each word; of an unknown one, that of the last entry, which stands for none."""
        at = np.searchsorted(self.hashes[:-1], words)
        return np.where(self.hashes[at] == words, at, len(self.hashes) - 1)


def bits_of(*classes: str) -> np.uint64:
    """The set of these classes."""
    return np.uint64(sum(1 << CLASSES.index(name) for name in classes))


@lru_cache(maxsize=1)
def load_word_classes() -> WordClasses:
    """The lists and clusters that come with the package."""
    listed, classes = _read_classes()
    clustered, broad, fine = _read_clusters()
    hashes, number = np.unique(np.concatenate([listed, clustered]), return_inverse=True)
    known = np.zeros((3, len(hashes) + 1), np.uint64)
    np.bitwise_or.at(known[0], number[: len(listed)], classes)
    known[1, number[len(listed) :]] = fine
    known[2, number[len(listed) :]] = broad
    return WordClasses(np.append(hashes, _NONE), *known)


def _read_classes() -> tuple[Hashes, Hashes]:
    """The hashes of the words of all lists, and the bit of the list."""
    texts = [read_class(name) for name in CLASSES]
    raw = np.frombuffer(b"".join(texts), np.uint8)
    ends = np.flatnonzero(raw == ord("\n"))
    bits = np.uint64(1) << np.arange(len(CLASSES), dtype=np.uint64)
    hashes = read_words(raw, np.append(0, ends[:-1] + 1), ends).hash
    return hashes, np.repeat(bits, [text.count(b"\n") for text in texts])


def _read_clusters() -> tuple[Hashes, Hashes, Hashes]:
    """The hashes of words, their broad clusters and their fine ones."""
    table = csv.read_csv(
        BytesIO((files("transforms.tag.crf") / "data" / "clusters.tsv").read_bytes()),
        csv.ReadOptions(column_names=["word", "broad", "fine"], use_threads=False),
        csv.ParseOptions(delimiter="\t", quote_char=False),
        csv.ConvertOptions(column_types={"word": "string", "broad": "uint64", "fine": "uint64"}),
    ).combine_chunks()
    words = table["word"].chunk(0)
    bounds = np.frombuffer(words.buffers()[1], np.int32)[: len(words) + 1].astype(np.int64)
    hashes = read_words(np.frombuffer(words.buffers()[2], np.uint8), bounds[:-1], bounds[1:]).hash
    return hashes, table["broad"].to_numpy(), table["fine"].to_numpy()
