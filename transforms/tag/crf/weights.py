"""The trained weights: a small table that a feature's hash leads to, and the transitions between tags."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from transforms.tag.crf.words import Hashes
from transforms.tag.spans import TYPES, Floats, Int8s
from transforms.tag.text import Ints

BITS = 20  # of a feature's hash
TAGS = 1 + 2 * len(TYPES)  # O, then B and I of each type
_NAMED = TAGS - 1
_ROW = np.dtype(np.complex128)  # eight weights of 16 bits, gathered at one go
_MIX, _COLUMN, _SPREAD = np.array([[0x9E3779B97F4A7C15], [0xD1B54A32D192ED03], [0xBF58476D1CE4E5B9]], np.uint64)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of tags less that of O, whose weight is 0 everywhere: O takes no room."""

    table: NDArray[np.complex128]  # of shape (2 ** BITS,), eight int16 each
    transitions: Floats  # of shape (TAGS, TAGS), from and to
    scale: float  # what a weight of 1 in the table is worth
    calibration: Floats  # factor and constant, from log odds to the log odds that came true


def number_features(columns: Iterable[Hashes]) -> Iterable[Ints]:
    """The rows of the table that the features of each column lead to."""
    apart = _COLUMN.copy()
    for hashes in columns:
        mixed = (hashes * _MIX + apart) * _SPREAD
        apart += _COLUMN
        yield (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def weigh(columns: Iterable[Hashes], sites: int, weights: Weights) -> Floats:
    """Weights of all tags for each site, O first: the sum over its features. Of shape (sites, TAGS)."""
    total = np.zeros(sites * _NAMED, np.int16)  # no sum of 256 bytes overflows
    row = np.empty(sites, _ROW)
    for numbers in number_features(columns):
        np.take(weights.table, numbers, out=row, mode="clip")
        total += row.view(np.int16)
    emissions = np.zeros((sites, TAGS), np.float32)
    np.multiply(total.reshape(sites, _NAMED), weights.scale, out=emissions[:, 1:])
    return emissions


def pack_weights(rows: Ints, weights: Int8s, transitions: Floats, scale: float, calibration: Floats) -> bytes:
    """The weights as they are stored: `rows` of the table that are not 0, and what they hold."""
    arrays = (rows.astype(np.int32), weights, transitions, np.float32(scale), calibration)
    packed = BytesIO()
    for array in arrays:
        np.save(packed, array)
    return packed.getvalue()


def unpack_weights(packed: bytes) -> Weights:
    """The table from its stored form."""
    stream = BytesIO(packed)
    rows, values, transitions, scale, calibration = (np.load(stream) for _ in range(5))
    table = np.zeros((1 << BITS, _NAMED), np.int16)
    table[rows] = values
    return Weights(table.view(_ROW).ravel(), transitions, float(scale), calibration)


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The weights that come with the package."""
    return unpack_weights((files("transforms.tag.crf") / "data" / "weights.bin").read_bytes())
