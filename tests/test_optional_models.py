"""Models of other libraries as recognisers, on tiny models made here."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.errors import UsageError
from transforms.tag.models import is_model, load_recogniser
from transforms.tag.models.labels import require_labels, type_of
from transforms.tag.models.offsets import field_texts, to_spans
from transforms.tag.spans import TYPES, Recogniser
from transforms.tag.text import BatchText, Hits, join_fields

TEXTS = ["Zoë Brandt — Łódź", "In Łódź, Zoë Brandt met 日本 envoys.\nThey left Łódź.", ""]
WORDS = {"Zoë": "PER", "Brandt": "PER", "Łódź": "LOC", "日": "LOC", "本": "LOC"}


def batch_of(texts: list[str]) -> BatchText:
    return join_fields([pa.array([text]) for text in texts])


def found(recogniser: Recogniser, text: BatchText) -> list[tuple[str, str]]:
    nothing = np.zeros(0, np.int64)
    spans = recogniser.find(text, Hits(nothing, nothing, nothing, nothing.astype(bool)), text.sizes > 0)
    assert (np.diff(spans.start) > 0).all()
    assert ((spans.score > 0) & (spans.score <= 1)).all()
    return [
        (text.raw[start:end].tobytes().decode(), TYPES[kind])
        for start, end, kind in zip(spans.start, spans.end, spans.type, strict=True)
    ]


@pytest.fixture(scope="module")
def spacy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spacy = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    pipeline = spacy.blank("en")
    patterns = [
        {"label": "PERSON", "pattern": "Zoë Brandt"},
        {"label": "GPE", "pattern": "Łódź"},
        {"label": "DATE", "pattern": "left"},
    ]
    pipeline.add_pipe("entity_ruler").add_patterns(patterns)
    folder = tmp_path_factory.mktemp("spacy") / "ruled"
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def hugging_face_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT that knows a word by its embedding alone: no attention, the label read off the word itself."""
    transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
    torch = pytest.importorskip("torch")

    folder = tmp_path_factory.mktemp("hugging_face") / "tiny"
    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, "met", "envoys", ".", ",", "In"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, model_max_length=16).save_pretrained(
        folder
    )
    labels = ["O", "I-PER", "I-LOC"]
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1, num_attention_heads=1, intermediate_size=32,
        max_position_embeddings=16, id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )  # fmt: skip
    torch.manual_seed(1)
    model = transformers.BertForTokenClassification(config)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    inputs = tokenizer([*WORDS, "met", "envoys", ".", ",", "In", "They"], return_tensors="pt", padding=True)
    wanted = [{"PER": 1, "LOC": 2}[label] for label in WORDS.values()] + [0] * 6
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(60):
        loss = torch.nn.functional.cross_entropy(model(**inputs).logits[:, 1], torch.tensor(wanted))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_pretrained(folder)
    return folder


@pytest.mark.models
def test_a_spacy_pipeline_finds_names_at_their_bytes(spacy_folder: Path) -> None:
    assert found(load_recogniser(f"spacy:{spacy_folder}"), batch_of(TEXTS)) == [
        ("Zoë Brandt", "PERSON"), ("Łódź", "LOC"), ("Łódź", "LOC"), ("Zoë Brandt", "PERSON"), ("Łódź", "LOC"),
    ]  # fmt: skip


@pytest.mark.models
def test_a_token_classifier_finds_names_at_their_bytes(hugging_face_folder: Path) -> None:
    assert found(load_recogniser(f"hf:{hugging_face_folder}"), batch_of(TEXTS)) == [
        ("Zoë Brandt", "PERSON"), ("Łódź", "LOC"), ("Łódź", "LOC"), ("Zoë Brandt", "PERSON"), ("日本", "LOC"),
        ("Łódź", "LOC"),
    ]  # fmt: skip


@pytest.mark.models
def test_a_line_longer_than_the_model_is_read_in_windows(hugging_face_folder: Path) -> None:
    text = batch_of(["met Brandt In Łódź . " * 40])
    assert found(load_recogniser(f"hf:{hugging_face_folder}"), text) == [("Brandt", "PERSON"), ("Łódź", "LOC")] * 40


@pytest.mark.models
def test_a_missing_model_is_named_with_what_installs_it(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    pytest.importorskip("transformers")
    with pytest.raises(UsageError, match="spacy:no_such_model is not installed: python -m spacy download no_such"):
        load_recogniser("spacy:no_such_model")
    with pytest.raises(UsageError, match=r"hf:.*absent cannot be loaded"):
        load_recogniser(f"hf:{tmp_path / 'absent'}")


@pytest.mark.models
def test_a_model_that_was_half_copied_is_refused(hugging_face_folder: Path, tmp_path: Path) -> None:
    half = shutil.copytree(hugging_face_folder, tmp_path / "half")
    (half / "model.safetensors").write_bytes((half / "model.safetensors").read_bytes()[:3000])
    with pytest.raises(UsageError, match=r"hf:.*half cannot be loaded"):
        load_recogniser(f"hf:{half}")


@pytest.mark.models
def test_a_pipeline_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(UsageError, match="no named entity recogniser"):
        load_recogniser(f"spacy:{tmp_path}")


@pytest.mark.parametrize(
    ("package", "profile", "message"),
    [
        ("spacy", "spacy:en_core_web_sm", r"spacy:en_core_web_sm needs spaCy: pip install 'dateline\[spacy\]'"),
        ("transformers", "hf:ner", r"hf:ner needs transformers and torch: pip install 'dateline\[transformers\]'"),
        ("torch", "hf:ner", r"hf:ner needs transformers and torch"),
    ],
)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str, profile: str, message: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=message):
        load_recogniser(profile)


@pytest.mark.parametrize(
    ("label", "kind"),
    [("B-PER", "PERSON"), ("I-LOC", "LOC"), ("GPE", "LOC"), ("b-corporation", "ORG"), ("NORP", "MISC"), ("DATE", None)],
)
def test_labels_mean_types(label: str, kind: str | None) -> None:
    found = type_of(label)
    assert (None if found is None else TYPES[found]) == kind


def test_labels_that_name_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match=r"hf:x: its labels \['LABEL_0', 'POS'\] name no"):
        require_labels("hf:x", ["POS", "LABEL_0"])


@pytest.mark.parametrize(("profile", "is_one"), [("spacy:x", True), ("hf:a/b", True), ("hf:", False), ("fast", False)])
def test_profiles_that_name_a_model(profile: str, is_one: bool) -> None:
    assert is_model(profile) == is_one


def test_mentions_become_bytes_of_their_fields() -> None:
    text = batch_of(["Zoë", "日本 Łódź", "x"])
    spans = to_spans(text, [(0, 1, 3, 0, 0.5), (1, 3, 7, 2, 1.0), (2, 0, 1, 1, 1.0)])
    found = [text.raw[a:b].tobytes().decode() for a, b in zip(spans.start, spans.end, strict=True)]
    assert found == ["oë", "Łódź", "x"]
    assert field_texts(text, [1]) == ["日本 Łódź"]
    assert len(to_spans(text, []).start) == 0
