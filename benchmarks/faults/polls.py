"""What a feed list brings from poll to poll: new articles, old ones again, changed ones, copies, and garbage."""

import random
from pathlib import Path
from typing import Any

import orjson

from benchmarks.articles import vocabulary

ARTICLES = 120
_CARRIED = 80  # articles of the poll before that are still listed


def write_polls(folder: Path, polls: int, seed: int = 7) -> None:
    """Folders `0`, `1`, ... of JSON lines and a text, one for each poll."""
    chooser = random.Random(seed)
    words = vocabulary(chooser)
    before: list[dict[str, Any]] = []
    for poll in range(polls):
        listed = [_article(poll, number, chooser, words) for number in range(ARTICLES)]
        lines = [*listed, *_again(before[:_CARRIED], chooser), *_copies(listed, chooser)]
        place = folder / str(poll)
        place.mkdir(parents=True)
        for part in range(3):
            data = b"\n".join(map(orjson.dumps, lines[part::3]))
            (place / f"part-{part}.jsonl").write_bytes(data + b'\n{"title": \n')
        (place / "note.txt").write_text(f"A note of day {poll}\n\n" + " ".join(chooser.choices(words, k=90)))
        before = listed


def _article(poll: int, number: int, chooser: random.Random, words: list[str]) -> dict[str, Any]:
    day = max(1, 20 + poll - chooser.choice((0, 0, 0, 1, 1, 2, 9)))
    return {
        "url": f"https://example.org/{poll}/{number}",
        "title": " ".join(chooser.choices(words, k=8)).capitalize(),
        "body": " ".join(chooser.choices(words, k=chooser.randint(30, 250))),
        "published_at": f"2025-03-{day:02}T{number % 24:02}:00:00Z",
        "source": f"wire-{number % 7}",
    }


def _again(articles: list[dict[str, Any]], chooser: random.Random) -> list[dict[str, Any]]:
    """As they were, but for some that were rewritten."""
    return [{**a, "body": a["body"] + " and more"} if chooser.random() < 0.1 else a for a in articles]


def _copies(articles: list[dict[str, Any]], chooser: random.Random) -> list[dict[str, Any]]:
    """Of other outlets, some with a word changed."""
    copies = []
    for number, article in enumerate(chooser.sample(articles, 20)):
        body = article["body"].split()
        body[chooser.randrange(len(body))] = "otherwise"
        at = {"url": f"{article['url']}/copy", "source": f"copy-{number % 3}", "body": " ".join(body)}
        copies.append(article | at)
    return copies
