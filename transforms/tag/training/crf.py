"""Trains the CRF of the fast profile with CRFsuite, and turns what it learns into the table that is shipped.

CRFsuite's L-BFGS is deterministic: the same sentences in the same order give the same bytes.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from transforms.tag.crf.classes import WordClasses, load_word_classes
from transforms.tag.crf.features import read_features
from transforms.tag.crf.weights import number_features, pack_weights
from transforms.tag.spans import Floats
from transforms.tag.text import Ints
from transforms.tag.training.crf_sentences import UNKNOWN
from transforms.tag.training.tags import TAGS, Tagged

# `c1` weighs the sum of magnitudes (it leaves most features without a weight), `c2` the sum of squares.
_SETTINGS = {"c1": 0.3, "c2": 0.3, "max_iterations": 50, "feature.possible_transitions": False}
CALIBRATION = (0.32, 0.18)  # factor and constant, as `python -m benchmarks.quality.entities --folds 5` finds them

_LEVELS, _LARGEST = 127, 4.0  # of a weight: steps of its magnitude, the largest that is kept as it is

Chain = tuple[list[list[str]], list[str]]  # the features of each site, and its tag


def train_crf(sentences: Iterable[Tagged]) -> bytes:
    """Weights for `crf.weights.unpack_weights`.

    Raises:
        ImportError: python-crfsuite is not installed (the extra `train`).
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    known = load_word_classes()
    for tagged in sentences:
        for features, tags in to_chains(tagged, known):
            trainer.append(features, tags)
    trainer.set_params(_SETTINGS)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "crf")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        learned = tagger.info()
    return compress(learned.state_features, learned.transitions)


def to_chains(tagged: Tagged, known: WordClasses) -> Iterator[Chain]:
    """The chains of sites, as CRFsuite takes them, less those that are unknown or cut a name.

    Of those without a name every second is left out: they are the most, and each says little.
    """
    sites, columns = read_features(tagged.text, tagged.tokens, known)
    numbers = np.stack(list(number_features(columns)), axis=1)
    tags = tagged.tags[sites.tokens]
    following = np.append(tagged.tags, 0)[sites.tokens + 1]
    nameless = 0
    for first, end in pairwise(sites.chains.tolist()):
        if tags[first] == UNKNOWN or is_inside(tags[first]) or is_inside(following[end - 1]):
            continue
        named = bool(tags[first:end].any())
        nameless += not named
        if named or nameless % 2 == 0:
            features = [list(map(str, row)) for row in numbers[first:end].tolist()]
            yield features, [TAGS[tag] for tag in tags[first:end]]


def is_inside(tag: int) -> bool:
    """Whether a tag continues a name."""
    return tag > 0 and tag % 2 == 0


def compress(states: dict[tuple[str, str], float], moves: dict[tuple[str, str], float]) -> bytes:
    """Weights of tags less that of O, in 8 bits each; features without any left out."""
    number = {tag: at for at, tag in enumerate(TAGS)}
    transitions = np.zeros((len(TAGS), len(TAGS)), np.float32)
    for (before, after), weight in moves.items():
        transitions[number[before], number[after]] = weight
    cells = np.array([(int(feature), number[tag]) for feature, tag in states], np.int64)
    rows, member = np.unique(cells[:, 0], return_inverse=True)
    weights = np.zeros((len(rows), len(TAGS)), np.float32)
    weights[member, cells[:, 1]] = list(states.values())
    return _quantise(rows, weights[:, 1:] - weights[:, :1], transitions)


def _quantise(rows: Ints, weights: Floats, transitions: Floats) -> bytes:
    scale = _LARGEST / _LEVELS
    steps = np.clip(np.rint(weights / scale), -_LEVELS, _LEVELS).astype(np.int8)
    kept = steps.any(axis=1)
    return pack_weights(rows[kept], steps[kept], transitions, scale, np.array(CALIBRATION, np.float32))
