from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("safetensors", reason="safetensors is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")

import torch
from onnxruntime import InferenceSession

from transforms.tag.encoder.model_files import MODEL, VOCABULARY
from transforms.tag.encoder.pieces import BEGIN, END, PAD
from transforms.tag.training.encoder import word_loss
from transforms.tag.training.encoder_export import export_network
from transforms.tag.training.encoder_network import Network
from transforms.tag.training.tags import TAGS

pytestmark = pytest.mark.models


@pytest.mark.parametrize(
    ("said", "wanted", "may_be_misc", "loss"),
    [
        pytest.param("O", "O", 0.0, 0.1, id="right"),
        pytest.param("B-MISC", "O", 0.0, 4.5, id="no MISC where it is marked"),
        pytest.param("B-MISC", "O", 1.0, 0.1, id="perhaps MISC where it is not"),
        pytest.param("B-ORG", "O", 1.0, 3.3, id="but no other name"),
        pytest.param("O", "B-ORG", 1.0, 4.5, id="and no name missed"),
    ],
)
def test_loss(said: str, wanted: str, may_be_misc: float, loss: float) -> None:
    chances = torch.full((1, len(TAGS)), 0.0125)
    chances[0, TAGS.index(said)] = 0.9
    targets = torch.eye(len(TAGS))[TAGS.index(wanted)][None]
    assert word_loss(chances.log(), targets, torch.tensor([may_be_misc])).item() == pytest.approx(loss, abs=0.2)


def test_what_is_exported_says_what_the_network_says(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Network().eval()
    vocabulary = tmp_path / "vocab.txt"
    vocabulary.write_text("[PAD]\n")
    export_network(network, vocabulary, tmp_path / "made")
    assert (tmp_path / "made" / VOCABULARY).read_text() == "[PAD]\n"
    assert (tmp_path / "made" / MODEL).stat().st_size < 25_000_000
    pieces = np.array([[BEGIN, 2000, 3000, 4000, END], [BEGIN, 5000, END, PAD, PAD]])
    cases = np.array([[7, 1, 2, 3, 7], [7, 4, 7, 0, 0]])
    with torch.inference_mode():
        expected = network(torch.from_numpy(pieces), torch.from_numpy(cases)).numpy()
    session = InferenceSession(str(tmp_path / "made" / MODEL), providers=["CPUExecutionProvider"])
    (said,) = session.run(None, {"pieces": pieces, "cases": cases})
    shown = pieces != PAD
    assert np.abs(said - expected)[shown].max() < 0.2  # of eight bits
