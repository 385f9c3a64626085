"""How well boilerplate is told from text: `python -m benchmarks.quality.boilerplate [folder] [--show]`.

The folder holds `feeds_real/**/*.xml`, feeds as they were served, and `unlabelled/feed_text.jsonl.gz`. For each feed:
its articles, how many are changed, and how many lines go; with `--show` those lines, for a person to judge. Then
lines planted in real texts, in sources of 30 articles: the part of them that goes, and of other lines.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.quality.planted_lines import KEPT, TEMPLATES, TOLD_AGAIN, Text, plant, read_texts
from schemas.errors import BadRecord
from schemas.records import Article, Document, Entry
from transforms.boilerplate.lines import gather_lines
from transforms.boilerplate.recurring import find_recurring
from transforms.boilerplate.remove import clean_texts, index_recurring
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate.keys import gather_facts
from transforms.parse import parse_document

READ_AT = 1_771_416_000_000_000
SOURCE = 30  # articles
SOURCES = 20


def main(folder: Path, show: bool) -> None:
    """Measure and print."""
    real_feeds(folder, show)
    texts = read_texts(folder / "unlabelled/feed_text.jsonl.gz")
    print(f"\n{'planted in real texts':24} {'planted':>8} {'gone':>6} {'other lines':>12} {'gone':>6}")
    for name in (*TEMPLATES, *KEPT, *TOLD_AGAIN):
        planted(name, texts, show)


def real_feeds(folder: Path, show: bool) -> None:
    """A line for each feed that something is taken from."""
    read = [article for path in sorted(folder.glob("feeds_real/**/*.xml")) for article in read_feed(path)]
    articles = [article for article in read if isinstance(article, Article)]
    refused = Counter(type(error).__name__ for error in read if isinstance(error, BadRecord))
    by_source: dict[str, list[list[str]]] = defaultdict(list)
    for article, lines in zip(articles, removed_lines(articles), strict=True):
        by_source[article.source].append(lines)
    print(f"{'feed':50} {'articles':>8} {'changed':>8} {'lines':>6}")
    for source, removed in by_source.items():
        if any(removed):
            print(f"{source[-50:]:50} {len(removed):8} {sum(map(bool, removed)):8} {sum(map(len, removed)):6}")
        for line, times in Counter(line for lines in removed for line in lines).items() if show else ():
            print(f"    {times:4} {line[:150]}")
    changed = [lines for removed in by_source.values() for lines in removed if lines]
    print(f"{len(by_source)} feeds: {len(articles)} articles, {len(changed)} changed, {sum(map(len, changed))} lines")
    print(f"entries that are no article: {dict(refused)}")


def planted(name: str, texts: list[Text], show: bool) -> None:
    """A line for one kind of planting."""
    counts: Counter[str] = Counter()
    for number in range(SOURCES):
        chooser = random.Random(number)
        source = chooser.sample(texts, SOURCE)
        source = list(TOLD_AGAIN[name](source, chooser) if name in TOLD_AGAIN else plant(source, name, chooser))
        articles = [to_news(text, number) for text in source]
        for text, removed in zip(source, removed_lines(articles), strict=True):
            gone = sum(line in text.planted for line in removed)
            counts.update(planted=len(text.planted), gone=gone, other=len(text.lines), lost=len(removed) - gone)
            for line in removed if show else ():
                if line not in text.planted:
                    print(f"    lost: {line[:150]}")
    part = f"{counts['gone'] / counts['planted']:6.1%}" if counts["planted"] else f"{'':6}"
    other = counts["other"] - counts["planted"]
    print(f"{name:24} {counts['planted']:8} {part} {other:12} {counts['lost'] / other:6.2%}")


def read_feed(path: Path) -> Iterator[Article | BadRecord]:
    """The articles of a feed, or why an entry is none."""
    for entry in parse_document(Document(str(path), path.read_bytes(), READ_AT)):
        try:
            yield to_article(entry, CleanSettings())
        except BadRecord as error:
            yield error


def to_news(text: Text, source: int) -> Article:
    """A planted text as an article of a feed."""
    address = f"https://source{source}.example.org/feed"
    body = "\n\n".join(text.lines)
    return to_article(Entry(address, READ_AT, feed_url=address, title=text.title, body=body), CleanSettings())


def removed_lines(articles: list[Article]) -> Iterator[list[str]]:
    """For each article the lines that are taken out, the others of all being known."""
    rows, counts = gather_lines(articles, gather_facts(articles))
    found = index_recurring(find_recurring(rows))
    ends = np.cumsum(counts)
    for article, first in zip(articles, ends - counts, strict=True):
        fields = {"title": article.title, "description": article.description, "body": article.body}
        after = clean_texts({**fields, "lines": rows[first : first + 1].tobytes()}, found)
        yield [*_without(article.description, after.description), *_without(article.body, after.body)]


def _without(before: str, after: str | None) -> Iterable[str]:
    left = Counter((after or "").split("\n"))
    return [line for line, times in (Counter(before.split("\n")) - left).items() for _ in range(times) if line]


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--show"]
    main(Path(given[0] if given else "../shared/data"), "--show" in sys.argv)
