"""Builds `transforms/tag/crf/data/clusters.tsv`: `python -m transforms.tag.training.clusters MODEL_FOLDER`.

The words of a sentence encoder's vocabulary (MiniLM-L6: `model.safetensors`, `vocab.txt`), clustered by their
embeddings, so that the CRF knows what a word that it was not trained on is like. Columns: word, broad cluster, fine
cluster. The extra `train-accurate` is needed.

The table is kept: another processor may round a word into another cluster.
"""

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
from safetensors import safe_open

from transforms.tag.spans import Floats
from transforms.tag.text import Ints

BROAD, FINE = 100, 1000  # clusters
_ROUNDS, _SEED = 25, 1
_TABLE = "embeddings.word_embeddings.weight"


def main(model: Path) -> None:
    """Write the table."""
    words = (model / "vocab.txt").read_text("utf-8").splitlines()
    chosen = [row for row, word in enumerate(words) if len(word) > 1 and word.isalnum()]
    vectors = read_embeddings(model / "model.safetensors")[chosen]
    vectors = _to_length_one(vectors - vectors.mean(axis=0))
    broad, fine = (cluster(vectors, count) for count in (BROAD, FINE))
    rows = zip((words[row] for row in chosen), broad.tolist(), fine.tolist(), strict=True)
    target = Path(str(files("transforms.tag.crf"))) / "data" / "clusters.tsv"
    target.write_text("".join(f"{word}\t{one}\t{other}\n" for word, one, other in rows), "utf-8")


def read_embeddings(path: Path) -> Floats:
    """The vectors of all words, of shape (vocabulary, dimensions)."""
    with safe_open(path, "np") as tables:
        vectors: Floats = tables.get_tensor(_TABLE)
    return vectors


def cluster(vectors: Floats, count: int) -> Ints:
    """The cluster of each vector of length one, from 1: k-means by cosine."""
    start = np.random.default_rng(_SEED).permutation(len(vectors))[:count]
    centres = vectors[start]
    for _ in range(_ROUNDS):
        nearest = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        centres = _to_length_one(sums)
    found: Ints = nearest + 1
    return found


def _to_length_one(vectors: Floats) -> Floats:
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled


if __name__ == "__main__":
    main(Path(sys.argv[1]))
