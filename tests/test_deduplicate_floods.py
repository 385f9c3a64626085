"""Floods: many texts that share everything or nearly so make as many pairs as they are, and the right articles."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from schemas.keys import FACTS, KEYS
from schemas.records import Article
from tests.make import WORDS, article, micros, story
from tests.resolving import Store
from transforms.deduplicate.candidates import find_pairs, near_keys, split_by, unique_rows

COUNT = 400
NOON = micros("2025-03-21T12:00")
TEXT = story(1, 200)
DRAW = (
    "The lottery draw of the evening was held in the city hall before a notary and a small audience of players who"
    " came to watch. The winning numbers are {}. Players have ninety days to claim the prize at any office, with the"
    " ticket and a proof of identity, after which it goes to the fund for sports and culture in the region."
)


def flood(bodies: list[str]) -> list[Article]:
    """An article of an outlet of its own for each text, a second apart."""
    return [
        article(
            url=f"https://{n}.example/", source=f"s{n}", publisher=f"p{n}", published_at=NOON + n * 10**6, body=body
        )
        for n, body in enumerate(bodies)
    ]


def numbers(n: int, count: int) -> str:
    """So many numbers that no other `n` has."""
    return ", ".join(str(1000 + n * count + i) for i in range(count))


FLOODS = {
    "copies of one text": ([TEXT] * COUNT, 1),
    "copies with a word more": ([f"{TEXT} {WORDS[n % 27]}{'x' * (n // 27)}" for n in range(COUNT)], 1),
    "one number is another": ([DRAW.format(n) for n in range(COUNT)], 1),
    "seven numbers are others": ([DRAW.format(numbers(n, 7)) for n in range(COUNT)], COUNT),
    "three fifths are the same": ([f"{TEXT} {story(n + 9, 60)}" for n in range(COUNT)], COUNT),
}


@pytest.mark.parametrize(("bodies", "articles"), FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_has_the_right_articles(bodies: list[str], articles: int) -> None:
    store = Store()
    outcomes, filed = store.run(flood(bodies))
    assert Counter(outcomes) == Counter(new=articles, duplicate=COUNT - articles)
    assert filed.articles["url"][0].as_py() == "https://0.example/"
    assert len(store.joins) < COUNT / 20


@pytest.mark.parametrize("at_once", [True, False])
def test_each_copy_in_a_flood_of_long_texts_about_other_numbers_is_found(at_once: bool) -> None:
    rules = " ".join(f"{one}{other}" for one in WORDS for other in WORDS)
    draws = [f"{DRAW.format(numbers(n, 7))} {rules}" for n in range(COUNT // 4)]
    articles, copies = flood(draws), flood([draw.replace("small audience", "tiny crowd") for draw in draws])
    copies = [
        replace(a, url=f"{a.url}2", source=f"{a.source}x", published_at=(a.published_at or 0) + 10**10)
        for a in copies[::-1]
    ]
    store = Store()
    outcomes = [
        outcome for run in ([articles + copies] if at_once else [articles, copies]) for outcome in store.run(run)[0]
    ]
    assert outcomes == ["new"] * len(articles) + ["duplicate"] * len(copies)


def test_a_flood_of_equal_bands_makes_some_pairs_for_each_text() -> None:
    facts = np.zeros(5_000, FACTS)
    facts["uid"], facts["comparable"] = np.arange(1, 5_001), True
    facts["signature"], facts["published"] = 7, np.arange(5_000)
    parts = split_by(near_keys(facts), "key", 16).values()
    pairs = [find_pairs(np.frombuffer(part, KEYS), exact=False) for part in parts]
    assert max(map(len, pairs)) < 9 * len(facts)
    assert len(unique_rows(np.concatenate(pairs))) < 9 * len(facts)


def test_stored_texts_make_no_pairs_with_each_other() -> None:
    facts = np.zeros(40, FACTS)
    facts["uid"], facts["comparable"], facts["signature"] = np.arange(1, 41), True, 7
    facts["stored"][:39] = True
    assert {40} == {int(pair["right"]) for pair in find_pairs(near_keys(facts), exact=False)}


def test_a_text_of_megabytes_is_compared_whole() -> None:
    text = "\n".join(story(n, 1_000) for n in range(100))
    outcomes, _ = Store().run(flood([text, f"{text} and some words more", TEXT]))
    assert outcomes == ["new", "duplicate", "new"]
