"""Our recognisers beside spaCy's: `python -m benchmarks.quality.entities_spacy [folder] [--epochs N]`.

spaCy's own named entity recogniser (its default: a small tok2vec of hashed embeddings and four convolutions, with a
transition-based parser) is trained on the sentences and labels that the fast profile is trained on, and all are
scored on `ner/uner_pud.iob2` of the folder: names with the right start, end and type, and tokens a second of one core.
The extra `spacy` is needed. The training takes about ten minutes.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import spacy
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words

from benchmarks.quality.entities import DATA, found_by, tally
from transforms.tag.models.spacy_pipeline import SpacyRecogniser
from transforms.tag.recognisers import load_recogniser
from transforms.tag.spans import TYPES, Recogniser
from transforms.tag.training.crf_sentences import UNKNOWN, read_training
from transforms.tag.training.gold import Span, read_file
from transforms.tag.training.tags import TAGS, Tagged, tag_tokens
from transforms.tag.training.unlabelled import frozen_labels

SEED = 1
_BATCH_WORDS = 1000


def main(data: Path, epochs: int) -> None:
    """Print scores and speeds."""
    gold = read_file(data / "ner" / "uner_pud.iob2")
    sentences = [sentence for part in read_training(data, frozen_labels()) for sentence in to_sentences(part)]
    print(f"{len(sentences)} sentences")
    rivals: dict[str, Recogniser] = {f"spaCy, {epochs} epochs": SpacyRecogniser(train(sentences, epochs))}
    rivals |= {profile: load_recogniser(profile) for profile in ("fast", "accurate")}
    tokens = len(tag_tokens(gold).tokens.start)
    print(f"{'':20}  precision, recall, F1  tokens/s")
    for name, recogniser in rivals.items():
        start = process_time()
        counts = tally(gold, found_by(recogniser))
        speed = tokens / (process_time() - start)
        print(f"{name:20}  {counts.score(*TYPES[:3]):>21}  {speed:8,.0f}", flush=True)


def to_sentences(part: Tagged) -> Iterator[tuple[str, list[Span]]]:
    """Each sentence all of whose tags are known: its text and its names, in code points."""
    points = [part.text.to_code_points(at).tolist() for at in (part.tokens.start, part.tokens.end)]
    for first, end in pairwise(part.tokens.sentences.tolist()):
        tags = part.tags[first:end]
        if not (tags == UNKNOWN).any():
            yield _to_sentence(part, points, first, end)


def _to_sentence(part: Tagged, points: list[list[int]], first: int, end: int) -> tuple[str, list[Span]]:
    (starts, stops), names = points, list[Span]()
    for number in range(first, end):
        tag, start, stop = TAGS[part.tags[number]], starts[number] - starts[first], stops[number] - starts[first]
        if tag.startswith("B-") or (tag != "O" and not names):  # a name may go on over the end of a sentence
            names.append((start, stop, tag[2:]))
        elif tag != "O":
            names[-1] = (names[-1][0], stop, tag[2:])
    text = part.text.raw[part.tokens.start[first] : part.tokens.end[end - 1]].tobytes().decode()
    return text, names


def train(sentences: Sequence[tuple[str, list[Span]]], epochs: int) -> Any:
    """spaCy's default `ner`, trained with its averaged weights kept."""
    random.seed(SEED)
    spacy.util.fix_random_seed(SEED)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner")
    examples = [Example(pipeline.make_doc(text), _mark(pipeline.make_doc(text), names)) for text, names in sentences]
    optimizer = pipeline.initialize(lambda: examples[:2000])
    for epoch in range(epochs):
        random.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch_by_words(examples, _BATCH_WORDS, discard_oversize=False):
            pipeline.update(batch, sgd=optimizer, drop=0.1, losses=losses)
        print(f"epoch {epoch}: loss {losses['ner']:.0f}", flush=True)
    with pipeline.use_params(optimizer.averages):
        averaged = pipeline.to_bytes()
    return pipeline.from_bytes(averaged)


def _mark(document: Any, names: list[Span]) -> Any:
    """The document with its entities; a token that a name touches is in it whole."""
    spans = [document.char_span(start, end, kind, alignment_mode="expand") for start, end, kind in names]
    document.set_ents(spacy.util.filter_spans(spans))
    return document


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA.parent)
    parser.add_argument("--epochs", type=int, default=3)
    given = parser.parse_args()
    main(given.data, given.epochs)
