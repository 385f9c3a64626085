"""What a text is judged by: how often its words, and pairs of neighbouring words, occur in it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.deduplicate.texts.words import read_words

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]

# A story's beginning says what it is about: of each field no more characters than this are read.
READ = 800
FIELDS = ("title", "description", "body")
# How often a word counts by its field: a title is short, and its words are chosen.
FIELD_COUNTS = np.array([3, 1, 1], np.float32)
# Squared length at which a text's vector has lost its half by being short.
SHORT = 4.0

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each row the features it has, sorted; a feature once, with the root of its count."""

    row: Ints
    feature: Ints
    value: Floats


def read_terms(texts: list[str]) -> tuple[Hashes, Ints]:
    """Hashes of all words, and then of all pairs, and the number of the text each is in.

    No pair goes on from one text to the next.
    """
    words = read_words(texts)
    text = np.repeat(np.arange(len(texts)), np.diff(words.offsets))
    within = np.flatnonzero(text[1:] == text[:-1])
    pairs = pair(words.hashes[within], words.hashes[within + 1])
    return np.concatenate([words.hashes, pairs]), np.concatenate([text, text[within]])


def pair(first: Hashes, second: Hashes) -> Hashes:
    """The hash of two words that follow one another."""
    mixed: Hashes = (first * _GOLDEN + second) * _SPREAD
    return mixed


def field_texts(batch: pa.RecordBatch) -> list[str]:
    """Title, description and body of each row, one after another; null is the empty text."""
    columns = [pc.utf8_slice_codeunits(pc.fill_null(batch[field], ""), 0, READ).to_pylist() for field in FIELDS]
    return [text for row in zip(*columns, strict=True) for text in row]


def count(text: Ints, feature: Ints, features: int) -> Counts:
    """Count features by row. `text` numbers the texts of `field_texts`; `features`: how many there are."""
    width = len(FIELDS)
    keys = ((text // width) * features + feature) * width + text % width
    keys.sort()
    cell = keys // width
    first = np.flatnonzero(np.concatenate([[True], cell[1:] != cell[:-1]])) if len(cell) else cell
    counts = FIELD_COUNTS[keys % width]
    counts = np.add.reduceat(counts, first) if len(first) else counts
    cell = cell[first]
    return Counts(cell // features, cell % features, np.sqrt(counts))


def scale(counts: Counts, rows: int) -> Floats:
    """Values over the length of the row's vector; a short text's count for less, as it says less."""
    squared = np.bincount(counts.row, counts.value**2, rows)
    scaled: Floats = (counts.value / np.sqrt(squared + SHORT)[counts.row]).astype(np.float32)
    return scaled
