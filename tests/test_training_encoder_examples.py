from random import Random

import numpy as np
import pytest

pytest.importorskip("tokenizers", reason="the extra accurate is not installed")

from transforms.tag.encoder.pieces import CASES, WordReader
from transforms.tag.training.encoder_examples import UNLABELLED, Sentence, draw_batches, from_gold, gather_names
from transforms.tag.training.gold import parse_marked
from transforms.tag.training.tags import TAGS

WORDS = "ada obi zed wara fc left met in lagos accra .".split()  # noqa: SIM905
GOLD = [
    parse_marked(line)
    for line in (
        "[PERSON Ada Obi] left [LOC Lagos] .",
        "[PERSON Zed] [ORG Wara FC] met in [LOC Accra] .",
        "left .",
    )
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> WordReader:
    names = [f"[unused{at}]" for at in range(100)]
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    path.write_text("\n".join([*names, "[UNK]", "[CLS]", "[SEP]", *WORDS]))
    return WordReader(path)


def test_gold_sentences_are_sure() -> None:
    first, second, _ = from_gold(GOLD)
    assert first.words == ["Ada", "Obi", "left", "Lagos", "."]
    assert [TAGS[tag] for tag in first.targets.argmax(axis=1)] == ["B-PERSON", "I-PERSON", "O", "B-LOC", "O"]
    assert set(np.unique(second.targets)) == {0, 1}


def test_names_by_type() -> None:
    assert gather_names(from_gold(GOLD)) == {
        TAGS.index("B-PERSON"): [["Ada", "Obi"], ["Zed"]],
        TAGS.index("B-ORG"): [["Wara", "FC"]],
        TAGS.index("B-LOC"): [["Lagos"], ["Accra"]],
        TAGS.index("B-MISC"): [],
    }


def drawn_words(sentences: list[Sentence], reader: WordReader, seed: int) -> list[tuple[str, str, str, float]]:
    """Word, case, best tag, and whether O may be MISC, of all that one round draws."""
    found = []
    for batch, targets, may_be_misc in draw_batches(sentences, gather_names(sentences), reader, Random(seed), 64):
        pieces, cases = (table[batch.row, batch.column] for table in (batch.pieces, batch.cases))
        for piece, case, target, free in zip(pieces, cases, targets, may_be_misc, strict=True):
            found.append((WORDS[piece - 103], CASES[case], TAGS[target.argmax()], float(free)))
    return found


def test_rounds_differ_but_names_keep_their_types(reader: WordReader) -> None:
    sentences = from_gold(GOLD)
    types = {"ada": "PERSON", "obi": "PERSON", "zed": "PERSON", "lagos": "LOC", "accra": "LOC"}
    rounds = [drawn_words(sentences, reader, seed) for seed in range(40)]
    assert len({tuple(sorted(word for word, *_ in words)) for words in rounds}) > 1  # names were swapped
    assert {case for words in rounds for word, case, *_ in words if word == "left"} == {"lower", "title"}
    for word, case, tag, _ in (found for words in rounds for found in words):
        assert tag.partition("-")[2] == types.get(word, "ORG" if word in ("wara", "fc") else "")
        assert case != "lower" or tag == "O"


def test_names_that_a_network_found_are_not_swapped(reader: WordReader) -> None:
    sentences = [Sentence(UNLABELLED, each.words, each.targets, has_misc=False) for each in from_gold(GOLD)]
    for seed in range(20):
        words = drawn_words(sentences, reader, seed)
        assert sorted(word for word, *_ in words) == sorted(word.lower() for each in sentences for word in each.words)
        assert {free for *_, free in words} == {1.0}
