"""Whether fingerprints tell template stories apart, and not copies: `python -m benchmarks.quality.fingerprints [DATA]`.

DATA holds `unlabelled/feed_text.jsonl.gz`: real texts, whole and cut short, whose copies must not be told apart. Of
all pairs, only those with at least half of their shingles in common count: fingerprints judge no others. Those with
four fifths in common are dropped, unless they have news.
"""

import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.quality.edits import edit_words, follow_up, reformat_numbers
from benchmarks.quality.template_stories import fill, read_templates
from transforms.deduplicate.texts.fingerprints import has_news, tells_apart
from transforms.deduplicate.texts.likeness import DUPLICATE_SCORE, RELATED_SCORE
from transforms.deduplicate.texts.shingles import jaccard_of
from transforms.deduplicate.texts.signatures import sign_and_shingle

DATA = "../shared/data"
PAIRS = 500
SHARES = (0.01, 0.02, 0.05, 0.1)
Pairs = list[tuple[str, str]]


def main(data: str) -> None:
    """Measure and print."""
    chooser = random.Random(5)
    groups = [*_templates(chooser), *_copies(Path(data, "unlabelled/feed_text.jsonl.gz"), chooser)]
    print(f"{'pairs':<46} {'alike':>6} {'told apart':>10} {'same':>6} {'with news':>10}")
    for name, pairs in groups:
        alike, apart, same, news = count(pairs)
        print(f"{name:<46} {alike:>6} {apart / max(alike, 1):>10.2%} {same:>6} {news / max(same, 1):>10.2%}")


def count(pairs: Pairs) -> tuple[int, int, int, int]:
    """How many pairs share half of their shingles and are told apart; or share four fifths of them and have news."""
    sides = [sign_and_shingle(list(side)) for side in zip(*pairs, strict=True)]
    likeness = np.array([jaccard_of(*both) for both in zip(*(shingles for _, shingles in sides), strict=True)])
    fingerprints = [signed.fingerprints for signed, _ in sides]
    alike, same = likeness >= RELATED_SCORE, likeness >= DUPLICATE_SCORE
    found = alike, alike & tells_apart(*fingerprints), same, same & has_news(*fingerprints)
    alike_count, apart, same_count, news = (int(rows.sum()) for rows in found)
    return alike_count, apart, same_count, news


def _templates(chooser: random.Random) -> Iterator[tuple[str, Pairs]]:
    for part in ("tuned", "held_out"):
        for template in read_templates(part):
            pairs = [(fill(template, chooser), fill(template, chooser)) for _ in range(PAIRS)]
            yield f"{part}: {template.kind}", pairs


def _copies(path: Path, chooser: random.Random) -> Iterator[tuple[str, Pairs]]:
    held_out = [fill(template, chooser) for template in read_templates("held_out") for _ in range(PAIRS // 10)]
    bases = {"template stories": held_out}
    if path.exists():
        entries = map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
        real = [f"{entry['title']}\n{entry['text']}" for entry in entries]
        bases["real texts"] = real
        bases["real texts cut to 12-40 words"] = [" ".join(text.split()[: chooser.randint(12, 40)]) for text in real]
    else:
        print(f"no copies of real texts: {path} is absent")
    vocabulary = [word for texts in bases.values() for text in texts for word in text.split()]
    for name, texts in bases.items():
        for share in SHARES:
            yield f"{name}, {share:.0%} edited", [(t, edit_words(t, share, vocabulary, chooser)) for t in texts]
        yield f"{name}, followed up", [(t, follow_up(t, chooser)) for t in texts]
        yield f"{name}, numbers reformatted", [(t, reformat_numbers(t)) for t in texts]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DATA)
