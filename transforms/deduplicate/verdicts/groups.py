"""The groups that edges make of nodes, by arrays: no step for each node."""

import numpy as np
from numpy.typing import NDArray

_Nodes = NDArray[np.int64]


def connected(size: int, left: _Nodes, right: _Nodes) -> _Nodes:
    """For each of `size` nodes the first node of its connected component under the edges (left, right).

    Each round hooks the first nodes of components that an edge joins to the smaller of them, and follows all hooks
    to their end (Shiloach and Vishkin 1982): some rounds even for a long chain.
    """
    firsts = np.arange(size)
    while True:
        one, other = firsts[left], firsts[right]
        apart = one != other
        if not apart.any():
            return firsts
        one, other = one[apart], other[apart]
        np.minimum.at(firsts, np.maximum(one, other), np.minimum(one, other))
        while (firsts[firsts] != firsts).any():
            firsts = firsts[firsts]
