"""Fingerprints: templates are told apart, copies are not."""

import numpy as np
import pytest

from schemas.keys import FINGERPRINT_WORDS
from transforms.deduplicate.texts.fingerprints import fingerprint, fingerprint_keys, has_news, tells_apart
from transforms.deduplicate.texts.words import read_words

CLOSE = (
    "Shares at the close on {}. The main index ended at {} points, a change of {} percent, while the broader index"
    " stood at {}. Oil traded at {} dollars a barrel in London, and an ounce of gold cost {} dollars in New York."
)
MATCH = "{} beat {} on {} as {} scored before half time and {} added another from the spot in front of a full house."
STORY = (
    "Harbour police in Port Ellis said on Friday that 12 people were hurt when a ferry of the Calder Line with 240"
    " passengers struck a pier. Captain Joan Rowe told Radio Ellis that the wind had reached 70 kilometres an hour."
)


def bits(*texts: str) -> np.ndarray:
    """The fingerprints of texts."""
    return fingerprint(read_words(list(texts)))


def told_apart(one: str, other: str) -> bool:
    """Whether two texts are, both ways round."""
    left, right = bits(one, other)
    found = tells_apart(np.stack([left, right]), np.stack([right, left]))
    assert found[0] == found[1]
    return bool(found[0])


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        pytest.param(
            CLOSE.format("Monday", "3,412.20", "1.3", "10,554", "71.4", "2,011"),
            CLOSE.format("Tuesday", "3,377.85", "0.9", "10,498", "70.2", "2,034"),
            True,
            id="market-close",
        ),
        pytest.param(
            MATCH.format("Ashford", "Brennick", "Saturday", "Reid", "Osei"),
            MATCH.format("Dunmore", "Eastwick", "Sunday", "Kaplan", "Lund"),
            True,
            id="match",
        ),
        pytest.param(
            "Today's crossword, number 4108, was set by Rowe.",
            "Today's crossword, number 4217, was set by Vance.",
            True,
            id="one-number-and-one-name",
        ),
        pytest.param(STORY, STORY, False, id="same"),
        pytest.param(STORY, STORY.replace("12 people", "13 people"), False, id="one-more-victim"),
        pytest.param(STORY, STORY.replace("12 people", "twelve people"), False, id="a-number-in-words"),
        pytest.param(STORY, STORY + " Mayor Beth Marlowe and Rescue One came at 9 and left at 11.", False, id="longer"),
        pytest.param(
            STORY, STORY.replace("Port Ellis", "the port").replace("Friday", "the day"), False, id="names-left-out"
        ),
        pytest.param(
            STORY, STORY.replace("Friday", "Saturday").replace("Rowe", "Roe"), False, id="two-names-corrected"
        ),
        pytest.param("It rained in the night.", "It snowed in the day.", False, id="neither-number-nor-name"),
    ],
)
def test_templates_are_told_apart_and_copies_are_not(one: str, other: str, apart: bool) -> None:
    assert told_apart(one, other) is apart


@pytest.mark.parametrize(
    ("other", "news"),
    [
        pytest.param(STORY, False, id="same"),
        pytest.param(STORY.replace("Friday", "Sunday").replace("12 people", "31 people"), True, id="another-accident"),
        pytest.param(STORY.replace("12 people", "13 people"), False, id="one-more-victim"),
        pytest.param(STORY.replace("Joan Rowe", "John Roe"), False, id="names-alone"),
        pytest.param(STORY + " Mayor Beth Marlowe came at 9.", False, id="longer"),
    ],
)
def test_another_number_and_another_name_are_news(other: str, news: bool) -> None:
    left, right = bits(STORY, other)
    assert has_news(left[None], right[None]).tolist() == [news]


def test_stored_rows_without_a_fingerprint_tell_nothing() -> None:
    none = np.zeros((1, FINGERPRINT_WORDS), np.uint16)
    assert not tells_apart(none, bits(STORY)).any()
    assert not has_news(none, bits(STORY)).any()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("1,200 and 3.50", "1200 and 3.5", True, id="separators"),
        pytest.param("1.2 million", "1,200,000", True, id="millions"),
        pytest.param("at 7:30", "at 7.30", True, id="times"),
        pytest.param("١٢ و ٣٤", "12 و 34", True, id="digits-of-other-scripts"),
        pytest.param("12, 34.", "12 34", True, id="a-list"),
        pytest.param("the rain in Spain", "It rains. The rain in SPAIN", True, id="a-sentence-starts-with-a-capital"),
        pytest.param("0 to 0", "to", True, id="nothing-to-nothing"),
        pytest.param("12 and 34", "1234", False, id="two-numbers"),
        pytest.param("10 to 5", "15", False, id="a-space-parts"),
        pytest.param("105", "15", False, id="a-zero-within"),
        pytest.param("in Spain", "in spain", False, id="a-name-has-a-capital"),
        pytest.param("in Žilina", "in Šaľa", False, id="capitals-beyond-ascii"),
    ],
)
def test_numbers_and_names(one: str, other: str, same: bool) -> None:
    left, right = bits(one, other)
    assert (left.tolist() == right.tolist()) is same


def test_a_fingerprint_is_of_its_own_text() -> None:
    texts = ["in Spain 12", "", "in Peru 13", "nothing"]
    together = bits(*texts)
    assert together.shape == (4, FINGERPRINT_WORDS)
    assert [row.tolist() for row in together] == [bits(text)[0].tolist() for text in texts]
    assert not together[[1, 3]].any()


@pytest.mark.parametrize(("shared", "news"), [(3, True), (9, True), (10, False)])
def test_another_number_and_another_name_are_news_among_few_that_are_shared(shared: int, news: bool) -> None:
    marks = np.zeros((2, FINGERPRINT_WORDS), np.uint16)
    marks[:, 1] = (1 << shared) - 1
    marks[:, [0, FINGERPRINT_WORDS // 2]] = [[1, 1], [2, 2]]
    assert has_news(marks[:1], marks[1:]).tolist() == [news]


KEYS = {
    "nothing": ("a text without either of them", [False, False]),
    "two of each": ("it was 17 to 23 for Leeds against Derby", [False, False]),
    "three numbers": ("it was 17 and 23 and 31", [True, False]),
    "three names": ("it was in Leeds and Derby and York", [False, True]),
}


@pytest.mark.parametrize(("text", "has"), KEYS.values(), ids=KEYS.keys())
def test_only_many_numbers_or_names_are_a_key(text: str, has: list[bool]) -> None:
    one, same = (fingerprint_keys(bits(text + rest)) for rest in ("", " and nothing more"))
    assert (one != 0).tolist() == [has]
    assert (one == same).all()
