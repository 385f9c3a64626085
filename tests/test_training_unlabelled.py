import gzip
import json
from pathlib import Path

import numpy as np

from transforms.tag.spans import Floats
from transforms.tag.text import BatchText
from transforms.tag.tokens import Tokens
from transforms.tag.training.labels import label_data
from transforms.tag.training.tags import TAGS
from transforms.tag.training.unlabelled import FILE, hash_sentence, label_texts, load_labels, read_texts

RAIN = "It rained in Lagos all day long."


def capitals_are_places(text: BatchText, tokens: Tokens) -> Floats:
    """A model that is sure of a place at each capital but those of `It`."""
    chances = np.full((len(tokens.start), len(TAGS)), 0.01, np.float32)
    first = text.raw[tokens.start]
    place = (first >= ord("A")) & (first <= ord("Z")) & (first != ord("I"))
    chances[place, TAGS.index("B-LOC")] = 0.8
    chances[~place, 0] = 0.92
    return np.log(chances)


def test_titles_and_texts_are_read_once(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    rows = [{"title": "A", "text": "B"}, {"title": "B", "text": "C"}]
    (tmp_path / FILE).write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert read_texts(tmp_path) == ["A", "B", "C"]


def test_each_sentence_is_labelled_once() -> None:
    labels = label_texts([f"{RAIN} It rained in Accra, too.", RAIN, "Too short.", "", "a " * 70], capitals_are_places)
    assert labels.hashes.tolist() == [hash_sentence(RAIN), hash_sentence("It rained in Accra, too.")]
    assert labels.starts.tolist() == [0, 8, 15]
    assert [TAGS[tag] for tag in labels.tags[:8]] == ["O", "O", "O", "B-LOC", "O", "O", "O", "O"]
    assert labels.sure.tolist() == [80, 80]


def test_labels_are_kept_in_a_file(tmp_path: Path) -> None:
    labels = label_texts([RAIN], capitals_are_places)
    labels.save(tmp_path / "labels.npz")
    again = load_labels(tmp_path / "labels.npz")
    assert again.hashes.tolist() == labels.hashes.tolist()
    assert again.tags.tolist() == labels.tags.tolist()
    assert (again.starts.tolist(), again.sure.tolist()) == (labels.starts.tolist(), labels.sure.tolist())


def test_what_the_fast_profile_learns_beside_tags_of_people(tmp_path: Path) -> None:
    for folder in ("unlabelled", "ner/crossner"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / FILE).write_bytes(gzip.compress(json.dumps({"title": "Too short.", "text": RAIN}).encode()))
    words = ["It", "left", "Accra", "today"]
    rows = [f"{number}\t{word}\tO\t-\t-" for number, word in enumerate(words, 1)]
    (tmp_path / "ner" / "x.iob2").write_text("\n".join([f"# text = {' '.join(words)}", *rows]))
    (tmp_path / "ner" / "crossner" / "y.txt").write_text(
        "".join(f"{word}\tO\n" for word in ["It", "left", "Lagos", "today"])
    )
    labels = label_data(tmp_path, capitals_are_places)
    assert labels.hashes.tolist() == [hash_sentence(RAIN), hash_sentence(" ".join(words))]  # crossner has MISC


def test_the_hash_of_a_sentence_never_changes() -> None:
    assert hash_sentence("Łódź") == 10187622542846400911
