import json
from pathlib import Path

import pytest

from transforms.tag.training.gold import Gold, detokenize, parse_marked, read_file, read_gold, read_own
from transforms.tag.training.tags import TAGS, tag_tokens

IOB2 = """\
# newdoc id = a
# sent_id = 1
# text = Ada Obi's boat left Lagos.
1\tAda\tB-PER\t-\tx
2\tObi\tI-PER\t-\tx
3\t's\tO\t-\t-
4\tboat\tO\t-\t-
5\tleft\tO\t-\t-
6\tLagos\tB-LOC\t-\tx
7\t.\tO\t-\t-

"""
CROSSNER = "The\tO\nUdo\tB-politicalparty\nParty\tI-politicalparty\nwon\tO\n\nrock\tB-musicgenre\nby\tO\nWara\tB-band\n"


def names(gold: Gold) -> list[tuple[str, str]]:
    return [(gold.text[start:end], kind) for start, end, kind in gold.spans]


def test_iob2_keeps_the_text_and_has_no_misc(tmp_path: Path) -> None:
    (tmp_path / "uner_x.iob2").write_text(IOB2)
    (sentence,) = read_file(tmp_path / "uner_x.iob2")
    assert sentence.text == "Ada Obi's boat left Lagos."
    assert names(sentence) == [("Ada Obi", "PERSON"), ("Lagos", "LOC")]
    assert (sentence.set, sentence.has_misc) == ("uner_x", False)


def test_columns_and_documents(tmp_path: Path) -> None:
    (tmp_path / "crossner").mkdir()
    (tmp_path / "crossner" / "music.txt").write_text(CROSSNER)
    document = {"sents": [[["Wara", "B-MISC"], ["plan", "I-MISC"], ["b", "B-MISC"]]]}
    (tmp_path / "some.jsonl").write_text(json.dumps(document) + "\n")
    read = read_gold(tmp_path)
    assert [(sentence.set, sentence.text, names(sentence)) for sentence in read] == [
        ("some", "Wara plan b", [("Wara plan", "MISC")]),  # what has no capital is no proper name
        ("crossner_music", "The Udo Party won", [("Udo Party", "ORG")]),
        ("crossner_music", "rock by Wara", [("Wara", "ORG")]),
    ]
    assert all(sentence.has_misc for sentence in read)


def test_held_out_sets_are_not_training_data(tmp_path: Path) -> None:
    for name in ("uner_pud.iob2", "uner_ewt.iob2"):
        (tmp_path / name).write_text(IOB2)
    (tmp_path / "gum_wikinews.jsonl").write_text("{}")
    assert [sentence.set for sentence in read_gold(tmp_path)] == ["uner_ewt"]


def test_no_gold_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no tagged sentences"):
        read_gold(tmp_path)


def test_an_unknown_type_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.conll").write_text("Zorp\tB-spaceship\n")
    with pytest.raises(KeyError, match="spaceship"):
        read_file(tmp_path / "x.conll")


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        pytest.param(["Yes", ",", "he", "said", "."], "Yes, he said.", id="marks"),
        pytest.param(["the", "(", "old", ")", "one"], "the (old) one", id="brackets"),
        pytest.param(["Obi", "'s", "do", "n't"], "Obi's don't", id="endings"),
        pytest.param(["He", ":", '"', "Go", "!", '"', "She", '"', "No", '"'], 'He: "Go!" She "No"', id="quotes"),
        pytest.param(["$", "5", "“", "x", "”"], "$5 “x”", id="currency and curly quotes"),
    ],
)
def test_words_are_joined_as_they_would_be_written(tokens: list[str], text: str) -> None:
    joined, bounds = detokenize(tokens)
    assert joined == text
    assert [joined[start:end] for start, end in bounds] == tokens


def test_marked_sentences() -> None:
    sentence = parse_marked("[PERSON Ada Obi], of [ORG Wara FC], left [LOC Lagos].")
    assert sentence.text == "Ada Obi, of Wara FC, left Lagos."
    assert names(sentence) == [("Ada Obi", "PERSON"), ("Wara FC", "ORG"), ("Lagos", "LOC")]


def test_own_sentences_are_marked_well() -> None:
    sentences = read_own()
    assert len(sentences) > 1000
    assert not [sentence.text for sentence in sentences if "[" in sentence.text or "]" in sentence.text]
    assert not [name for sentence in sentences for name, _ in names(sentence) if name != name.strip()]


def test_tokens_are_tagged() -> None:
    gold = [Gold("x", "Łódź-born Ada Obi’s", ((0, 4, "LOC"), (10, 17, "PERSON"))), Gold("x", "no", (), has_misc=False)]
    tagged = tag_tokens(gold)
    assert [TAGS[tag] for tag in tagged.tags] == ["B-LOC", "O", "O", "B-PERSON", "I-PERSON", "O", "O"]
    assert tagged.rows.tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert tagged.has_misc.tolist() == [True, False]


def test_a_span_that_cuts_a_token_is_widened() -> None:
    tagged = tag_tokens([Gold("x", "preAda Obi", ((3, 6, "PERSON"),))])
    assert [TAGS[tag] for tag in tagged.tags] == ["B-PERSON", "O"]


def test_own_sentences_fit_the_tokens() -> None:
    gold = read_own()
    tagged = tag_tokens(gold)
    bounds = [
        set(zip(tagged.rows, tagged.text.to_code_points(at), strict=True))
        for at in (tagged.tokens.start, tagged.tokens.end)
    ]
    cut = [
        sentence.text[start:end]
        for row, sentence in enumerate(gold)
        for start, end, _ in sentence.spans
        if (row, start) not in bounds[0] or (row, end) not in bounds[1]
    ]
    assert len(cut) < 5, cut  # `A320s`
