"""MinHash signatures, against sets of shingles in plain Python."""

import random

import numpy as np
import pytest

from tests.make import WORDS, article
from transforms.deduplicate.texts.signatures import (
    band_keys,
    comparison_text,
    estimate_jaccard,
    shingle,
    sign,
    sign_and_shingle,
)
from transforms.deduplicate.texts.words import in_cache, read_words


def shingles(text: str) -> set[tuple[str, ...]]:
    """The runs of three words."""
    words = text.split()
    return set(zip(words, words[1:], words[2:], strict=False))


def hashes_of(*texts: str) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of all words, and where each text's begin."""
    words = read_words(list(texts))
    return words.hashes, words.offsets


def edited(words: list[str], edits: int, chooser: random.Random) -> str:
    """The words with some replaced."""
    words = list(words)
    for place in chooser.sample(range(len(words)), edits):
        words[place] = f"new{place}"
    return " ".join(words)


@pytest.mark.parametrize("edits", [0, 3, 10, 30, 100])
def test_the_estimate_is_near_the_exact_similarity(edits: int) -> None:
    chooser = random.Random(edits)
    words = [f"{chooser.choice(WORDS)}{n}" for n in range(300)]
    one, other = " ".join(words), edited(words, edits, chooser)
    signatures = sign([one, other]).signatures
    exact = len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))
    assert estimate_jaccard(signatures[:1], signatures[1:])[0] == pytest.approx(exact, abs=0.12)


def test_a_text_has_the_same_signature_wherever_it_stands_in_a_batch() -> None:
    texts = [" ".join(f"w{n * k}" for n in range(2_000)) for k in range(1, 40)]
    assert len(list(in_cache(texts))) > 2
    together = sign(texts).signatures
    for place in range(len(texts)):
        assert (sign([texts[place]])[0][0] == together[place]).all()


@pytest.mark.parametrize(
    ("text", "comparable"),
    [
        pytest.param("", False, id="empty"),
        pytest.param("rain in the north", False, id="few-words"),
        pytest.param("one two three four five six seven eight nine", False, id="nine-words"),
        pytest.param("one two three four five six seven eight nine ten", True, id="ten-words"),
        pytest.param(
            "\u5317\u4eac\u4eca\u65e5\u5927\u96e8\u9053\u8def\u5c01\u9589\u5b66\u6821", False, id="twelve-characters"
        ),
        pytest.param("".join(map(chr, range(0x4E00, 0x4E1A))), True, id="twenty-six-characters"),
    ],
)
def test_a_text_of_ten_words_is_comparable(text: str, comparable: bool) -> None:
    assert sign([text]).comparable.tolist() == [comparable]


def test_shingles_stay_within_their_text() -> None:
    hashes, offsets = shingle(*hashes_of("a b c d", "a b", "", "b c d"))
    assert offsets.tolist() == [0, 2, 2, 2, 3]
    assert hashes[1] == hashes[2]


def test_typographic_punctuation_and_case_make_no_difference() -> None:
    plain = article(title="It's on", body="so it is")
    typographic = article(title="\u201cIt\u2019s on\u201d", body="SO \u2014 IT IS\u2026")
    one, other = (hashes_of(comparison_text(a))[0] for a in (plain, typographic))
    assert np.array_equal(one, other)


def test_similar_texts_share_a_band_and_others_do_not() -> None:
    chooser = random.Random(1)
    words = [f"{chooser.choice(WORDS)}{n}" for n in range(200)]
    texts = [" ".join(words), edited(words, 4, chooser), " ".join(chooser.sample(words, 200))]
    bands = band_keys(sign(texts)[0])
    assert bands.shape == (3, 32)
    assert (bands[0] == bands[1]).any()
    assert not (bands[0] == bands[2]).any()


def test_no_texts_have_no_signatures() -> None:
    signed, shingles = sign_and_shingle([])
    assert [array.shape[0] for array in signed] == [0, 0, 0]
    assert shingles == []
