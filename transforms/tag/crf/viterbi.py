"""The best tags of many chains at once."""

import numpy as np

from transforms.tag.crf.weights import TAGS
from transforms.tag.spans import Floats, Int8s
from transforms.tag.text import Ints

NEVER = np.float32(-1e4)


def forbid(transitions: Floats) -> Floats:
    """The transitions, less those that no tagging has: an I that continues nothing of its type."""
    allowed = transitions.copy()
    for inside in range(2, TAGS, 2):
        others = [tag for tag in range(TAGS) if tag not in (inside - 1, inside)]
        allowed[others, inside] = NEVER
    return allowed


def best_tags(emissions: Floats, chains: Ints, transitions: Floats) -> Int8s:
    """The tag of each site in the best tagging of its chain; what is before a chain's first site is O.

    emissions: of shape (sites, TAGS). chains: the first site of each chain, then the number of sites.
    """
    tags = np.zeros(len(emissions), np.int8)
    lengths = np.diff(chains)
    order = np.argsort(-lengths, kind="stable")
    first, lengths = chains[:-1][order], lengths[order]
    longest = int(lengths.max(initial=0))
    alive = np.searchsorted(-lengths, -np.arange(longest), side="left")  # chains longer than each step
    into = transitions.T
    best = np.where(transitions[0] > NEVER, emissions[first], NEVER) if longest else emissions[:0]
    came: list[Int8s] = []
    for step in range(1, longest):
        paths = best[: alive[step], None, :] + into
        came.append(paths.argmax(axis=2).astype(np.int8))
        best[: alive[step]] = paths.max(axis=2) + emissions[first[: alive[step]] + step]
    last = best.argmax(axis=1).astype(np.int8)
    for step in range(longest - 1, -1, -1):
        chosen = last[: alive[step]]
        tags[first[: alive[step]] + step] = chosen
        if step:
            last[: alive[step]] = came[step - 1][np.arange(len(chosen)), chosen]
    return tags
