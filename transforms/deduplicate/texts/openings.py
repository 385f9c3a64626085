"""Openings of texts: how a summary is found in the full text that begins with it, or that carries it as its own.

The first words of a text are hashed at each of CHECKPOINTS; four hashes are a key, so that texts which agree in
their first 16, 32, 64 or 110 words are candidates. A summary holds if the full text agrees up to a checkpoint that
leaves out no more than a fifth of the summary's words: its end is often cut or added to.
"""

import numpy as np
from numpy.typing import NDArray

from schemas.keys import CHECKPOINTS
from schemas.records import Article
from transforms.deduplicate.texts.signatures import mix
from transforms.deduplicate.texts.words import read_words

# Characters that are read of a text: more than its checkpoints need. One that goes on is of `LONG` words.
_READ = 900
# Arrays of this many texts stay in the processor's cache.
_CACHED_TEXTS = 128
LONG = np.iinfo(np.uint16).max
LEAST_WORDS = 16
LEAST_SHARE = 0.8
_KEY_HASHES = 4

_Shorts = NDArray[np.uint16]
Rows = NDArray[np.void]
_CHECKPOINTS = np.array(CHECKPOINTS)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.multiply.accumulate(np.full(_READ + 1, _GOLDEN))


def gather_openings(articles: list[Article]) -> tuple[_Shorts, _Shorts]:
    """Words of shape (n, 2) and openings of shape (n, 2, 16), of each text and of the description beside a body."""
    texts = [text for a in articles for text in (a.body or a.description, a.description if a.body else "")]
    parts = [_open(texts[start : start + _CACHED_TEXTS]) for start in range(0, max(len(texts), 1), _CACHED_TEXTS)]
    counts, openings = (np.concatenate(part) for part in zip(*parts, strict=True))
    counts[[len(text) > _READ for text in texts]] = LONG
    return counts.astype(np.uint16).reshape(-1, 2), openings.reshape(-1, 2, len(CHECKPOINTS))


def _open(texts: list[str]) -> tuple[NDArray[np.int64], _Shorts]:
    words = read_words([text[:_READ] for text in texts])
    counts = np.diff(words.offsets)
    return counts, _hash(words.hashes, words.offsets[:-1], counts)


def _hash(words: NDArray[np.uint64], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> _Shorts:
    places = np.arange(len(words)) - np.repeat(starts, counts)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words * _POWERS[places])])
    ends = np.minimum(starts[:, None] + _CHECKPOINTS, len(words))
    hashes = (mix(sums[ends] - sums[starts, None]) | np.uint64(1)).astype(np.uint16)
    return np.where(counts[:, None] >= _CHECKPOINTS, hashes, np.uint16(0))


def opening_keys(openings: _Shorts) -> NDArray[np.uint64]:
    """Keys of shape (n, 8) of openings of shape (n, 2, 16): of the first 16, 32, 64 and 110 words; 0 for fewer."""
    blocks = np.ascontiguousarray(openings).view(np.uint64)
    whole = openings[:, :, _KEY_HASHES - 1 :: _KEY_HASHES] != 0
    keys = mix(blocks + _GOLDEN * np.arange(101, 101 + blocks.shape[2]).astype(np.uint64))
    return np.where(whole, keys, np.uint64(0)).reshape(len(openings), 2 * blocks.shape[2])


def keys_at(openings: _Shorts, places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A key for each of n openings, shape (n, 16), up to a checkpoint of each: of four hashes, as one is too short."""
    last = np.ascontiguousarray(np.take_along_axis(openings, places[:, None] - np.arange(_KEY_HASHES), axis=1))
    return mix(last.view(np.uint64)[:, 0] + _GOLDEN * places.astype(np.uint64))


def shared_openings(summaries: Rows, texts: Rows) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """As far as each summary is known to open the text beside it: the number of the checkpoint, and the key there.

    0 where that leaves out more of its words than it may, where the text is no longer, or where both are of one outlet.
    """
    count, hashes = summaries["words"][:, 0].astype(np.int64), summaries["openings"][:, 0]
    agree = (hashes != 0) & (texts["openings"] == hashes[:, None]).any(axis=1)
    last = len(CHECKPOINTS) - 1 - np.argmax(agree[:, ::-1], axis=1)
    reach = np.where(agree.any(axis=1), _CHECKPOINTS[last], 0)
    holds = (reach >= LEAST_WORDS) & (reach >= count * LEAST_SHARE) & (texts["words"][:, 0] > count)
    holds &= summaries["outlet"] != texts["outlet"]
    places: NDArray[np.int64] = np.where(holds, last, 0)
    return places, np.where(holds, keys_at(hashes, np.maximum(places, _KEY_HASHES - 1)), np.uint64(0))


def excerpt_scores(summaries: Rows, texts: Rows, stock: NDArray[np.uint64]) -> NDArray[np.float32]:
    """How much of each summary is known to be in the text beside it: a share of its words; 0 where it is no summary.

    Openings in `stock` (keys as `shared_openings` gives them) are no evidence.
    """
    places, keys = shared_openings(summaries, texts)
    shares = _CHECKPOINTS[places] / np.maximum(summaries["words"][:, 0], 1)
    return np.where((keys != 0) & ~np.isin(keys, stock), shares, 0).astype(np.float32)
