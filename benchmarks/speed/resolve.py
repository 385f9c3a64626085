"""Time the judgement of articles: `python -m benchmarks.speed.resolve [ARTICLES]`.

Of the articles a tenth are copies of another's text, and a twentieth share between two fifths and all of one's
signature. Facts are made of random numbers: texts cost nothing. Then floods of 10,000: copies of one text, and texts
that share three fifths of each other's signature. Processor time, the smallest of three rounds.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import best_seconds
from schemas.keys import FACTS, PERMUTATIONS
from transforms.deduplicate.candidates import exact_keys, find_pairs, near_keys
from transforms.deduplicate.settings import DuplicateSettings
from transforms.deduplicate.stored.remembered import EXACT_ROWS, VERSION_ROWS, build_remembered
from transforms.deduplicate.verdicts.resolve import Resolved, resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS

Rows = NDArray[np.void]
ROUNDS = 3
NOTHING = build_remembered(np.zeros(0, EXACT_ROWS), np.zeros(0, VERSION_ROWS))


def main(count: int) -> None:
    """Measure and print."""
    print(f"{'':<24}{'articles':>10}{'pairs':>10}{'involved':>10}{'pairing us':>12}{'judging us':>12}")
    for name, facts in (
        ("a twentieth near", _make(count, count // 10, count // 20)),
        ("copies of one text", _flood(10_000, 1.0)),
        ("alike by three fifths", _flood(10_000, 0.6)),
    ):
        _report(name, facts)


def _report(name: str, facts: Rows) -> None:
    pairing = best_seconds(_pair, [facts], ROUNDS)
    pairs = _pair(facts)
    involved = facts[np.isin(facts["uid"], np.concatenate([pairs["left"], pairs["right"]]))]

    def judge(rows: Rows) -> Resolved:
        return resolve(rows, pairs, NOTHING, DuplicateSettings(), {}, NO_JOINS)

    judging = best_seconds(judge, [involved], ROUNDS)
    times = "".join(f"{seconds / len(facts) * 1e6:12.1f}" for seconds in (pairing, judging))
    print(f"{name:<24}{len(facts):>10,}{len(pairs):>10,}{len(involved):>10,}{times}")


def _pair(facts: Rows) -> Rows:
    return np.concatenate([find_pairs(exact_keys(facts), True), find_pairs(near_keys(facts), False)])


def _make(count: int, copies: int, near: int) -> Rows:
    """FACTS of articles of one day."""
    chooser = np.random.default_rng(1)
    facts = np.zeros(count, FACTS)
    for name in ("uid", "article", "url", "text", "content", "outlet"):
        facts[name] = chooser.integers(1, 1 << 63, count, np.uint64)
    facts["source"] = chooser.integers(1, 200, count)
    facts["published"] = np.sort(chooser.integers(0, 86_400_000_000, count))
    facts["story"], facts["full"], facts["comparable"] = facts["article"], True, True
    facts["signature"] = chooser.integers(0, 1 << 16, (count, PERMUTATIONS))
    rows = chooser.permutation(count)
    copy, alike, others = np.split(rows, [copies, copies + near])
    for name in ("text", "content", "signature"):
        facts[name][copy] = facts[name][chooser.choice(others, copies)] if copies else facts[name][copy]
    facts["signature"][alike] = _blend(facts["signature"][chooser.choice(others, near)], chooser.uniform(0.4, 1, near))
    return facts


def _blend(signatures: NDArray[np.uint16], shares: NDArray[np.float64]) -> NDArray[np.uint16]:
    """The signatures with all but a share of each replaced."""
    chooser = np.random.default_rng(2)
    kept = chooser.random(signatures.shape) < shares[:, None]
    return np.where(kept, signatures, chooser.integers(0, 1 << 16, signatures.shape)).astype(np.uint16)


def _flood(count: int, share: float) -> Rows:
    """FACTS of articles that all have this share of one signature."""
    facts = _make(count, 0, 0)
    facts["signature"] = _blend(np.tile(facts["signature"][0], (count, 1)), np.full(count, share**0.5))
    if share == 1:
        facts["text"] = facts["text"][0]
    return facts


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
