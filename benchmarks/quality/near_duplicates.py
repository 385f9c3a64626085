"""Near-duplicates: how many planted copies are found, what else, and how long it takes.

`python -m benchmarks.quality.near_duplicates [MCCORMICK] [COUNT] [PYTHON]`: MCCORMICK holds articles with planted
copies (`*.train`, `*.truth`); COUNT articles are generated (100,000), a tenth of them template stories and a twentieth
copies with up to a tenth of their words edited; PYTHON is an interpreter that has datatrove, whose MinHash then runs
over the same articles. All in one process, without Beam.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.generated_texts import Planted, generate
from schemas.keys import DUPLICATE, FACTS
from transforms.deduplicate.candidates import find_pairs, near_keys
from transforms.deduplicate.settings import BATCH, DuplicateSettings
from transforms.deduplicate.stored.remembered import list_key_files, remember
from transforms.deduplicate.texts.shingles import jaccard_of
from transforms.deduplicate.texts.signatures import sign_and_shingle
from transforms.deduplicate.verdicts.groups import connected
from transforms.deduplicate.verdicts.resolve import resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS

MCCORMICK = "../shared/data/neardup/mccormick_minhash"
COUNT = 100_000
# As many bands as ours, of as long shingles; and datatrove's defaults. Shingle words, buckets, hashes in each.
DATATROVE = ((3, 32, 4), (5, 14, 8))
_DATATROVE_SCRIPT = Path(__file__).with_name("datatrove_minhash.py")
Result = TypeVar("Result")
Pairs = set[tuple[int, int]]


@dataclass
class Found:
    """Rows of texts that say the same as an earlier one, or share much with it; and seconds by step."""

    dropped: dict[int, int] = field(default_factory=dict)
    related: dict[int, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    shingles: list[NDArray[np.uint32]] = field(default_factory=list)


def main(folder: str, count: int, python: str) -> None:
    """Measure and print."""
    for path in sorted(Path(folder).glob("*.train")):
        _report_mccormick(path)
    planted = generate(count)
    print(f"\n{count:,} generated articles, {len(planted.copies):,} of them copies")
    _report(planted, find(planted.texts))
    if not python:
        print("datatrove: left out, no interpreter was given that has it")
        return
    for setting in DATATROVE:
        _report_datatrove(planted, python, setting)


def find(texts: list[str]) -> Found:
    """Near-duplicates among texts in the order in which they were published."""
    found = Found()
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    parts = _timed(found, "sign", lambda: [sign_and_shingle(batch) for batch in batches])
    found.shingles = [hashes for part in parts for hashes in part[1]]
    facts = np.zeros(len(texts), FACTS)
    for name, values in zip(
        ("signature", "comparable", "fingerprint"), zip(*(part[0] for part in parts), strict=True), strict=True
    ):
        facts[name] = np.concatenate(values)
    for name in ("uid", "article", "story", "content", "source", "outlet"):
        facts[name] = np.arange(1, len(texts) + 1)
    facts["published"] = np.arange(len(texts))
    pairs = _timed(found, "pair", lambda: find_pairs(near_keys(facts), exact=False))
    involved = np.union1d(pairs["left"], pairs["right"]).astype(np.int64) - 1
    picked = {row + 1: found.shingles[row] for row in involved.tolist()}
    with TemporaryDirectory() as empty:
        remembered = remember(list_key_files(empty))
        given = facts[involved], pairs, remembered, DuplicateSettings(), picked, NO_JOINS
        verdicts = _timed(found, "resolve", lambda: resolve(*given)).verdicts
    for row, article, other, outcome in verdicts[["uid", "article", "duplicate_of", "outcome"]].tolist():
        if outcome == DUPLICATE:
            found.dropped[row - 1] = article - 1
        elif other:
            found.related[row - 1] = other - 1
    return found


def _timed(found: Found, step: str, work: Callable[[], Result]) -> Result:
    start = process_time()
    result = work()
    found.seconds[step] = process_time() - start
    return result


def _report(planted: Planted, found: Found) -> None:
    linked = found.dropped | found.related
    hits = sum(linked.get(copy) == original for original, copy in planted.copies)
    true = {copy: original for original, copy in planted.copies}
    others = [pair for pair in linked.items() if true.get(pair[0]) != pair[1]]
    of_templates = [pair for pair in others if pair[1] in planted.templates]
    exact = [_exact(found, pair) for pair in found.dropped.items()]
    print(f"copies found          {hits:,} of {len(planted.copies):,}: recall {hits / len(planted.copies):.4f}")
    print(f"dropped               {len(exact):,}, the least alike with an exact similarity of {min(exact):.3f}")
    dropped = sum(copy in found.dropped for copy, _ in of_templates)
    print(f"template stories      {len(of_templates):,} pairs, {dropped:,} dropped")
    print(f"other false pairs     {len(others) - len(of_templates):,}")
    _print_seconds(found.seconds, len(planted.texts))


def _exact(found: Found, pair: tuple[int, int]) -> float:
    return jaccard_of(*(found.shingles[row] for row in pair))


def _print_seconds(seconds: dict[str, float], count: int) -> None:
    steps = ", ".join(f"{step} {value / count * 1e6:.1f}" for step, value in seconds.items())
    print(f"us an article         {sum(seconds.values()) / count * 1e6:.1f} ({steps})")


def _report_mccormick(path: Path) -> None:
    ids, texts = zip(*(line.split(" ", 1) for line in path.read_text("utf-8").splitlines()), strict=True)
    truth = {frozenset(line.split()) for line in path.with_suffix(".truth").read_text("ascii").splitlines()}
    found = find(list(texts))
    linked = {frozenset((ids[a], ids[b])) for a, b in (found.dropped | found.related).items()}
    missed, others = len(truth - linked), len(linked - truth)
    print(f"{path.stem:<16} {len(truth):>4} planted pairs, {missed} missed, {others} others found")


def _report_datatrove(planted: Planted, python: str, setting: tuple[int, int, int]) -> None:
    with TemporaryDirectory() as folder:
        lines = Path(folder, "texts.jsonl")
        lines.write_text("".join(f"{json.dumps(text)}\n" for text in planted.texts), "utf-8")
        command = [python, str(_DATATROVE_SCRIPT), str(lines), folder, *map(str, setting)]
        output = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    pairs = np.array(output["pairs"])
    cluster = connected(len(planted.texts), pairs[:, 0], pairs[:, 1])
    hits = sum(cluster[original] == cluster[copy] for original, copy in planted.copies)
    print("datatrove: {} words to a shingle, {} buckets of {}".format(*setting))
    print(f"copies found          {hits:,} of {len(planted.copies):,}: recall {hits / len(planted.copies):.4f}")
    _print_seconds(dict(zip(("sign", "pair", "cluster"), output["seconds"], strict=True)), len(planted.texts))


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        given[0] if given else MCCORMICK, int(given[1]) if len(given) > 1 else COUNT, given[2] if len(given) > 2 else ""
    )
