"""Lines as they are compared, the sources they are counted in, and which of them recur."""

from dataclasses import replace

import numpy as np
import pytest

from schemas.lines import CLOSES, LINE_ROWS, OPENS, REPEATS
from schemas.records import Article
from tests.make import article, story
from transforms.boilerplate.lines import EDGE_LINES, comparable, edge_lines, gather_lines, hash_line, normalise_lines
from transforms.boilerplate.origins import origin_of
from transforms.boilerplate.recurring import find_recurring
from transforms.deduplicate.keys import gather_facts

TITLE = "Ferry late again"

EQUAL = {
    "case and punctuation": ("Share this: Facebook!", "share  this : facebook"),
    "the title": ("The post Ferry late again appeared first on Tide.", "The post appeared first on Tide."),
    "an address": ("Source: https://example.org/a?b=c", "Source: http://example.net/d"),
    "years": ("© 2023-2024 Tide", "© 2025 Tide"),
    "years, in words": ("Copyright 2023, Tide", "Copyright 2025, Tide"),
    "what a link leads to": ("Read more: The quay is shut", "READ MORE: A walk at low tide"),
    "other scripts": ("ЧИТАЙТЕ ТАКЖЕ: Один", "Читайте также: Два"),
}
DIFFERENT = {
    "numbers": ("Turnout 45%", "Turnout 54%"),
    "a speaker's words": ("Mayor: it was late", "Mayor: it was not"),
    "years of no copyright": ("In 2023 it rained", "In 2024 it rained"),
    "a long text after a link phrase": ("Read more: " + story(1), "Read more: " + story(2)),
}
NOTHING = {
    "blank": "",
    "numbers": "12 / 2025",
    "a time": "10:30",
    "rules": "* : *",
    "indents": "\u2800\u2800{",
    "the title": TITLE,
}


def normal(line: str) -> bytes:
    (found,) = normalise_lines(line, comparable(TITLE))
    return found


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL)
def test_equal_lines(one: str, other: str) -> None:
    assert normal(one) == normal(other) != b""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_different_lines(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize("line", NOTHING.values(), ids=NOTHING)
def test_lines_of_nothing(line: str) -> None:
    assert normal(line) == b""


def test_each_line_keeps_its_place() -> None:
    text = "One © 2024\n\nhttps://example.org/x\n12\nTwo"
    assert [bool(line) for line in normalise_lines(text, b"")] == [True, False, False, False, True]


def test_of_many_lines_the_edges() -> None:
    lines = [b"%d" % number for number in range(100)]
    assert edge_lines(lines) == lines[:EDGE_LINES] + lines[-EDGE_LINES:]
    assert edge_lines([b"", b"a", b""]) == [b"a"]


SAME_ORIGIN = {
    "a feed": ({"feed_url": "https://a.org/f", "publisher": "x.org"}, {"feed_url": "https://a.org/f"}, True),
    "two feeds": ({"feed_url": "https://a.org/f"}, {"feed_url": "https://a.org/g"}, False),
    "pages of a publisher": ({"source": "pages/1.html"}, {"source": "elsewhere/2.html"}, True),
    "texts of a folder": ({"source": "t/1.txt", "publisher": ""}, {"source": "t/2.txt", "publisher": ""}, True),
    "texts of two folders": ({"source": "t/1.txt", "publisher": ""}, {"source": "u/1.txt", "publisher": ""}, False),
    "one file without a folder": ({"source": "a.txt", "publisher": ""}, {"source": "b.txt", "publisher": ""}, False),
}


@pytest.mark.parametrize(("one", "other", "same"), SAME_ORIGIN.values(), ids=SAME_ORIGIN)
def test_origins(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    assert (origin_of(article(**one)) == origin_of(article(**other))) == same


def rows_of(articles: list[Article]) -> np.ndarray:
    return gather_lines(articles, gather_facts(articles))[0]


def news(number: int, *lines: str, description: str = "") -> Article:
    """An article of a title and an address of its own."""
    body = "\n\n".join(lines)
    return article(url=f"https://example.org/{number}", title=f"Number {number}", body=body, description=description)


def found(articles: list[Article], line: str) -> tuple[int, int] | None:
    """Share and habit of a line that recurs over articles of one origin."""
    rows = find_recurring(rows_of(articles))
    key = int.from_bytes(hash_line(*normalise_lines(line, b""), origin_of(articles[0])), "little")
    return next(((int(row["share"]), int(row["habit"])) for row in rows if row["line"] == key), None)


LINE = "Follow us on all channels"
FOUR = range(4)
SHARED = [story(number) for number in (91, 92, 93)]
CASES = {
    "at the end": ([news(n, story(n), LINE) for n in FOUR], (100, CLOSES)),
    "at the start": ([news(n, LINE, story(n)) for n in FOUR], (100, OPENS)),
    "before another that recurs": ([news(n, story(n), LINE, "Thanks") for n in FOUR], (100, CLOSES)),
    "within": ([news(n, story(n), LINE, story(n + 50)) for n in FOUR], (100, 0)),
    "twice within": ([news(n, story(n), LINE, story(n + 50), LINE, story(n + 70)) for n in FOUR], (100, REPEATS)),
    "in half of the stories": ([news(n, story(n), *[LINE] * (n % 2)) for n in range(8)], (50, CLOSES)),
    "of the description": ([news(n, story(n), description=f"{story(n + 50)}\n{LINE}") for n in FOUR], (100, CLOSES)),
    "in three stories": ([news(n, story(n), LINE) for n in range(3)], None),
    "in few of many": ([news(n, story(n), *[LINE] * (n < 4)) for n in range(120)], None),
    "one story five times": ([news(n, f"Take {n}", story(1), LINE) for n in range(5)], None),
    "takes that share most": ([news(n, story(n), *SHARED, LINE) for n in range(6)], None),
    "versions of an article": ([news(1, story(n), LINE) for n in range(6)], None),
    "nothing else": ([news(n, LINE) for n in range(6)], None),
    "other sources": ([replace(news(n, story(n), LINE), publisher=f"p{n}") for n in range(6)], None),
}  # fmt: skip


@pytest.mark.parametrize(("articles", "expected"), CASES.values(), ids=CASES)
def test_recurring(articles: list[Article], expected: tuple[int, int] | None) -> None:
    assert found(articles, LINE) == expected


def test_the_order_of_articles_makes_no_difference() -> None:
    articles = [news(n, story(n), LINE, *[LINE] * (n % 3)) for n in range(12)]
    assert find_recurring(rows_of(articles)).tolist() == find_recurring(rows_of(articles[::-1])).tolist()


def test_no_lines() -> None:
    assert len(find_recurring(np.zeros(0, LINE_ROWS))) == 0
    assert len(find_recurring(rows_of([article(body="")]))) == 0
