"""Time of signatures by step: `python -m benchmarks.speed.signatures [WORDS]`.

Texts of about WORDS (300) words are generated, half of them with typographic quotes. Microseconds of processor time
an article, the smallest of several rounds; each step is timed by itself, warmer than in the whole.
"""

import random
import sys

import numpy as np

from benchmarks.quality.generated_texts import generate
from benchmarks.timing import best_seconds
from transforms.deduplicate.settings import BATCH
from transforms.deduplicate.texts.fingerprints import fingerprint
from transforms.deduplicate.texts.shingles import gather_shingles
from transforms.deduplicate.texts.signatures import minhash, shingle, sign_and_shingle
from transforms.deduplicate.texts.words import in_cache, read_words

ROUNDS = 25
TEXTS = 4 * BATCH


def main(size: int) -> None:
    """Measure and print."""
    texts = make_texts(size)
    small = list(in_cache(texts))
    words = [read_words(batch) for batch in small]
    shingles = [shingle(batch.hashes, batch.offsets) for batch in words]
    packs = [(sign_and_shingle(batch)[1], np.arange(len(batch), dtype=np.uint64)) for batch in _split(texts, BATCH)]
    steps = {
        "words": best_seconds(read_words, small, ROUNDS),
        "shingles": best_seconds(lambda batch: shingle(batch.hashes, batch.offsets), words, ROUNDS),
        "MinHash": best_seconds(lambda pair: minhash(*pair), shingles, ROUNDS),
        "fingerprints": best_seconds(fingerprint, words, ROUNDS),
        "packs of shingles": best_seconds(lambda pack: gather_shingles(*pack), packs, ROUNDS),
        "all but the packs": best_seconds(sign_and_shingle, _split(texts, BATCH), ROUNDS),
    }
    print(f"{len(texts):,} texts of {np.mean([len(text.split()) for text in texts]):.0f} words")
    for name, seconds in steps.items():
        print(f"{name:<18} {seconds / len(texts) * 1e6:6.1f} us an article")


def make_texts(size: int) -> list[str]:
    """Texts of a size, every second one with quotes that are not ASCII."""
    chooser = random.Random(1)
    pool = [word for text in generate(TEXTS).texts for word in text.split(" ")]
    starts = chooser.choices(range(len(pool) - size), k=TEXTS)
    texts = [" ".join(pool[start : start + size]) for start in starts]
    return [text.replace(". ", ".” “") if row % 2 else text for row, text in enumerate(texts)]


def _split(texts: list[str], size: int) -> list[list[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
