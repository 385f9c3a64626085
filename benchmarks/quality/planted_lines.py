"""Sources made of real texts with lines planted in them: what is to go, and what must stay."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Planted lines that are boilerplate: where they go, the part of the articles that get them, and the lines.
TEMPLATES: dict[str, tuple[str, float, list[str]]] = {
    "footer with the title": ("end", 1.0, ["The article {title} was first published by The Harbour Post."]),
    "subscribe": ("end", 0.5, ["Like what you read?", "Sign up for our letter and get it every morning."]),
    "share bar": ("end", 0.9, ["Share this on Mastodon", "Send to a friend", "Print"]),
    "copyright": ("end", 0.8, ["© {year} Harbour Media Group. All rights reserved."]),
    "author's note": ("end", 0.2, ["Ada Quill covers ports and railways for The Harbour Post and lives in Leith."]),
    "related list": ("end", 0.15, ["More stories", "Why the ferry is late again", "A walk along the old quay"]),
    "greeting": ("start", 0.3, ["Welcome to the Tide, our letter on all that moves by water, sent on weekdays."]),
    "related, inside": ("middle", 0.4, ["Read also: {other}"]),
    "appeal, inside": ("middle", 0.5, ["Our reporting is free because readers such as you pay for it each month."]),
    "advertisement, twice": ("twice", 0.6, ["Advertisement"]),
}  # fmt: skip

# Planted lines that belong to the text.
KEPT: dict[str, tuple[str, float, list[str]]] = {
    "headings": ("middle", 0.7, ["What we know so far", "What happens next"]),
    "opening heading": ("start", 0.3, ["Key points"]),
    "dateline": ("start", 0.3, ["LONDON"]),
    "background": ("middle", 0.25, ["The strike began in March, when the crane drivers left the talks over pay."]),
    "last sentence": ("end", 0.15, ["No one was hurt."]),
    "score": ("end", 0.2, ["Rating: {n} out of 5"]),
    "table": ("end", 1.0, ["Wheat: {n}.40", "Copper: {n}.15", "Freight: {n}.75"]),
}  # fmt: skip


@dataclass
class Text:
    """An article of a source, and the lines planted in it."""

    title: str
    lines: list[str]
    planted: list[str] = field(default_factory=list)


def read_texts(path: Path) -> list[Text]:
    """The texts of a gzipped JSON lines file with `title` and `text`, a sentence a line, that have five lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [Text(row["title"], row["text"].split("\n")[1:]) for row in rows]
    return [text for text in texts if len(text.lines) >= 5]


def plant(texts: list[Text], name: str, chooser: random.Random) -> Iterator[Text]:
    """The texts with a template in some of them."""
    place, part, template = (TEMPLATES | KEPT)[name]
    for text in texts:
        if chooser.random() >= part:
            yield text
            continue
        values = {"title": text.title, "other": chooser.choice(texts).title, "n": chooser.randint(1, 5)}
        planted = [" ".join(line.format(**values, year=chooser.randint(2023, 2025)).split()) for line in template]
        planted *= 2 if place == "twice" else 1
        yield Text(text.title, put(text.lines, planted, place, chooser), planted)


def put(lines: list[str], planted: list[str], place: str, chooser: random.Random) -> list[str]:
    """The lines with others at the end, at the start, or somewhere within."""
    if place == "end":
        return lines + planted
    if place == "start":
        return planted + lines
    for line in planted:
        at = chooser.randint(1, len(lines) - 1)
        lines = [*lines[:at], line, *lines[at:]]
    return lines


def carried_again(texts: list[Text], chooser: random.Random) -> Iterator[Text]:
    """Each tenth story six times under other titles; with every telling a line of its own is first."""
    for text in texts[::10]:
        for number in range(6):
            own = chooser.choice(texts).lines[number % 5]
            yield Text(f"{text.title} {number}", [own, *text.lines])
    yield from texts


def live_blog(texts: list[Text], chooser: random.Random) -> Iterator[Text]:
    """A text that grows from article to article, the newest lines first."""
    lines: list[str] = []
    for text in texts[:12]:
        lines = [*text.lines[:4], *lines]
        yield Text(text.title, lines)
    yield from texts[12:]


TOLD_AGAIN = {"a story carried again": carried_again, "a live blog": live_blog}
