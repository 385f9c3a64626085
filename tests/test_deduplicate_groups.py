"""Connected components, against a walk over the edges."""

import random

import numpy as np
import pytest

from transforms.deduplicate.verdicts.groups import connected

CASES: dict[str, tuple[int, list[tuple[int, int]], list[int]]] = {
    "none": (0, [], []),
    "no edges": (3, [], [0, 1, 2]),
    "an edge": (3, [(2, 1)], [0, 1, 1]),
    "an edge to itself": (2, [(1, 1)], [0, 1]),
    "a chain backwards": (4, [(3, 2), (2, 1), (1, 0)], [0, 0, 0, 0]),
    "two groups": (5, [(0, 3), (4, 1)], [0, 1, 2, 0, 1]),
    "a circle": (3, [(0, 1), (1, 2), (2, 0)], [0, 0, 0]),
}


@pytest.mark.parametrize(("size", "edges", "firsts"), CASES.values(), ids=CASES.keys())
def test_each_node_has_the_first_of_its_component(size: int, edges: list[tuple[int, int]], firsts: list[int]) -> None:
    left, right = np.array(edges, np.int64).reshape(-1, 2).T
    assert connected(size, left, right).tolist() == firsts


@pytest.mark.parametrize("seed", range(5))
def test_many_random_edges(seed: int) -> None:
    chooser = random.Random(seed)
    edges = [(chooser.randrange(200), chooser.randrange(200)) for _ in range(120)]
    firsts = list(range(200))
    for _ in range(200):
        for one, other in edges:
            firsts[one] = firsts[other] = min(firsts[one], firsts[other])
    left, right = np.array(edges).T
    assert connected(200, left, right).tolist() == firsts
