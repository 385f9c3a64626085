"""Union-find over the pairs that share an exact key."""

import numpy as np
from numpy.typing import NDArray


def connected(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> list[list[int]]:
    """The connected components of `size` nodes under the edges (left, right), each sorted, by first node."""
    parents = list(range(size))
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        a, b = _root(parents, a), _root(parents, b)
        parents[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for node in range(size):
        groups.setdefault(_root(parents, node), []).append(node)
    return list(groups.values())


def _root(parents: list[int], node: int) -> int:
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node
