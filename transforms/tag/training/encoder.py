"""Trains the encoder of the accurate profile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from torch import Tensor

from transforms.tag.encoder.pieces import WordReader
from transforms.tag.encoder.windows import Batch
from transforms.tag.spans import Floats
from transforms.tag.training.encoder_examples import UNLABELLED, Sentence, draw_batches, gather_names
from transforms.tag.training.encoder_network import Network
from transforms.tag.training.tags import TAGS

_ROOM = 2048  # pieces of a batch
_WARM_UP = 0.1  # of the steps
_NEW_FASTER = 5  # learning rate of what is not in the weights to begin with
_DECAY, _LARGEST_GRADIENT = 0.01, 1.0
_EVERY = 50  # steps between reports

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Course:
    """How to train."""

    rounds: int  # over all sentences
    rate: float  # the largest learning rate
    seed: int


def train_network(
    network: Network, sentences: Sequence[Sentence], course: Course, reader: WordReader, say: Say
) -> None:
    """Train a network on sentences, its large products in bfloat16."""
    torch.manual_seed(course.seed)
    random = Random(course.seed)
    network.train()
    names = gather_names([sentence for sentence in sentences if sentence.set != UNLABELLED])
    optimizer = _make_optimizer(network)
    for number in range(course.rounds):
        batches = list(draw_batches(sentences, names, reader, random, _ROOM))
        losses: list[float] = []
        for step, (batch, targets, may_be_misc) in enumerate(batches):
            _set_rate(optimizer, course.rate, (number + step / len(batches)) / course.rounds)
            losses.append(_learn(network, optimizer, batch, targets, may_be_misc))
            if step % _EVERY == _EVERY - 1:
                say(f"round {number + 1}, step {step + 1} of {len(batches)}: loss {np.mean(losses):.4f}")
                losses.clear()
    network.eval()


def _learn(network: Network, optimizer: torch.optim.Optimizer, batch: Batch, targets: Floats, free: Floats) -> float:
    """One step; the loss, a mean over words."""
    chances = _run(network, batch)
    loss = word_loss(chances, torch.from_numpy(targets), torch.from_numpy(free))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
    optimizer.step()
    value: float = loss.item()
    return value


def word_loss(chances: Tensor, targets: Tensor, may_be_misc: Tensor) -> Tensor:
    """Cross entropy. Where O may be MISC, what speaks for O is what speaks for either."""
    either = torch.logsumexp(chances[:, [TAGS.index(tag) for tag in ("O", "B-MISC", "I-MISC")]], 1)
    outside = torch.where(may_be_misc > 0, either, chances[:, 0])
    return -(targets[:, 0] * outside + (targets[:, 1:] * chances[:, 1:]).sum(1)).mean()


def _run(network: Network, batch: Batch) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        chances = network(torch.from_numpy(batch.pieces), torch.from_numpy(batch.cases))
    return chances[torch.from_numpy(batch.row), torch.from_numpy(batch.column)]


def _make_optimizer(network: Network) -> torch.optim.Optimizer:
    new = [network.case.weight, network.tag.weight, network.tag.bias]
    old = [weight for weight in network.parameters() if all(weight is not other for other in new)]
    groups = [
        {"params": [weight for weight in old if weight.dim() > 1], "weight_decay": _DECAY, "faster": 1},
        {"params": [weight for weight in old if weight.dim() == 1], "weight_decay": 0.0, "faster": 1},
        {"params": new, "weight_decay": 0.0, "faster": _NEW_FASTER},
    ]
    return torch.optim.AdamW(groups, fused=True)


def _set_rate(optimizer: torch.optim.Optimizer, largest: float, done: float) -> None:
    """Up to the largest rate, then down to 0, in straight lines."""
    rate = largest * min(done / _WARM_UP, (1 - done) / (1 - _WARM_UP))
    for group in optimizer.param_groups:
        group["lr"] = rate * group["faster"]
