"""Learning the weights of topics, from a few texts and, where they are there, from all the data."""

from pathlib import Path

import pytest

from pipelines.command import USAGE, main
from transforms.tag.topics.tables import DATA
from transforms.tag.topics.taxonomy import Topic
from transforms.tag.topics.weights import parse_weights

pytest.importorskip("scipy", reason="the extra `train` is not installed")

from transforms.tag.topics.training.texts import Example
from transforms.tag.topics.training.train import build_weights, to_table, train, vocabulary

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
SPORT, SCIENCE = "medtop:15000000", "medtop:13000000"
TOPICS = (Topic(SPORT, "sport", ""), Topic(SCIENCE, "science", ""))


def examples() -> list[Example]:
    subjects = {SPORT: ("The striker scored", "A late goal by"), SCIENCE: ("A telescope saw", "Physicists measured")}
    return [
        Example(f"{words} number {count}", "", {topic: 1.0}, 1.0, held_out=True)
        for topic, all_words in subjects.items()
        for words in all_words
        for count in ("one", "two", "three", "four", "five", "six")
    ]


def test_words_speak_for_the_topics_of_their_texts() -> None:
    weights = parse_weights(to_table(train(examples(), TOPICS)))
    said = {
        term: {topic: logits for topic, logits in zip(*row, strict=True) if logits}
        for term, *row in zip(weights.terms, weights.topics.tolist(), weights.weights.tolist(), strict=True)
    }
    assert said["striker"][0] > 1
    assert said["goal"][0] > 1
    assert said["telescope"][1] > 1


def test_the_vocabulary_leaves_out_numbers_stop_words_and_what_is_rare() -> None:
    texts = ["The 12 Kenyan runners won 3 medals", "the kenyan runners WON", "The Kenyan runners' 12 coaches"]
    assert vocabulary([Example(text, "", {}, 1.0) for text in texts]) == ["kenyan", "kenyan runners", "runners"]


def test_training_twice_gives_the_same_bytes() -> None:
    assert to_table(train(examples(), TOPICS)) == to_table(train(examples(), TOPICS))


def test_a_profile_that_topics_do_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "topics", "--profile", "accurate", "--data", "x"]) == USAGE
    assert "accurate" in capsys.readouterr().err


def test_a_folder_without_data_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "topics", "--data", str(tmp_path)]) == USAGE
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.slow(minutes=1)
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")
def test_the_weights_of_the_package_are_reproduced(tmp_path: Path) -> None:
    written = build_weights(SHARED, tmp_path / "new", print)
    assert written.read_bytes() == (DATA / "weights.tsv").read_bytes()
