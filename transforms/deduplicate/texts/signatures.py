"""MinHash signatures of word 3-shingles, for a batch of texts at once.

MinHash (Broder 1997): the share of equal values of two signatures estimates the Jaccard similarity of their shingle
sets, with a standard error of at most sqrt(1/4/128) = 0.044; values are cut to 16 bits, which adds 2^-16.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from schemas.keys import PERMUTATIONS
from schemas.records import Article
from transforms.deduplicate.texts.fingerprints import fingerprint
from transforms.deduplicate.texts.words import in_cache, read_words

SHINGLE_WORDS = 3
# Fewer shingles than this say too little to compare by (among headline pairs that people have scored, those with as
# many and half of them in common say the same): such texts are compared exactly. Five letters count for two words.
COMPARABLE_SHINGLES = 8
BAND_VALUES = 4

_Hashes = NDArray[np.uint64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Signed(NamedTuple):
    """Of n texts: arrays of shape (n, 128), (n,) and (n, 32)."""

    signatures: NDArray[np.uint16]
    comparable: NDArray[np.bool_]  # long enough for its signature to mean something
    fingerprints: NDArray[np.uint16]


def mix(values: _Hashes) -> _Hashes:
    """Spread the bits of 64-bit values (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def comparison_text(article: Article) -> str:
    """What two articles are compared by: title and text."""
    return join_text(article.title, article.description, article.body)


def join_text(title: str | None, description: str | None, body: str | None) -> str:
    """The title, and the body or else the description."""
    return f"{title or ''}\n{body or description or ''}"


def sign(texts: list[str]) -> Signed:
    """Signatures and fingerprints of texts."""
    return sign_and_shingle(texts)[0]


def sign_and_shingle(texts: list[str]) -> tuple[Signed, list[NDArray[np.uint32]]]:
    """Signatures and fingerprints of texts, and the hashes of each text's shingles."""
    parts = [_sign(some) for some in in_cache(texts)]
    signed = Signed(*map(np.concatenate, zip(*(part[0] for part in parts), strict=True)))
    return signed, [hashes for part in parts for hashes in part[1]]


def shingle_texts(texts: list[str]) -> list[NDArray[np.uint32]]:
    """The hashes of each text's shingles alone."""
    parts = [read_words(some) for some in in_cache(texts)]
    return [hashes for words in parts for hashes in _cut(*shingle(words.hashes, words.offsets))]


def _sign(texts: list[str]) -> tuple[Signed, list[NDArray[np.uint32]]]:
    words = read_words(texts)
    hashes, offsets = shingle(words.hashes, words.offsets)
    comparable = np.diff(offsets) - words.letters * 3 // 5 >= COMPARABLE_SHINGLES
    return Signed(minhash(hashes, offsets), comparable, fingerprint(words)), _cut(hashes, offsets)


def _cut(hashes: _Hashes, offsets: NDArray[np.int64]) -> list[NDArray[np.uint32]]:
    short = hashes.astype(np.uint32)
    return [short[start:end] for start, end in pairwise(offsets.tolist())]


def shingle(words: _Hashes, offsets: NDArray[np.int64]) -> tuple[_Hashes, NDArray[np.int64]]:
    """Hashes of runs of three words that stay within a text, and their offsets; none for shorter texts."""
    rolled = words[:-2] * _GOLDEN
    rolled += words[1:-1]
    rolled *= _GOLDEN
    rolled += words[2:]
    inside = np.ones(len(words), bool)
    for step in range(1, SHINGLE_WORDS):
        last = offsets[1:] - step
        inside[last[last >= offsets[:-1]]] = False
    return mix(rolled[inside[:-2]]), np.concatenate([[0], np.cumsum(inside)])[offsets]


def minhash(hashes: _Hashes, offsets: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Signatures of shape (texts, 128) of the hashes of each text's shingles."""
    digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets.astype(np.uint64), PERMUTATIONS, 42)
    return np.asarray(digests.to_rows(), np.uint32).astype(np.uint16).reshape(-1, PERMUTATIONS)


def band_keys(signatures: NDArray[np.uint16]) -> _Hashes:
    """Keys of shape (signatures, 32): two texts of similarity s share one with probability 1 - (1 - s^4)^32."""
    bands = np.ascontiguousarray(signatures).view(np.uint64)
    return mix(bands + _GOLDEN * np.arange(1, PERMUTATIONS // BAND_VALUES + 1, dtype=np.uint64))


def estimate_jaccard(left: NDArray[np.uint16], right: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Estimated similarity, row by row, of two arrays of shape (n, 128).

    Measured on 6,000 edited copies: no bias, a standard deviation of .037 at .5, .034 at .65 and .029 at .8; of 100
    estimates 95 are within .08 of the exact value, and none was off by more than .14.
    """
    shares: NDArray[np.float32] = (left == right).mean(axis=1, dtype=np.float32)
    return shares
