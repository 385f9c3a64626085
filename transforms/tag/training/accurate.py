"""The model of the accurate profile, made anew.

A first network learns from tagged sentences. What it makes of untagged text teaches a second one, beside them; that one
ends with a round on tagged sentences alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch

from transforms.tag.encoder.model_files import MODEL, model_folder
from transforms.tag.encoder.pieces import Pieces, WordReader
from transforms.tag.encoder.recogniser import EncoderRecogniser
from transforms.tag.spans import Floats
from transforms.tag.training.encoder import Course, train_network
from transforms.tag.training.encoder_examples import UNLABELLED, Sentence, from_gold
from transforms.tag.training.encoder_export import export_network
from transforms.tag.training.encoder_network import Network, base_vocabulary, load_base
from transforms.tag.training.gold import read_for_training
from transforms.tag.training.tags import TAGS
from transforms.tag.training.unlabelled import read_texts, weigh_sentences

_FIRST = Course(rounds=4, rate=2e-4, seed=2)
_ON_BOTH = Course(rounds=3, rate=2e-4, seed=3)
_LAST = Course(rounds=1, rate=5e-5, seed=4)
_UNLABELLED = 22_000  # sentences
_WITHOUT_NAMES = 0.03  # of the sentences without one that are taken


def build_weights(data: Path, to: Path | None, say: Callable[[str], None]) -> Path:
    """Train the encoder on `data/ner`, the project's own sentences and `data/unlabelled`.

    Some 25 minutes on two cores with AMX. The model and its vocabulary go to the folder `to`, else to where the
    accurate profile looks for them. Another machine gives a model as good, not the same bytes.

    Raises:
        FileNotFoundError: `data` lacks the tagged sentences or the unlabelled text.
    """
    texts = read_texts(data)
    sentences, reader = from_gold(read_for_training(data / "ner")), WordReader(base_vocabulary())
    first = load_base(_FIRST.seed)
    train_network(first, sentences, _FIRST, reader, say)
    say("reading the unlabelled text")
    labelled = list(read_labelled(texts, first, reader))
    chosen = Random(_FIRST.seed).sample(labelled, min(_UNLABELLED, len(labelled)))
    second = load_base(_ON_BOTH.seed)
    train_network(second, [*sentences, *chosen], _ON_BOTH, reader, say)
    train_network(second, sentences, _LAST, reader, say)
    folder = to or model_folder()
    export_network(second, base_vocabulary(), folder)
    return folder / MODEL


def read_labelled(texts: list[str], network: Network, reader: WordReader) -> Iterator[Sentence]:
    """The sentences of texts in which a network finds names other than MISC, and few others."""
    random = Random(_FIRST.seed)
    begins = [TAGS.index(tag) for tag in ("B-PERSON", "B-ORG", "B-LOC")]
    for sentence in weigh_sentences(texts, as_recogniser(network, reader).weigh):
        if np.isin(sentence.chances.argmax(axis=1), begins).any() or random.random() < _WITHOUT_NAMES:
            yield Sentence(UNLABELLED, sentence.words, np.exp(sentence.chances), has_misc=True)


def as_recogniser(network: Network, reader: WordReader) -> EncoderRecogniser:
    """The recogniser of a network that has been trained."""

    def run(pieces: Pieces, cases: Pieces) -> Floats:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            chances: Floats = network(torch.from_numpy(pieces), torch.from_numpy(cases)).numpy()
        return chances

    return EncoderRecogniser(reader, run)
