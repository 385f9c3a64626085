"""How many planted summaries are found: `python -m benchmarks.quality.excerpts [TEXTS]`.

TEXTS is JSON lines (.gz) with `title` and `text`. Each text of 150 words or more is a full article of one outlet; of
every second one another outlet carries a summary made of its beginning in one of the ways below, an hour later and
under another title. All texts that are shorter are articles too. What else is taken for a summary is printed.
"""

import gzip
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from schemas.records import Article
from tests.make import article, micros
from tests.resolving import Store

TEXTS = "../shared/data/unlabelled/feed_text.jsonl.gz"
NOON = micros("2025-03-21T12:00")
FULL_WORDS = 150


def _words(count: int, ending: str = "") -> Callable[[str], str]:
    return lambda text: " ".join(text.split()[:count]) + ending


def _cut(size: int) -> Callable[[str], str]:
    return lambda text: text[:size] + "..."


WAYS: dict[str, Callable[[str], str]] = {
    "20 words": _words(20),
    "30 words, ellipsis": _words(30, " ..."),
    "55 words, [...]": _words(55, " [...]"),
    "160 characters": _cut(160),
    "400 characters": _cut(400),
    "40 words, read more": _words(40, " Read more on our site"),
    "first paragraph": lambda text: text.split("\n")[0],
    "words 10 to 50": lambda text: " ".join(text.split()[10:50]),
}


@dataclass(frozen=True)
class Planted:
    """Articles, and by the source of each summary the source of its full text and the way it was made."""

    articles: list[Article]
    truth: dict[str, tuple[str, str]]


def main(path: str) -> None:
    """Measure and print."""
    with gzip.open(path) as lines:
        planted = plant([orjson.loads(line) for line in lines])
    _, filed = Store().run(planted.articles)
    rows = filed.sightings.to_pylist()
    originals = {row["article_id"]: row["source"] for row in rows if row["relation"] == "original"}
    found = {row["source"]: originals[row["article_id"]] for row in rows if row["relation"] == "excerpt"}
    total = Counter(way for _, way in planted.truth.values())
    right = Counter(way for source, (full, way) in planted.truth.items() if found.get(source) == full)
    for way in WAYS:
        print(f"{way:<22}{right[way]:>6} of {total[way]:>5}")
    wrong = [source for source, full in found.items() if planted.truth.get(source, ("", ""))[0] != full]
    print(f"{'something else':<22}{len(wrong):>6} of {len(planted.articles):>5} articles")


def plant(texts: list[dict[str, str]]) -> Planted:
    """The texts as articles, with summaries of some."""
    articles, truth = list[Article](), dict[str, tuple[str, str]]()
    ways = list(WAYS)
    for number, given in enumerate(texts):
        full = _article(f"full{number}", number, title=given["title"], body=given["text"])
        articles.append(full)
        if number % 2 and len(given["text"].split()) >= FULL_WORDS:
            way = ways[len(truth) % len(ways)]
            source = f"summary{number}"
            articles.append(
                _article(source, 3_600_000_000, title=f"In short {number}", description=WAYS[way](full.body))
            )
            truth[source] = full.source, way
    return Planted(articles, truth)


def _article(source: str, later: int, **given: str) -> Article:
    fields = {"url": f"https://{source}.example/", "source": source, "publisher": source, "body": ""}
    return article(**fields | given, published_at=NOON + later)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else TEXTS)
