"""Articles to measure with: invented text with the word frequencies and the names of news, no two alike."""

import random
from pathlib import Path

import orjson

NAMES = (
    "Angela Merkel", "Paris", "Ukraine", "the United Nations", "Toyota", "Nairobi", "Brazil", "NATO", "Tokyo",
    "the European Union", "Mexico City", "Reuters", "South Africa", "the World Bank", "Sydney",
)  # fmt: skip
# Enough of English for a text to be told as such.
COMMON = (
    "the of to and a in that for is on was with as it by at from have has were said will after who their but not been "
    "more which would people year government election police market court two first new years last against its about"
)
_ENDINGS = ("ing", "ed", "s", "ion", "er", "al", "ment", "y", "", "", "", "")
NAME_EVERY = 25  # words
_SENTENCE, _PARAGRAPH = 14, 5  # words, sentences
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
    return [*COMMON.split(), *sorted(stems)]


def lay_out(words: list[str]) -> str:
    """A text of these words, in sentences and paragraphs."""
    starts = range(0, len(words), _SENTENCE)
    sentences = [" ".join(words[start : start + _SENTENCE]).capitalize() + "." for start in starts]
    return "\n\n".join(" ".join(sentences[at : at + _PARAGRAPH]) for at in range(0, len(sentences), _PARAGRAPH))


def _article(number: int, chooser: random.Random, words: list[str], weights: list[float], size: int) -> dict[str, str]:
    chosen = chooser.choices(words, weights, k=size // 5)
    for place in range(0, len(chosen), NAME_EVERY):
        chosen[place] = chooser.choice(NAMES)
    return {
        "url": f"https://example.org/news/{number}?utm_source=feed",
        "title": " ".join(chosen[:9]).capitalize(),
        "body": lay_out(chosen)[:size],
        "published_at": _DAY.format(number % 10 + 10, number % 24, number % 60),
        "source": f"wire-{number % 20}",
    }
