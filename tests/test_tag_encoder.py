from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

pytest.importorskip("onnxruntime", reason="the extra accurate is not installed")
pytest.importorskip("tokenizers", reason="the extra accurate is not installed")

from schemas.errors import UsageError
from transforms.tag.crf.weights import TAGS
from transforms.tag.encoder import load_recogniser
from transforms.tag.encoder.model_files import MODEL, MODELS_VARIABLE, model_folder
from transforms.tag.encoder.pieces import BEGIN, CASES, END, LONGEST_WORD, PAD, UNKNOWN, Pieces, WordReader, case_of
from transforms.tag.encoder.recogniser import EncoderRecogniser, open_recogniser
from transforms.tag.encoder.windows import LONGEST, batch_windows, cut_windows
from transforms.tag.spans import TYPES, Floats
from transforms.tag.text import Hits, join_fields

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NO_HITS = Hits(*(np.zeros(0, np.int64) for _ in range(3)), np.zeros(0, np.bool_))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> WordReader:
    """Of a vocabulary of letters, whose pieces are numbered from 200 on (from 300 on within a word), and `ada`, 400."""
    named = {PAD: "[PAD]", UNKNOWN: "[UNK]", BEGIN: "[CLS]", END: "[SEP]", 400: "ada"}
    named |= {200 + at: letter for at, letter in enumerate(LETTERS)}
    named |= {300 + at: f"##{letter}" for at, letter in enumerate(LETTERS)}
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    path.write_text("\n".join(named.get(at, f"[unused{at}]") for at in range(401)))
    return WordReader(path)


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("obi", "lower"),
        ("Obi", "title"),
        ("OBI", "upper"),
        ("O", "capital"),
        ("é", "lower"),
        ("Éa", "title"),
        ("McObi", "mixed"),
        ("eBay", "mixed"),
        ("U.S.", "upper"),
        ("7th", "number"),
        ("'s", "other"),
        ("—", "other"),
        ("京都", "mixed"),
    ],
)
def test_how_a_word_is_written(word: str, case: str) -> None:
    assert CASES[case_of(word)] == case


def test_words_in_pieces(reader: WordReader) -> None:
    words = reader.read(["Ada", "abc", "Zoë", "\u2063", "x" * 50])
    assert words.pieces[: words.starts[3]].tolist() == [400, 200, 301, 302, 225, 314, 304]
    assert words.pieces[words.starts[3] : words.starts[4]].tolist() == [UNKNOWN]
    assert np.diff(words.starts).tolist() == [1, 3, 3, 1, LONGEST_WORD]
    assert [CASES[case] for case in words.cases[:5]] == ["title", "lower", "lower", "lower", "title"]


@pytest.mark.parametrize(
    ("sentences", "begins"),
    [
        pytest.param([60, 60], [0, 60], id="a window each"),
        pytest.param([126, 5], [0, 126], id="one that just fits"),
        pytest.param([10, 300, 4], [0, 10, 136, 262, 310], id="a long one is cut"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_windows(reader: WordReader, sentences: list[int], begins: list[int]) -> None:
    words = reader.read(["a"] * sum(sentences))
    assert cut_windows(words, np.cumsum([0, *sentences])).tolist() == [*begins, sum(sentences)]


def test_a_window_is_cut_between_words(reader: WordReader) -> None:
    words = reader.read(["abc"] * 50)
    assert cut_windows(words, np.array([0, 50])).tolist() == [0, 42, 50]


def test_batches_hold_every_word_once(reader: WordReader) -> None:
    words = reader.read(["abc", "Ada", "z", "bb"] * 20)
    windows = np.array([0, 3, 4, 40, 80])
    batches = list(batch_windows(words, windows, np.arange(4), 100))
    assert sorted(np.concatenate([batch.words for batch in batches]).tolist()) == list(range(80))
    for batch in batches:
        assert batch.pieces.size <= 100 or len(batch.pieces) == 1
        assert batch.pieces.shape[1] <= LONGEST
        assert (batch.pieces[:, 0] == BEGIN).all()
        assert ((batch.pieces == END).sum(axis=1) == 1).all()
        assert batch.pieces[batch.row, batch.column].tolist() == words.pieces[words.starts[batch.words]].tolist()


def by_letter(pieces: Pieces, cases: Pieces) -> Floats:
    """A model that takes `a...` for the begin of a person, `b...` for its inside, `l...` for a place."""
    chances = np.full((*pieces.shape, TAGS), 0.01, np.float32)
    for first, tag, sure in (("a", 1, 0.9), ("b", 2, 0.6), ("l", 5, 0.8)):
        starts = (pieces == 200 + LETTERS.index(first)) & (cases == CASES.index("title"))
        chances[starts, tag] = sure
    chances[(chances < 0.5).all(axis=2), 0] = 0.9
    return np.log(chances)


def test_spans_of_what_the_model_says(reader: WordReader) -> None:
    recogniser = EncoderRecogniser(reader, by_letter)
    title, body = "Lé met Amo Bix’s Bo in Lx.", "Bx is alone\nAm\nBo"
    text = join_fields([pa.array([title, None]), pa.array([body, "Lu"])])
    spans = recogniser.find(text, NO_HITS, np.array([True, True, True, False]))
    raw = text.raw.tobytes()
    found = [
        (raw[start:end].decode(), TYPES[kind])
        for start, end, kind in zip(spans.start, spans.end, spans.type, strict=True)
    ]
    # What continues nothing, at the begin of a sentence or after a word that is no name, begins a name or is none.
    assert found == [("Lé", "LOC"), ("Amo Bix", "PERSON"), ("Lx", "LOC"), ("Am", "PERSON")]
    assert spans.score.tolist() == pytest.approx([0.624, 0.463, 0.624, 0.743], abs=0.001)


def test_an_article_is_read_as_if_it_were_alone(reader: WordReader) -> None:
    def by_company(pieces: Pieces, cases: Pieces) -> Floats:
        """As an int8 model does, whose scale is of all that it is given at once."""
        return by_letter(pieces, cases) / pieces.size

    recogniser = EncoderRecogniser(reader, by_company)
    texts = ["Ada met Lo.\nLu", "Al.", "", "Lo and Al of Lu.\nAda"]
    together = recogniser.find(join_fields([pa.array(texts)]), NO_HITS, np.ones(4, np.bool_))
    alone = [recogniser.find(join_fields([pa.array([text])]), NO_HITS, np.ones(1, np.bool_)) for text in texts]
    assert together.type.tolist() == [kind for spans in alone for kind in spans.type.tolist()]
    assert together.score.tolist() == [score for spans in alone for score in spans.score.tolist()]


@pytest.mark.parametrize("texts", [[], [""], [" \n "]])
def test_no_text_has_no_spans(reader: WordReader, texts: list[str]) -> None:
    text = join_fields([pa.array(texts, pa.string())])
    spans = EncoderRecogniser(reader, by_letter).find(text, NO_HITS, np.ones(len(texts), np.bool_))
    assert len(spans.start) == len(spans.score) == 0


def test_a_missing_model_is_told_with_what_builds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    with pytest.raises(UsageError, match=r"no .*model\.onnx; dateline train entities --profile accurate"):
        load_recogniser()


def test_a_model_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_text("version 1")
    with pytest.raises(UsageError, match=r"model\.onnx is no whole model; dateline train"):
        open_recogniser(tmp_path)


@pytest.mark.skipif(not model_folder().is_dir(), reason="the model of the accurate profile is not here")
def test_the_model_finds_names() -> None:
    sentences = {
        "Kenyan President William Ruto met officials of the African Union in Addis Ababa.": [
            ("Kenyan", "MISC"),
            ("William Ruto", "PERSON"),
            ("African Union", "ORG"),
            ("Addis Ababa", "LOC"),
        ],
        "Shares of Samsung Electronics fell 2.1% in Seoul, Lee Jae-yong’s spokesman said.": [
            ("Samsung Electronics", "ORG"),
            ("Seoul", "LOC"),
            ("Lee Jae-yong", "PERSON"),
        ],
        "it rained for two days and nobody came.": [],
    }
    text = join_fields([pa.array(list(sentences))])
    spans = load_recogniser().find(text, NO_HITS, np.ones(len(sentences), np.bool_))
    found: list[list[tuple[str, str]]] = [[] for _ in sentences]
    raw = text.raw.tobytes()
    for start, end, kind in zip(spans.start, spans.end, spans.type, strict=True):
        found[int(text.fields_at(start))].append((raw[start:end].decode(), TYPES[kind]))
    assert found == list(sentences.values())
