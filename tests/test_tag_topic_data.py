"""The tables that topics are found by, and what their readers refuse."""

import pytest

from transforms.tag.topics.categories import load_categories, parse_categories
from transforms.tag.topics.taxonomy import load_topics, parents, parse_topics
from transforms.tag.topics.weights import find_terms, index_terms, load_weights, parse_weights

WEIGHTS = "term\tweights\n\t0:-4.00 1:-5.00\ngoal\t0:9.5\nlate goal\t0:3.0 1:-2.0\n"


def test_topics_are_the_top_level_the_second_and_diplomacy() -> None:
    topics = load_topics()
    tops = {topic.id for topic in topics if not topic.parent}
    assert len(tops) == 17
    assert len(topics) > 100
    assert [topic.name for topic in topics if topic.parent and topic.parent not in tops] == ["diplomacy"]


def test_every_topic_has_terms_that_speak_for_it() -> None:
    weights = load_weights()
    spoken_for = set(weights.topics[weights.weights > 0].tolist())
    assert spoken_for == set(range(len(load_topics())))
    assert len(weights.bias) == len(load_topics())


def test_terms_are_found_by_the_words_of_a_text() -> None:
    terms = ("goal", "late goal", "straße")
    text, feature = find_terms(["A late, LATE Goal!", "", "late\ngoals", "Straße"], index_terms(terms))
    assert sorted(zip(text.tolist(), feature.tolist(), strict=True)) == [(0, 0), (0, 1), (3, 2)]


def test_many_terms_are_told_apart() -> None:
    terms = tuple(f"w{number}" for number in range(20_000))
    _, feature = find_terms([" ".join(terms)], index_terms(terms))
    assert feature.tolist() == list(range(20_000))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("medtop:1\tsport\t", id="malformed-id"),
        pytest.param("medtop:15000000\t\t", id="no-name"),
        pytest.param("medtop:20000822\tdiscipline\tmedtop:15000000", id="no-such-parent"),
        pytest.param("medtop:15000000\tsport\t\nmedtop:15000000\tsport\t", id="twice"),
    ],
)
def test_bad_topics_are_refused(row: str) -> None:
    with pytest.raises(ValueError, match="topics"):
        parse_topics(f"id\tname\tparent\n{row}\n")


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        pytest.param(WEIGHTS + "a very late goal\t0:1.0\n", "a very late goal", id="three-words"),
        pytest.param(WEIGHTS + "!\t0:1.0\n", "'!'", id="no-word"),
        pytest.param(WEIGHTS.replace("\n\t", "\nx\t"), "bias", id="no-bias"),
        pytest.param(WEIGHTS + "goal\n", "columns", id="too-few-columns"),
        pytest.param(WEIGHTS + "keeper\t0:much\n", "could not convert", id="weight-that-is-no-number"),
    ],
)
def test_bad_weights_are_refused(table: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_weights(table)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("medtop:99999999\tgoals", id="unknown-topic"),
        pytest.param("medtop:15000000\tGoals", id="capital"),
        pytest.param("medtop:15000000\tgoals|goals", id="twice"),
        pytest.param("medtop:15000000\tgoals|", id="empty"),
    ],
)
def test_bad_categories_are_refused(row: str) -> None:
    with pytest.raises(ValueError, match="categories"):
        parse_categories(f"topic\tcategories\n{row}\n", load_topics())


def test_a_category_speaks_for_its_topic_and_those_above() -> None:
    topics, categories = load_topics(), load_categories()
    above = parents(topics)
    for said in categories.said[:-1] > 0:
        named = said.nonzero()[0]
        assert set(above[named]) <= set(named)
    assert not categories.said[-1].any()
