"""From texts to `weights.tsv`: the vocabulary, the fit, and the calibration."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from transforms.tag.topics.features import Floats, Ints, count, scale
from transforms.tag.topics.tables import DATA
from transforms.tag.topics.taxonomy import Topic, load_topics, parents
from transforms.tag.topics.training.fit import Fitted, Matrix, fit
from transforms.tag.topics.training.texts import Example, read_examples, read_own, text_hash
from transforms.tag.topics.weights import find_terms, index_terms

_LEAST_TEXTS = 3  # that have a term of the vocabulary
_FOLDS = 5
_MEASURED = 2  # folds that are held out in turn to calibrate
_BALANCE, _MOST_BALANCE = 1.0, 10.0
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(read_own("stop_words.txt").split())


@dataclass(frozen=True, slots=True)
class Data:
    """Examples as arrays."""

    values: csr_array  # (examples, features)
    likely: Matrix  # (examples, topics)
    counts: Floats
    fold: Ints
    held_out: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trained:
    """Terms and their weights."""

    terms: list[str]
    fitted: Fitted


def build_weights(data: Path, to: Path | None, say: Callable[[str], None]) -> Path:
    """Learn the weights from the project's own texts and those in `data`; a minute or so on one core.

    They go to the folder `to`, else to where the tagger looks for them. Raises FileNotFoundError where `data` lacks
    a file.
    """
    topics = load_topics()
    examples = read_examples(str(data), topics)
    say(f"{len(examples):,} examples")
    folder = to or DATA
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "weights.tsv"
    path.write_text(to_table(train(examples, topics)), "utf-8")
    return path


def train(examples: list[Example], topics: tuple[Topic, ...]) -> Trained:
    """Fit all examples, then stretch and shift logits so that held-out texts' probabilities are right.

    Top-level topics are calibrated together, and the others (Platt 1999).
    """
    terms = vocabulary(examples)
    data = to_arrays(examples, topics, terms)
    logits, truth = held_out_logits(data)
    fitted = fit(data.values, data.likely, data.counts)
    top = parents(topics) == np.arange(len(topics))
    stretch, shift = np.ones((2, len(topics)), np.float32)
    for level in (top, ~top):
        stretch[level], shift[level] = _calibrate(logits[:, level].ravel(), truth[:, level].ravel())
    return Trained(terms, Fitted(fitted.weights * stretch, fitted.bias * stretch + shift))


def to_table(trained: Trained) -> str:
    """The text of `weights.tsv`; a weight has one decimal, the bias two."""
    lines = ["term\tweights", "\t" + _listed(enumerate(trained.fitted.bias), ".2f")]
    for term, weights in zip(trained.terms, np.round(trained.fitted.weights, 1), strict=True):
        said = np.flatnonzero(weights)
        if len(said):
            lines.append(f"{term}\t{_listed(zip(said, weights[said], strict=True), '.1f')}")
    return "\n".join(lines) + "\n"


def vocabulary(examples: list[Example]) -> list[str]:
    """Words, and pairs of neighbouring words, that several texts have, sorted; no numbers or stop words."""
    texts: Counter[str] = Counter()
    for example in examples:
        texts.update({term for text in (example.title, example.text) for term in _terms(text)})
    return sorted(term for term, often in texts.items() if often >= _LEAST_TEXTS)


def to_arrays(examples: list[Example], topics: tuple[Topic, ...], vocabulary: list[str]) -> Data:
    """Examples with the features that the tagger would see. A story and its title are in one fold."""
    texts = [text for example in examples for text in (example.title, "", example.text)]
    counts = count(*find_terms(texts, index_terms(vocabulary)), len(vocabulary))
    shape = (len(examples), len(vocabulary))
    values = csr_array((scale(counts, len(examples)), (counts.row, counts.feature)), shape=shape, dtype=np.float32)
    number = {topic.id: n for n, topic in enumerate(topics)}
    likely = np.zeros((len(examples), len(topics)), np.float32)
    for row, example in enumerate(examples):
        for topic, share in example.topics.items():
            likely[row, number[topic]] = share
    fold = np.array([int(text_hash(e.title or e.text), 16) % _FOLDS for e in examples])
    weights = np.array([example.counts for example in examples], np.float32)
    weights *= balance(likely[:, parents(topics) == np.arange(len(topics))], weights)
    return Data(values, likely, weights, fold, np.array([example.held_out for example in examples]))


def balance(likely: Matrix, counts: Floats) -> Floats:
    """How much more an example counts whose likeliest top-level topic is rare: agencies write of few things most."""
    best = likely.argmax(axis=1)
    often = np.bincount(best, counts, likely.shape[1])
    factors = np.minimum((often.mean() / np.maximum(often, 1)) ** _BALANCE, _MOST_BALANCE).astype(np.float32)
    balanced: Floats = factors[best]
    return balanced


def held_out_logits(data: Data) -> tuple[Matrix, Matrix]:
    """Logits of texts labelled by hand, by weights fitted without their fold, and what they are about."""
    logits, truth = [], []
    for fold in range(_MEASURED):
        others = np.flatnonzero(data.fold != fold)
        fitted = fit(data.values[others], data.likely[others], data.counts[others])
        these = np.flatnonzero((data.fold == fold) & data.held_out)
        logits.append(data.values[these] @ fitted.weights + fitted.bias)
        truth.append(data.likely[these])
    return np.concatenate(logits), np.concatenate(truth)


def _calibrate(logits: Floats, truth: Floats) -> tuple[float, float]:
    def cost(line: NDArray[np.float64]) -> float:
        stretched = line[0] * logits + line[1]
        return float((np.logaddexp(0, stretched) - truth * stretched).sum())

    stretch, shift = minimize(cost, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(stretch), float(shift)


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    speaks = [not (word.isdigit() or word in _STOP_WORDS) for word in words]
    pairs = zip(words, words[1:], speaks, speaks[1:], strict=False)
    return [
        *(word for word, alone in zip(words, speaks, strict=True) if alone),
        *(f"{one} {two}" for one, two, first, second in pairs if first and second),
    ]


def _listed(weights: Iterable[tuple[int, float]], form: str) -> str:
    return " ".join(f"{topic}:{weight:{form}}" for topic, weight in weights)
