"""Packed shingle hashes, and the similarity that they give."""

import numpy as np
import pytest

from transforms.deduplicate.settings import PARTITIONS
from transforms.deduplicate.texts.shingles import MOST, gather_shingles, jaccard_of, pick_shingles, unpack_shingles

UIDS = np.array([5, 5 + PARTITIONS, 6, 2**64 - 1], np.uint64)
TEXTS = [np.array(hashes, np.uint32) for hashes in ([3, 1, 3, 2], [9], [], [7, 8])]


def test_packs_are_by_partition() -> None:
    packs = gather_shingles(TEXTS, UIDS)
    assert sorted(packs) == [5, 6, PARTITIONS - 1]
    found = {uid: hashes.tolist() for pack in packs.values() for uid, hashes in unpack_shingles([pack]).items()}
    assert found == dict(zip(UIDS.tolist(), [[3, 1, 3, 2], [9], [], [7, 8]], strict=True))


def test_some_are_picked_of_several_packs() -> None:
    packs = gather_shingles(TEXTS, UIDS).values()
    picked = pick_shingles(packs, np.array([5, 2**64 - 1, 77], np.uint64))
    assert {uid: hashes.tolist() for uid, hashes in unpack_shingles([picked]).items()} == {
        5: [3, 1, 3, 2],
        2**64 - 1: [7, 8],
    }


def test_none_may_be_picked() -> None:
    assert unpack_shingles([pick_shingles([], np.array([1], np.uint64))]) == {}


@pytest.mark.parametrize(
    ("left", "right", "similarity"),
    [
        pytest.param([1, 2, 3], [1, 2, 3], 1.0, id="same"),
        pytest.param([1, 2, 3], [2, 3, 4], 0.5, id="half"),
        pytest.param([2, 1, 2], [2, 2, 2], 0.5, id="repeats"),
        pytest.param([1], [2], 0.0, id="nothing"),
        pytest.param([], [], 0.0, id="empty"),
        pytest.param(range(MOST - 1), range(100, MOST - 1), (MOST - 101) / (MOST - 1), id="exact-below-the-most"),
    ],
)
def test_similarity(left: list[int], right: list[int], similarity: float) -> None:
    assert jaccard_of(np.array(left, np.uint32), np.array(right, np.uint32)) == similarity


def test_a_long_text_is_compared_by_its_smallest_hashes() -> None:
    hashes = np.random.default_rng(1).permutation(1 << 20)[:12_000].astype(np.uint32)
    packs = gather_shingles([hashes[:10_000], hashes[2_000:]], np.array([1, 2], np.uint64))
    found = unpack_shingles(packs.values())
    assert [len(found[uid]) for uid in (1, 2)] == [MOST, MOST]
    assert jaccard_of(found[1], found[2]) == pytest.approx(8 / 12, abs=0.05)
