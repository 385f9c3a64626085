"""News-like texts with planted copies: of invented words as frequent as those of English, and template stories."""

import random
from dataclasses import dataclass

import numpy as np

from benchmarks.articles import COMMON
from benchmarks.quality.edits import edit_words
from benchmarks.quality.template_stories import fill, read_templates

_SYLLABLES = "ba co di fe gra ho in ju la mo ne pro re sta tri un ver so chi par ten mar le ci vo"
_NEWS_WORDS, _NAMES = 30_000, 4_000
TEMPLATE_SHARE, COPY_SHARE, MOST_EDITED = 0.1, 0.05, 0.1
_SENTENCE = 18


@dataclass(frozen=True)
class Planted:
    """Texts in the order in which they were published, and the copies among them, as (original, copy)."""

    texts: list[str]
    copies: list[tuple[int, int]]
    templates: frozenset[int]


def generate(count: int, seed: int = 7) -> Planted:
    """`count` texts of 50 to 600 words: a tenth are template stories, a twentieth copies with up to a tenth edited."""
    chooser, numbers = random.Random(seed), np.random.default_rng(seed)
    vocabulary, weights = _vocabulary(chooser)
    templates = [template for part in ("tuned", "held_out") for template in read_templates(part)]
    copies = round(count * COPY_SHARE)
    stories = round(count * TEMPLATE_SHARE)
    texts = [fill(chooser.choice(templates), chooser) for _ in range(stories)]
    texts += [_text(vocabulary, weights, numbers, chooser) for _ in range(count - copies - stories)]
    place = list(range(len(texts)))
    chooser.shuffle(place)
    originals = chooser.sample(range(len(texts)), copies)
    shares = [chooser.uniform(0, MOST_EDITED) for _ in originals]
    edited = [
        edit_words(texts[place[i]], share, vocabulary, chooser) for i, share in zip(originals, shares, strict=True)
    ]
    planted = [(original, len(texts) + number) for number, original in enumerate(originals)]
    of_templates = frozenset(at for at, text in enumerate(place) if text < stories)
    return Planted([*(texts[text] for text in place), *edited], planted, of_templates)


def _vocabulary(chooser: random.Random) -> tuple[list[str], np.ndarray]:
    parts = _SYLLABLES.split()
    words = dict.fromkeys(COMMON.split())
    while len(words) < _NEWS_WORDS:
        words["".join(chooser.choices(parts, k=chooser.randint(2, 4)))] = None
    weights = np.cumsum(1 / np.arange(3, len(words) + 3))
    return list(words), weights / weights[-1]


def _text(vocabulary: list[str], weights: np.ndarray, numbers: np.random.Generator, chooser: random.Random) -> str:
    size = chooser.randint(50, 600)
    words = [vocabulary[rank] for rank in np.searchsorted(weights, numbers.random(size)).tolist()]
    names = [word.capitalize() for word in chooser.sample(vocabulary[-_NAMES:], max(3, size // 40))]
    for place in range(5, size, 14):
        words[place] = chooser.choice(names)
    for place in range(9, size, 45):
        words[place] = f"{chooser.randint(2, 90_000):,}"
    sentences = [" ".join(words[start : start + _SENTENCE]) for start in range(0, size, _SENTENCE)]
    return "\n".join([" ".join(words[:9]).capitalize(), ". ".join(s[0].upper() + s[1:] for s in sentences) + "."])
