"""Training of the CRF, on sentences of our own and, where it is there, on all the data."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from transforms.tag.crf.classes import load_word_classes
from transforms.tag.crf.recogniser import CrfRecogniser
from transforms.tag.crf.weights import unpack_weights
from transforms.tag.spans import TYPES
from transforms.tag.text import Hits, join_fields
from transforms.tag.training.crf import train_crf
from transforms.tag.training.crf_sentences import UNKNOWN, fill_misc, tag_gold, tag_unlabelled, to_title_case
from transforms.tag.training.fast import build_weights
from transforms.tag.training.gold import Gold, parse_marked
from transforms.tag.training.tags import TAGS
from transforms.tag.training.unlabelled import NO_LABELS, Labels, hash_sentence

pytest.importorskip("pycrfsuite", reason="the extra `train` is not installed")

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
PEOPLE, TOWNS = ("Ada Obi", "Ben Roy", "Cem Kaya", "Dana Levy"), ("Lagos", "Delhi", "Izmir", "Haifa")
SENTENCES = [
    parse_marked(line)
    for person in PEOPLE
    for town in TOWNS
    for line in (
        f"Mayor [PERSON {person}] spoke in [LOC {town}] on Monday.",
        f"Rain fell in [LOC {town}], and it was cold.",
    )
]
NONE, PERSON, MISC, MORE_MISC = (TAGS.index(tag) for tag in ("O", "B-PERSON", "B-MISC", "I-MISC"))


def test_what_is_learned_is_found_again() -> None:
    packed = train_crf(tag_gold(SENTENCES, NO_LABELS))
    text = join_fields([pa.array(["Mayor Ada Roy spoke in Pune on Monday."])])
    hits = Hits(*np.zeros((3, 0), np.int64), np.zeros(0, np.bool_))
    spans = CrfRecogniser(unpack_weights(packed), load_word_classes()).find(text, hits, np.ones(1, np.bool_))
    found = [
        (text.raw[start:end].tobytes(), TYPES[kind])
        for start, end, kind in zip(spans.start, spans.end, spans.type, strict=True)
    ]
    assert found == [(b"Ada Roy", "PERSON"), (b"Pune", "LOC")]


def test_the_same_sentences_give_the_same_bytes() -> None:
    assert train_crf(tag_gold(SENTENCES, NO_LABELS)) == train_crf(tag_gold(SENTENCES, NO_LABELS))


@pytest.mark.parametrize(
    ("tags", "labelled", "filled"),
    [
        pytest.param([NONE, NONE, NONE], [MISC, MORE_MISC, NONE], [MISC, MORE_MISC, NONE], id="where nothing is"),
        pytest.param([NONE, PERSON, NONE], [MISC, MORE_MISC, NONE], [NONE, PERSON, NONE], id="not over a name"),
        pytest.param([NONE, NONE], [PERSON, NONE], [NONE, NONE], id="no other type"),
        pytest.param([NONE, NONE], [MISC, MISC], [MISC, MISC], id="one after another"),
    ],
)
def test_misc_is_filled_in(tags: list[int], labelled: list[int], filled: list[int]) -> None:
    assert fill_misc(np.array(tags, np.int8), np.array(labelled, np.int8)).tolist() == filled


def test_text_has_the_labels_of_its_sentences_once() -> None:
    labels = _label({"Ada left.": [PERSON, NONE, NONE], "Ben left.": [PERSON, NONE, NONE]}, sure=[90, 10])
    tagged = next(tag_unlabelled(["Ada left. It rained.\nBen left.\nAda left."], labels))
    assert tagged.tags.tolist() == [PERSON, NONE, NONE, *[UNKNOWN] * 9]


def test_labels_of_other_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tags for 3 tokens"):
        next(tag_unlabelled(["Ada left."], _label({"Ada left.": [PERSON, NONE]}, sure=[90])))


def _label(sentences: dict[str, list[int]], sure: list[int]) -> Labels:
    starts = np.cumsum([0, *map(len, sentences.values())])
    hashes = np.array([hash_sentence(sentence) for sentence in sentences], np.uint64)
    return Labels(hashes, starts, np.concatenate(list(sentences.values())).astype(np.int8), np.array(sure, np.uint8))


def test_a_sentence_in_title_case_keeps_its_names() -> None:
    titled = to_title_case(parse_marked("heavy rain in [LOC Lagos] and beyond"))
    assert titled == Gold("own", "Heavy Rain in Lagos and Beyond", ((14, 19, "LOC"),))


@pytest.mark.slow(minutes=4)
@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_the_shipped_weights_are_made_from_the_data(tmp_path: Path) -> None:
    made = build_weights(DATA, tmp_path, print)
    shipped = Path(__file__).parent.parent / "transforms" / "tag" / "crf" / "data" / made.name
    assert made.read_bytes() == shipped.read_bytes()
