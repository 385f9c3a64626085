"""Fits the weights: for each topic a logistic regression on the counts of words and pairs, all at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.tag.topics.features import Floats
from transforms.tag.topics.tagger import sigmoid
from transforms.tag.topics.weights import MOST

_STEPS = 60
_RATE = 0.25
_DECAY = 3e-6  # of each weight, by its square
_LEAST = 1.0  # a smaller weight is none

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of shape (features, topics), in logits, and the bias of each topic."""

    weights: Matrix
    bias: Floats


def fit(values: csr_array, likely: Matrix, counts: Floats) -> Fitted:
    """Minimise the cross-entropy by Adam (Kingma and Ba, 2015), over all examples in each step.

    Half-way, small weights, and all but a few of each feature, are set to zero and stay so. `values` has the shape
    (examples, features), `likely` (examples, topics).
    """
    share = (counts / counts.sum())[:, None]
    weights = np.zeros((values.shape[1], likely.shape[1]), np.float32)
    bias = np.full(likely.shape[1], -4.0, np.float32)
    turned = values.T.tocsr()
    first, second = np.zeros((2, *weights.shape), np.float32)
    mean, square = np.zeros((2, *bias.shape), np.float32)
    kept: NDArray[np.bool_] | float = 1.0
    for step in range(1, _STEPS + 1):
        error = (sigmoid(values @ weights + bias) - likely) * share
        rate = _RATE * (1 - step / (_STEPS + 1))
        weights -= rate * _adam(turned @ error + _DECAY * weights, first, second, step)
        bias -= rate * _adam(error.sum(axis=0), mean, square, step)
        if step == _STEPS // 2:
            kept = _large(weights)
        weights *= kept
    return Fitted(weights * _large(weights), bias)


def _large(weights: Matrix) -> NDArray[np.bool_]:
    """Which weights are large enough, and among the largest of their feature."""
    sizes = np.abs(weights)
    large: NDArray[np.bool_] = sizes >= np.maximum(_LEAST, _least_kept(sizes))
    return large


def _least_kept(sizes: Matrix) -> Matrix:
    if sizes.shape[1] <= MOST:
        return np.zeros((len(sizes), 1), np.float32)
    least: Matrix = np.partition(sizes, -MOST, axis=1)[:, -MOST, None]
    return least


def _adam(slope: Matrix, first: Matrix, second: Matrix, step: int) -> Matrix:
    first += 0.1 * (slope - first)
    second += 0.01 * (slope**2 - second)
    moved: Matrix = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return moved
