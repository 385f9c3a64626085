"""The classes of words: what the lists hold, and how they are read."""

import pytest

from transforms.tag.words.classes import CLASSES, read_class

WORDS = {name: read_class(name).decode().split("\n")[:-1] for name in CLASSES}


def classes_of(word: str) -> set[str]:
    return {name for name, words in WORDS.items() if word in words}


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        pytest.param("may", {"calendar", "given_names_common", "words_10"}, id="in-many"),
        pytest.param("u.s.", {"countries"}, id="with-dots"),
        pytest.param("minister", {"titles"}, id="title"),
        pytest.param("university", {"organisation_heads"}, id="organisation"),
        pytest.param("o'brien", {"surnames_common"}, id="apostrophe"),
        pytest.param("nairobi", {"cities_large"}, id="city"),
        pytest.param("kenyan", {"demonyms"}, id="demonym"),
        pytest.param("qzxv", set(), id="unknown"),
    ],
)
def test_words_have_classes(word: str, classes: set[str]) -> None:
    assert classes <= classes_of(word)
    assert bool(classes) == bool(classes_of(word))


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in WORDS.items()])
def test_words_stand_once_as_tokens_do(words: list[str]) -> None:
    assert words
    assert len(words) == len(set(words))
    assert not [word for word in words if word != word.lower() or "-" in word or word.split() != [word]]


def test_every_class_has_a_bit() -> None:
    assert len(CLASSES) <= 64


@pytest.mark.parametrize("small", ["cities", "surnames", "given_names"])
def test_large_and_small_lists_share_no_word(small: str) -> None:
    large = {"cities": "cities_large", "surnames": "surnames_common", "given_names": "given_names_common"}[small]
    assert not set(WORDS[small]) & set(WORDS[large])
