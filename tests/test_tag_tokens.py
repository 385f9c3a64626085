from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from transforms.tag.text import join_fields
from transforms.tag.tokens import LONGEST_SENTENCE, token_texts, tokenize


def sentences(*fields: str) -> list[list[str]]:
    """The tokens of each sentence of one row's fields."""
    text = join_fields([pa.array([field]) for field in fields])
    tokens = tokenize(text, np.ones(len(text.starts), np.bool_))
    words = token_texts(text, tokens)
    bounds = tokens.sentences.tolist()
    return [words[first:last] for first, last in pairwise(bounds)]


def words(text: str) -> list[str]:
    return [word for sentence in sentences(text) for word in sentence]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("a Franco-German plan", ["a", "Franco", "-", "German", "plan"], id="hyphen"),
        pytest.param("the U.S. and J.K. Rowling", ["the", "U.S.", "and", "J.K.", "Rowling"], id="initials"),
        pytest.param("Malcolm X.", ["Malcolm", "X", "."], id="a letter and the last full stop"),
        pytest.param("in the U.S.", ["in", "the", "U.S."], id="initials and the last full stop"),
        pytest.param("U.S forces", ["U.S", "forces"], id="initials without the last dot"),
        pytest.param("J.Smith", ["J.", "Smith"], id="initial and name without a space"),
        pytest.param("NASA.", ["NASA", "."], id="dot after capitals"),
        pytest.param("O'Brien in Xi’an", ["O'Brien", "in", "Xi’an"], id="apostrophe in a name"),
        pytest.param("Ghana's", ["Ghana", "'s"], id="possessive"),
        pytest.param("Ghana’s GHANA'S", ["Ghana", "’s", "GHANA", "'S"], id="curly and capital possessive"),
        pytest.param("they're we'll I've", ["they", "'re", "we", "'ll", "I", "'ve"], id="endings of two letters"),
        pytest.param("d'Estaing s'il", ["d'Estaing", "s'il"], id="apostrophe after one letter"),
        pytest.param("players' pay", ["players", "'", "pay"], id="possessive of a plural"),
        pytest.param("1,000.5 or 3. 4", ["1,000.5", "or", "3", ".", "4"], id="numbers"),
        pytest.param("AT&T", ["AT", "&", "T"], id="ampersand"),
        pytest.param("café in Łódź, Київ", ["café", "in", "Łódź", ",", "Київ"], id="letters beyond ASCII"),
        pytest.param("“Yes”—no…", ["“", "Yes", "”", "—", "no", "…"], id="punctuation beyond ASCII"),
        pytest.param("go 🎉🎉", ["go", "🎉", "🎉"], id="emoji"),
        pytest.param("a\u00a0b\u2009c\u3000d\u200be\ufefff", list("abcdef"), id="spaces beyond ASCII"),
        pytest.param("25º µm ª", ["25º", "µm", "ª"], id="letters of Latin-1"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \t\n", [], id="spaces"),
        pytest.param("'", ["'"], id="one mark"),
    ],
)
def test_words_and_marks(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        pytest.param("Ghana 's word , said", "Ghana's word, said", id="marks"),
        pytest.param('" Go ! "', '"Go!"', id="quotes"),
        pytest.param("a  b\tc", "a b c", id="kinds of space"),
    ],
)
def test_spaces_make_no_difference(apart: str, together: str) -> None:
    assert words(apart) == words(together)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        pytest.param("It rained. They left.", ["It", "They"], id="full stop"),
        pytest.param("What? No! 3 died.", ["What", "No", "3"], id="question, exclamation, number"),
        pytest.param("He said: “Go.” She went.", ["He", "She"], id="closing quote goes with its sentence"),
        pytest.param('He left. "Fine," she said.', ["He", '"'], id="opening quote begins one"),
        pytest.param("Rain fell.) Élan won.", ["Rain", "Élan"], id="bracket, accented capital"),
        pytest.param("Mr. Okoro met Gen. Silva vs. Prof. Li.", ["Mr"], id="abbreviations"),
        pytest.param("In the U.S. Congress met.", ["In"], id="initials"),
        pytest.param("J. Smith left.", ["J."], id="an initial"),
        pytest.param("It cost 3.5 million. it did", ["It"], id="small letter goes on"),
        pytest.param("One line\nanother line", ["One", "another"], id="line"),
        pytest.param("Wait...Then", ["Wait"], id="no space"),
    ],
)
def test_sentences_begin(text: str, starts: list[str]) -> None:
    assert [sentence[0] for sentence in sentences(text)] == starts


def test_a_field_ends_a_sentence() -> None:
    assert sentences("Title without a stop", "And text") == [["Title", "without", "a", "stop"], ["And", "text"]]


def test_long_sentences_are_cut() -> None:
    assert [len(sentence) for sentence in sentences("a " * (2 * LONGEST_SENTENCE + 7))] == [120, 120, 7]


def test_only_the_fields_asked_for() -> None:
    text = join_fields([pa.array(["One", "Two"]), pa.array(["first. More", None])])
    tokens = tokenize(text, np.array([False, True, True, False]))
    assert token_texts(text, tokens) == ["first", ".", "More", "Two"]
    assert tokens.sentences.tolist() == [0, 2, 3, 4]


def test_offsets_slice_to_the_token() -> None:
    text = join_fields([pa.array(["Łódź’s É. “x”"])])
    tokens = tokenize(text, np.ones(1, np.bool_))
    assert (tokens.start - text.starts[0]).tolist() == [0, 7, 12, 14, 16, 19, 20]
    assert (tokens.end - text.starts[0]).tolist() == [7, 11, 14, 15, 19, 20, 23]
