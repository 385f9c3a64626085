"""MinHash signatures of word 3-shingles, for a batch of texts at once.

A batch is one array of bytes: words are found by a table look-up, hashed by sums, joined to shingles by
shifts. MinHash (Broder 1997): the share of equal values of two signatures estimates the Jaccard similarity of
their shingle sets, with a standard error of at most sqrt(1/4/128) = 0.044; values are cut to 16 bits, which
adds 2^-16.
"""

from functools import cache

import numpy as np
import rensa
from numpy.typing import NDArray

from schemas.keys import PERMUTATIONS
from schemas.records import Article

SHINGLE_WORDS = 3
# Fewer shingles than this say too little to estimate from: such texts are compared exactly.
COMPARABLE_SHINGLES = 20
BAND_VALUES = 4
# Arrays of this many texts stay in the processor's cache: half the time of a whole batch at once.
_CACHED_TEXTS = 64

_Hashes = NDArray[np.uint64]

# ASCII letters in lower case and digits; bytes of other scripts as they are; the rest ends a word.
_WORD_BYTES = np.array(
    [ord(chr(b).lower()) if b < 128 and chr(b).isalnum() else b * (b >= 128) for b in range(256)], np.uint8
)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PUNCTUATION = {ord(c): " " for c in "‘’‚“”„«»‹›–—…·•¿¡、。「」『』（）"}


def mix(values: _Hashes) -> _Hashes:
    """Spread the bits of 64-bit values (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _powers(size: int) -> tuple[_Hashes, _Hashes]:
    """Powers of an odd number modulo 2^64, and their inverses."""
    inverse = np.uint64(pow(int(_GOLDEN), -1, 2**64))
    tables = [np.full(size, base, np.uint64) for base in (_GOLDEN, inverse)]
    return np.multiply.accumulate(tables[0]), np.multiply.accumulate(tables[1])


def comparison_text(article: Article) -> bytes:
    """What two articles are compared by: title and text, lower-case, without typographic punctuation."""
    text = f"{article.title}\n{article.body or article.description}"
    return (text if text.isascii() else text.lower().translate(_PUNCTUATION)).encode()


def hash_words(texts: list[bytes]) -> tuple[_Hashes, NDArray[np.int64]]:
    """Hashes of all words of all texts, and the offsets of shape (texts + 1,) of each text's words."""
    data = _WORD_BYTES[np.frombuffer(b"\0".join([b"", *texts, b""]), np.uint8)]
    edges = np.flatnonzero((data[1:] != 0) != (data[:-1] != 0)) + 1
    starts, ends = edges[::2], edges[1::2]
    bounds = np.cumsum([1, *(len(text) + 1 for text in texts)])
    offsets = np.searchsorted(starts, bounds)
    if not len(starts):
        return np.empty(0, np.uint64), offsets
    powers, inverses = _powers(1 << len(data).bit_length())
    sums = np.cumsum(data * powers[: len(data)])
    # A word's hash must not depend on where it stands, so the power of its first place is divided out.
    return mix((sums[ends - 1] - sums[starts - 1]) * inverses[starts]), offsets


def shingle(words: _Hashes, offsets: NDArray[np.int64]) -> tuple[_Hashes, NDArray[np.int64]]:
    """Hashes of runs of three words that stay within a text, and their offsets; none for shorter texts."""
    rolled = words.copy()
    for step in range(1, SHINGLE_WORDS):
        rolled[:-step] = rolled[:-step] * _GOLDEN + words[step:]
    inside = np.ones(len(words), bool)
    for step in range(1, SHINGLE_WORDS):
        last = offsets[1:] - step
        inside[last[last >= offsets[:-1]]] = False
    return mix(rolled)[inside], np.concatenate([[0], np.cumsum(inside)])[offsets]


def sign(texts: list[bytes]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Signatures of shape (texts, 128), and which are of texts long enough to compare."""
    parts = [_sign(texts[start : start + _CACHED_TEXTS]) for start in range(0, len(texts), _CACHED_TEXTS)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _sign(texts: list[bytes]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    hashes, offsets = shingle(*hash_words(texts))
    digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets.astype(np.uint64), PERMUTATIONS, 42)
    signatures = np.asarray(digests.to_rows(), np.uint32).astype(np.uint16).reshape(len(texts), PERMUTATIONS)
    return signatures, np.diff(offsets) >= COMPARABLE_SHINGLES


def band_keys(signatures: NDArray[np.uint16]) -> _Hashes:
    """Keys of shape (signatures, 32): two texts of similarity s share one with probability 1 - (1 - s^4)^32."""
    bands = np.ascontiguousarray(signatures).view(np.uint64)
    return mix(bands + _GOLDEN * np.arange(1, PERMUTATIONS // BAND_VALUES + 1, dtype=np.uint64))


def estimate_jaccard(left: NDArray[np.uint16], right: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Estimated similarity, row by row, of two arrays of shape (n, 128)."""
    shares: NDArray[np.float32] = (left == right).mean(axis=1, dtype=np.float32)
    return shares
