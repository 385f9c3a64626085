"""Steps between the groupings of Deduplicate: who shares a key, and whose facts are needed to judge that."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from apache_beam.pvalue import TaggedOutput
from numpy.typing import NDArray

from schemas.keys import FACTS, KEYS, PAIRS, UIDS
from transforms.deduplicate.candidates import find_pairs, split_by
from transforms.deduplicate.settings import PARTITIONS
from transforms.deduplicate.texts.shingles import pick_shingles
from transforms.ledger import arrived, sent

Rows = NDArray[np.void]


def pair(group: tuple[int, Iterable[bytes]], exact: bool) -> Iterator[tuple[int, bytes]]:
    """The PAIRS among the KEYS of a partition."""
    keys = np.frombuffer(b"".join(group[1]), KEYS)
    arrived("keys", len(keys))
    pairs = find_pairs(keys, exact)
    if len(pairs):
        sent("pairs", len(pairs))
        sent("wanted", 2 * len(pairs))
        yield group[0], pairs.tobytes()


def paired_uids(group: tuple[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """The uids of PAIRS, by the partition that has their facts."""
    yield from split_by(uids_of(np.frombuffer(group[1], PAIRS)), "uid", PARTITIONS).items()


def uids_of(pairs: Rows) -> Rows:
    """UIDS of both sides of PAIRS."""
    wanted = np.zeros(2 * len(pairs), UIDS)
    wanted["uid"] = np.concatenate([pairs["left"], pairs["right"]])
    wanted["near"] = np.tile(~pairs["exact"], 2)
    return wanted


def to_one_place(group: tuple[int, bytes]) -> tuple[int, bytes]:
    """The same bytes, for the one place where all that is involved meets."""
    return 0, group[1]


def pick_involved(group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
    """The FACTS of a partition that are asked for, or whose keys are remembered, and the shingles asked for."""
    facts = np.frombuffer(b"".join(group[1]["facts"]), FACTS)
    wanted = np.frombuffer(b"".join(group[1]["wanted"]), UIDS)
    packs = list(group[1]["shingles"])
    arrived("facts", len(facts))
    arrived("wanted", len(wanted))
    arrived("shingle_bytes", sum(map(len, packs)))
    picked = facts[is_involved(facts, wanted)]
    if len(picked):
        sent("involved", len(picked))
        yield 0, picked.tobytes()
    if wanted["near"].any():
        shingles = pick_shingles(packs, np.unique(wanted["uid"][wanted["near"]]))
        sent("picked_bytes", len(shingles))
        yield TaggedOutput("shingles", (0, shingles))


def is_involved(facts: Rows, wanted: Rows) -> NDArray[np.bool_]:
    """Which FACTS are to be judged: those that are wanted, and those whose keys are remembered."""
    involved: NDArray[np.bool_] = facts["known"] | np.isin(facts["uid"], wanted["uid"])
    return involved
