"""Articles to measure with: invented text with the word frequencies and the names of news, no two alike."""

import random
from pathlib import Path

import orjson

NAMES = (
    "Angela Merkel", "Paris", "Ukraine", "the United Nations", "Toyota", "Nairobi", "Brazil", "NATO", "Tokyo",
    "the European Union", "Mexico City", "Reuters", "South Africa", "the World Bank", "Sydney",
)  # fmt: skip
# Enough of English for a text to be told as such.
_COMMON = (
    "the of to and a in that for is on was with as it by at from have has were said will after who their but not been "
    "more which would people year government election police market court two first new years last against"
)
_ENDINGS = ("ing", "ed", "s", "ion", "er", "al", "ment", "y", "", "", "", "")
_DAY = "2025-03-{:02}T{:02}:{:02}:00Z"


def write_articles(path: Path, count: int, size: int = 2_000, seed: int = 1) -> None:
    """`count` JSON lines whose bodies have about `size` characters, published over ten days."""
    chooser = random.Random(seed)
    words = vocabulary(chooser)
    weights = [1 / (rank + 2) for rank in range(len(words))]
    with path.open("wb") as file:
        for number in range(count):
            file.write(orjson.dumps(_article(number, chooser, words, weights, size)) + b"\n")


def vocabulary(chooser: random.Random) -> list[str]:
    """Words, the most frequent first."""
    parts = ["ba", "co", "di", "fe", "gra", "ho", "in", "ju", "la", "mo", "ne", "pro", "re", "sta", "tri", "un", "ver"]
    stems = {"".join(chooser.choices(parts, k=chooser.randint(1, 3))) + chooser.choice(_ENDINGS) for _ in range(20_000)}
    return [*_COMMON.split(), *sorted(stems)]


def _article(number: int, chooser: random.Random, words: list[str], weights: list[float], size: int) -> dict[str, str]:
    chosen = chooser.choices(words, weights, k=size // 5)
    for place in range(0, len(chosen), 25):
        chosen[place] = chooser.choice(NAMES)
    sentences = [" ".join(chosen[start : start + 14]).capitalize() + "." for start in range(0, len(chosen), 14)]
    paragraphs = [" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]
    return {
        "url": f"https://example.org/news/{number}?utm_source=feed",
        "title": " ".join(chosen[:9]).capitalize(),
        "body": "\n\n".join(paragraphs)[:size],
        "published_at": _DAY.format(number % 10 + 10, number % 24, number % 60),
        "source": f"wire-{number % 20}",
    }
