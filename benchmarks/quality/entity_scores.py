"""What the scores of names are worth: how many of a score are right, and the calibration that would make it so."""

from collections.abc import Sequence

import numpy as np

_BINS = 5
_ROUNDS = 50
_LARGEST = 30.0  # log odds


def report_scores(scores: Sequence[float], right: Sequence[bool], calibration: tuple[float, float]) -> None:
    """Print by score how many names have it, its mean, and the share that is right; then the better calibration."""
    shares, hits = np.array(scores), np.array(right)
    bins = np.minimum((shares * _BINS).astype(int), _BINS - 1)
    for number in np.unique(bins):
        chosen = bins == number
        print(f"score {shares[chosen].mean():.2f}: {chosen.sum():6,} names, {hits[chosen].mean():.2f} of them right")
    factor, constant = calibration
    odds = np.log(np.maximum(shares, 1e-9)) - np.log(np.maximum(1 - shares, 1e-9))
    better = fit_calibration(np.clip((odds - constant) / factor, -_LARGEST, _LARGEST), hits)
    print(f"calibration: factor {better[0]:.2f}, constant {better[1]:.2f} (now {factor}, {constant})")


def fit_calibration(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Logistic regression of what is right on log odds, by Newton's method."""
    columns = np.stack([odds, np.ones_like(odds)], axis=1)
    found = np.array([0.5, 0.0])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-columns @ found))
        curvature = (columns * (chance * (1 - chance))[:, None]).T @ columns
        found += np.linalg.solve(curvature, columns.T @ (right - chance))
    return float(found[0]), float(found[1])
