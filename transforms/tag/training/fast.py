"""The weights of the fast profile, made anew."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from transforms.tag.training.crf import train_crf
from transforms.tag.training.crf_sentences import read_training
from transforms.tag.training.unlabelled import frozen_labels


def build_weights(data: Path, to: Path | None, say: Callable[[str], None]) -> Path:
    """Train the CRF on `data/ner`, the project's own sentences and the text that `labels.npz` has labels for.

    The file goes to the folder `to`, else to where the package keeps it; it is the same byte for byte whenever the
    data are. Some four minutes on one core.

    Raises:
        ImportError: python-crfsuite is not installed (the extra `train`).
        FileNotFoundError: `data` lacks the tagged sentences or the unlabelled text.
    """
    folder = to or Path(str(files("transforms.tag.crf"))) / "data"
    labels = frozen_labels()
    say(f"training on {data} and {len(labels.hashes):,} sentences with labels")
    weights = train_crf(read_training(data, labels))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.bin").write_bytes(weights)
    return folder / "weights.bin"
