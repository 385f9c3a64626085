"""The CRF of the fast profile: features, decoding, scores, training."""

from itertools import pairwise, product

import numpy as np
import pyarrow as pa
import pytest

from transforms.tag.crf.articles import find_context
from transforms.tag.crf.classes import load_word_classes
from transforms.tag.crf.features import read_features
from transforms.tag.crf.recogniser import CrfRecogniser, load_recogniser
from transforms.tag.crf.sites import find_sites
from transforms.tag.crf.viterbi import best_tags, forbid
from transforms.tag.crf.weights import TAGS, number_features, pack_weights, unpack_weights, weigh
from transforms.tag.crf.words import Words, read_words
from transforms.tag.spans import TYPES
from transforms.tag.text import BatchText, Hits, join_fields
from transforms.tag.tokens import Tokens, tokenize

NO_HITS = Hits(*np.zeros((3, 0), np.int64), np.zeros(0, np.bool_))


def read(*texts: str) -> tuple[BatchText, Tokens, Words]:
    text = join_fields([pa.array(texts, pa.string())])
    tokens = tokenize(text, np.ones(len(texts), np.bool_))
    return text, tokens, read_words(text.raw, tokens.start, tokens.end)


def find(recogniser: CrfRecogniser, *texts: str) -> list[list[tuple[str, str]]]:
    text = join_fields([pa.array(texts, pa.string())])
    spans = recogniser.find(text, NO_HITS, np.ones(len(texts), np.bool_))
    found: list[list[tuple[str, str]]] = [[] for _ in texts]
    raw = text.raw.tobytes()
    for row, start, end, kind in zip(text.fields_at(spans.start), spans.start, spans.end, spans.type, strict=True):
        found[row].append((raw[start:end].decode(), TYPES[kind]))
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Lagos", "LAGOS", True, id="case"),
        pytest.param("Évora", "évora", True, id="case beyond ASCII"),
        pytest.param("Київ", "київ", True, id="Cyrillic case"),
        pytest.param("Lagos", "Lagosa", False, id="longer"),
        pytest.param("Johannesburg", "Johannesbury", False, id="beyond eight bytes"),
        pytest.param("internationalAly", "internationbliAly", False, id="in the middle"),
        pytest.param("a", "aa", False, id="repeated"),
    ],
)
def test_the_hash_of_a_word(one: str, other: str, same: bool) -> None:
    first, second = read(f"in {one} and {other}")[2].hash[[1, 3]]
    assert (first == second) == same
    raw = np.frombuffer(other.lower().encode(), np.uint8)
    assert read_words(raw, np.array([0]), np.array([len(raw)])).hash.tolist() == [second]


def test_affixes_are_those_of_the_word_alone() -> None:
    words = read("Ada and Canada met Ada again")[2]
    assert words.prefix(3)[0] == words.prefix(3)[4] == words.prefix(4)[0]
    assert words.suffix(3)[0] == words.suffix(3)[2]
    assert words.suffix(4)[0] != words.suffix(4)[2]


def test_shapes_tell_capitals_digits_and_signs() -> None:
    shapes = read("UN Un un u 12 1999 G7 - , U.S. Étage été")[2].shape.tolist()
    assert len(set(shapes[:10])) == 10
    assert shapes[1] != shapes[2]
    assert shapes[10:] == [read("Stage")[2].shape[0], read("stage")[2].shape[0]]


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        pytest.param("we met Ada there again today", ["met", "Ada", "there"], id="one word to each side"),
        pytest.param(
            "the Bank of the West paid", ["the", "Bank", "of", "the", "West", "paid"], id="a name with small words"
        ),
        pytest.param("it was Apollo 11 that went up", ["was", "Apollo", "11", "that"], id="a number after a name"),
        pytest.param("nothing here , 12 or so .", [], id="no capital"),
        pytest.param("", [], id="no text"),
    ],
)
def test_only_what_is_near_a_capital_is_decoded(text: str, sites: list[str]) -> None:
    batch, tokens, words = read(text)
    found = find_sites(tokens, words)
    raw = batch.raw.tobytes()
    assert [raw[tokens.start[n] : tokens.end[n]].decode() for n in found.tokens] == sites
    assert found.chains.tolist() == ([0, len(sites)] if sites else [0])


def test_no_chain_goes_on_into_another_sentence() -> None:
    _, tokens, words = read("It was Ada. Ben left.", "Cem came")
    sites = find_sites(tokens, words)
    sentence = np.searchsorted(tokens.sentences, sites.tokens, side="right")
    assert all(len(set(sentence[first:end])) == 1 for first, end in pairwise(sites.chains))
    assert len(sites.chains) == 4


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        pytest.param("Floods hit northern towns again", [2, 0, 0, 0, 0], id="a sentence"),
        pytest.param("Floods Hit Northern Towns Again", [3, 1, 1, 1, 1], id="title case"),
        pytest.param("“Floods hit” towns", [2, 2, 0, 0, 0], id="after a quote"),
    ],
)
def test_where_a_capital_says_little(text: str, bits: list[int]) -> None:
    _, tokens, words = read(text)
    assert find_context(tokens, words).tolist() == bits


def test_features_depend_on_their_own_article_alone() -> None:
    articles = ["Rain fell on Brandt. Ms Brandt left.", "The rain stopped. Rain is rare.", "Brandt sued."]
    known = load_word_classes()
    joined = join_fields([pa.array(articles)])
    together = _columns(joined, known)
    alone = np.hstack([_columns(join_fields([pa.array([article])]), known) for article in articles])
    assert np.array_equal(together, alone)
    assert not np.array_equal(_columns(join_fields([pa.array(articles[2:])]), known), together[:, :2])


def _columns(text: BatchText, known: object) -> np.ndarray:
    tokens = tokenize(text, np.ones(len(text.starts), np.bool_))
    return np.stack(list(read_features(text, tokens, known)[1]))


def test_the_best_tags_are_those_of_an_exhaustive_search() -> None:
    random = np.random.default_rng(4)
    moves = forbid(random.normal(size=(TAGS, TAGS)).astype(np.float32))
    chains = np.array([0, 3, 4, 8])
    emissions = random.normal(size=(8, TAGS)).astype(np.float32)
    expected: list[int] = []
    for first, end in pairwise(chains.tolist()):
        taggings = product(range(TAGS), repeat=end - first)
        expected += max(taggings, key=lambda tags: _weight([0, *tags], emissions[first:end], moves))
    assert best_tags(emissions, chains, moves).tolist() == expected


def _weight(tags: list[int], emissions: np.ndarray, moves: np.ndarray) -> float:
    ways = sum(moves[pair] for pair in list(pairwise(tags))[1:])
    begins = 0.0 if moves[0, tags[1]] > -1e3 else -1e4
    return float(ways + begins + sum(emissions[site, tag] for site, tag in enumerate(tags[1:])))


def test_no_chain_has_no_tags() -> None:
    assert not len(
        best_tags(np.zeros((0, TAGS), np.float32), np.zeros(1, np.int64), np.zeros((TAGS, TAGS), np.float32))
    )


def test_weights_are_stored_and_summed() -> None:
    columns = [np.array([5, 7], np.uint64), np.array([5, 5], np.uint64)]
    rows = [numbers[0] for numbers in number_features(columns)]
    assert rows[0] != rows[1]  # the same hash in another column is another feature
    order = np.argsort(rows)
    values = np.array([np.arange(8), np.full(8, -3)], np.int8)
    moves = np.arange(TAGS * TAGS, dtype=np.float32).reshape(TAGS, TAGS)
    packed = pack_weights(np.array(rows)[order], values[order], moves, 0.5, np.array([1, 0], np.float32))
    weights = unpack_weights(packed)
    assert np.array_equal(weights.transitions, moves)
    expected = [[0, *(np.arange(8) - 3) * 0.5], [0, *[-1.5] * 8]]
    assert weigh(columns, 2, weights).tolist() == expected


@pytest.fixture(scope="module")
def shipped() -> CrfRecogniser:
    return load_recogniser()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "President Emmanuel Macron met Angela Merkel in Berlin on Tuesday.",
            [("Emmanuel Macron", "PERSON"), ("Angela Merkel", "PERSON"), ("Berlin", "LOC")],
            id="people and a city",
        ),
        pytest.param(
            "The World Bank said Kenya would repay the loan.",
            [("World Bank", "ORG"), ("Kenya", "LOC")],
            id="an organisation and a country",
        ),
        pytest.param("rain is expected all week", [], id="no name"),
        pytest.param("", [], id="no text"),
        pytest.param("\0\0 \u200b", [], id="nothing to see"),
        pytest.param("在北京举行的会议", [], id="letters without case"),
    ],
)
def test_names_are_found(shipped: CrfRecogniser, text: str, names: list[tuple[str, str]]) -> None:
    assert find(shipped, text) == [names]


def test_an_article_is_read_the_same_whatever_is_beside_it(shipped: CrfRecogniser) -> None:
    articles = ["Nadia Osei spoke in Accra. Osei left.", "", "Shares of Volvo rose in Sweden", "Osei"]
    assert find(shipped, *articles) == [find(shipped, article)[0] for article in articles]


def test_fields_that_are_not_asked_for_are_not_read(shipped: CrfRecogniser) -> None:
    text = join_fields([pa.array(["Angela Merkel spoke"]), pa.array(["in Berlin, Germany"])])
    spans = shipped.find(text, NO_HITS, np.array([False, True]))
    assert set(text.fields_at(spans.start).tolist()) == {1}


def test_scores_are_shares(shipped: CrfRecogniser) -> None:
    text = join_fields([pa.array(["Angela Merkel met Xqz of the Vbn in Berlin " * 30])])
    spans = shipped.find(text, NO_HITS, np.ones(1, np.bool_))
    assert ((spans.score > 0) & (spans.score <= 1)).all()
    assert (spans.start[1:] >= spans.end[:-1]).all()
    assert (spans.end > spans.start).all()
