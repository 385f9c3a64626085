import pytest

from transforms.chunks.chunk import Piece
from transforms.group_by_size import group_by_size
from transforms.read_files import FileRange

CASES: dict[str, tuple[list[int], list[list[int]]]] = {
    "nothing": ([], []),
    "all in one": ([3, 3, 4], [[3, 3, 4]]),
    "one more": ([3, 3, 4, 1], [[3, 3, 4], [1]]),
    "too large together": ([4, 7], [[4], [7]]),
    "a large one is by itself": ([3, 30, 4], [[3], [30], [4]]),
    "a large one first": ([11, 1, 9, 1], [[11], [1, 9], [1]]),
    "in order, not by what fits best": ([6, 6, 1, 9], [[6], [6, 1], [9]]),
}


@pytest.mark.parametrize(("sizes", "expected"), CASES.values(), ids=CASES)
def test_items_are_grouped_in_their_order(sizes: list[int], expected: list[list[int]]) -> None:
    groups = group_by_size((Piece(FileRange(b"%d" % n), size) for n, size in enumerate(sizes)), 10)
    assert [[piece.size for piece in group] for group in groups] == expected
    assert [piece.part.name for group in groups for piece in group] == [b"%d" % n for n in range(len(sizes))]
