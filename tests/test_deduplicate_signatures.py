"""MinHash signatures, against sets of shingles in plain Python."""

import random

import numpy as np
import pytest

from tests.make import WORDS, article
from transforms.deduplicate.signatures import band_keys, comparison_text, estimate_jaccard, hash_words, shingle, sign


def shingles(text: str) -> set[tuple[str, ...]]:
    """The runs of three words."""
    words = text.split()
    return set(zip(words, words[1:], words[2:], strict=False))


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
    signatures, _ = sign([one.encode(), other.encode()])
    exact = len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))
    assert estimate_jaccard(signatures[:1], signatures[1:])[0] == pytest.approx(exact, abs=0.12)


def test_a_text_has_the_same_signature_wherever_it_stands_in_a_batch() -> None:
    texts = [" ".join(f"w{n * k}" for n in range(40)).encode() for k in range(1, 150)]
    together, _ = sign(texts)
    for place in (0, 63, 64, 148):
        assert (sign([texts[place]])[0][0] == together[place]).all()


@pytest.mark.parametrize(("words", "comparable"), [(0, False), (2, False), (21, False), (22, True)])
def test_a_text_is_comparable_from_twenty_shingles_on(words: int, comparable: bool) -> None:
    _, able = sign([" ".join(f"w{n}" for n in range(words)).encode()])
    assert able.tolist() == [comparable]


def test_words_are_split_at_anything_but_letters_and_digits() -> None:
    hashes, offsets = hash_words([b"Rain, 12 (rain)", b"", b"RAIN"])
    assert offsets.tolist() == [0, 3, 3, 4]
    assert hashes[0] == hashes[2] == hashes[3] != hashes[1]


def test_shingles_stay_within_their_text() -> None:
    hashes, offsets = shingle(*hash_words([b"a b c d", b"a b", b"", b"b c d"]))
    assert offsets.tolist() == [0, 2, 2, 2, 3]
    assert hashes[1] == hashes[2]


def test_typographic_punctuation_and_case_make_no_difference() -> None:
    plain = article(title="It's on", body="so it is")
    typographic = article(title="\u201cIt\u2019s on\u201d", body="SO \u2014 IT IS\u2026")
    one, other = (hash_words([comparison_text(a)])[0] for a in (plain, typographic))
    assert np.array_equal(one, other)


def test_similar_texts_share_a_band_and_others_do_not() -> None:
    chooser = random.Random(1)
    words = [f"{chooser.choice(WORDS)}{n}" for n in range(200)]
    texts = [" ".join(words), edited(words, 4, chooser), " ".join(chooser.sample(words, 200))]
    bands = band_keys(sign([text.encode() for text in texts])[0])
    assert bands.shape == (3, 32)
    assert (bands[0] == bands[1]).any()
    assert not (bands[0] == bands[2]).any()
