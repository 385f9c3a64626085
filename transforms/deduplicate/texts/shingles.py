"""Hashes of the shingles of texts, packed for the shuffle, to settle what signatures leave open.

A pack is the number of texts, then the uid and the number of hashes of each (64 bits), then their hashes (32 bits).
Of a text with more distinct hashes than `MOST` it holds the smallest: a sketch (bottom-k, Cohen and Kaplan 2007)
whose estimate has a standard error of at most sqrt(1/4/1024) = 0.016; the others are exact.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.settings import PARTITIONS

MOST = 1024

_Hashes = NDArray[np.uint32]
_Keys = NDArray[np.uint64]


def gather_shingles(texts: list[_Hashes], uids: _Keys) -> dict[int, bytes]:
    """Packs by uid modulo PARTITIONS, of the hashes of each text."""
    texts = [smallest(hashes) for hashes in texts]
    part = (uids % np.uint64(PARTITIONS)).astype(np.int64)
    rows = [np.flatnonzero(part == number) for number in range(PARTITIONS)]
    return {number: _pack(uids[at], [texts[i] for i in at.tolist()]) for number, at in enumerate(rows) if len(at)}


def pick_shingles(packs: Iterable[bytes], wanted: _Keys) -> bytes:
    """One pack, of those texts in `packs` whose uid is wanted."""
    uids = set(wanted.tolist())
    found = {uid: hashes for uid, hashes in _unpack(packs) if uid in uids}
    return _pack(np.array(list(found), np.uint64), list(found.values()))


def unpack_shingles(packs: Iterable[bytes]) -> dict[int, _Hashes]:
    """The hashes of each uid."""
    return dict(_unpack(packs))


def jaccard_of(left: _Hashes, right: _Hashes) -> float:
    """The Jaccard similarity of the hashes of two texts; 0 for two without any."""
    left, right = np.unique(left), np.unique(right)
    _, counts = np.unique(np.concatenate([left, right]), return_counts=True)
    if max(len(left), len(right)) >= MOST:
        counts = counts[:MOST]
    return float((counts == 2).sum() / max(len(counts), 1))


def smallest(hashes: _Hashes) -> _Hashes:
    """All that a pack holds of a text's hashes."""
    return hashes if len(hashes) <= MOST else np.unique(hashes)[:MOST]


def _pack(uids: _Keys, texts: list[_Hashes]) -> bytes:
    head = np.array([len(uids), *uids.tolist(), *map(len, texts)], np.uint64)
    return b"".join([head.tobytes(), *(text.tobytes() for text in texts)])


def _unpack(packs: Iterable[bytes]) -> Iterator[tuple[int, _Hashes]]:
    for pack in packs:
        size = int(np.frombuffer(pack, np.uint64, 1)[0])
        uids, counts = np.frombuffer(pack, np.uint64, 2 * size, 8).reshape(2, size)
        hashes = np.frombuffer(pack, np.uint32, offset=8 + 16 * size)
        ends = np.cumsum(counts.astype(np.int64))
        yield from zip(uids.tolist(), np.split(hashes, ends)[:-1], strict=True)
