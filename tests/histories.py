"""Windows of articles by chance: few stories, told in every way that deduplication tells apart."""

import random
from collections.abc import Callable

from schemas.records import Article
from tests.make import READ_AT, article, micros, story

DAYS = ("2025-03-17", "2025-03-20", "2025-03-21T10:00", "2025-03-21T11:00", "2025-03-22")
FOOTER = "Follow us on all channels"
_DRAW = "The draw of the evening was held in the city hall before a notary, and the winning number is {}. "

# The texts of a story: body and description.
TELLINGS: dict[str, Callable[[int, random.Random], tuple[str, str]]] = {
    "whole": lambda number, _: (story(number, 120), ""),
    "edited": lambda number, _: (f"{story(number, 120)} once more", ""),
    "rewritten": lambda number, _: (" ".join([*story(number, 120).split()[:100], *story(number + 50, 40).split()]), ""),
    "of two": lambda number, _: (f"{story(number, 120)} {story(number + 1, 120)}", ""),
    "summary": lambda number, _: ("", " ".join(story(number, 120).split()[:40])),
    "with lead": lambda number, _: (story(number, 120), " ".join(story(number, 120).split()[:30])),
    "short": lambda number, _: (f"a text of few words {number}", ""),
    "template": lambda number, chooser: (_DRAW.format(chooser.randrange(4)) * 3, ""),
    "nothing": lambda number, _: ("", ""),
}


def random_windows(seed: int, windows: int, most: int = 30) -> list[list[Article]]:
    """So many windows of 1 to `most` articles; the same for the same seed."""
    chooser = random.Random(seed)
    return [[_random_article(chooser) for _ in range(chooser.randint(1, most))] for _ in range(windows)]


def _random_article(chooser: random.Random) -> Article:
    number, feed = chooser.randrange(8), f"feed-{chooser.randrange(3)}"
    body, description = TELLINGS[chooser.choice(list(TELLINGS))](number, chooser)
    own = f"https://{feed}.example/{number}"
    url = chooser.choice(["", own, own, own, f"https://{feed}.example/{chooser.randrange(99)}"])
    return article(
        url=url,
        guid=chooser.choice(["", f"g{number}", f"g{chooser.randrange(99)}"]),
        source=feed,
        feed_url=f"https://{feed}.example/feed",
        publisher=chooser.choice([f"{feed}.example", "wire.example"]),
        title=f"Title of {chooser.choice([number, 'all'])}",
        body=f"{body}\n\n{FOOTER}" if body and chooser.random() < 0.6 else body,
        description=description,
        content_kind="full" if body else "summary",
        published_at=chooser.choice([None, *map(micros, DAYS)]),
        updated_at=chooser.choice([None, READ_AT, READ_AT + 5]),
        read_at=READ_AT + chooser.randrange(3),
    )
