"""Builds `data/labels.npz` for the fast profile: `python -m transforms.tag.training.labels DATA_FOLDER`.

The file is kept: a model that was trained anew tags some sentences otherwise.
"""

import sys
from pathlib import Path

from transforms.tag.encoder.model_files import require_model
from transforms.tag.training.gold import read_for_training
from transforms.tag.training.unlabelled import LABELS, Labels, Weigh, label_texts, read_texts


def label_data(data: Path, weigh: Weigh) -> Labels:
    """A model's tags of the unlabelled text, and of the tagged sentences that have no MISC."""
    gold = [sentence.text for sentence in read_for_training(data / "ner") if not sentence.has_misc]
    return label_texts([*read_texts(data), *gold], weigh)


def main(data: Path) -> None:
    """Write what the accurate profile's model makes of the data."""
    folder = require_model()
    from transforms.tag.encoder.recogniser import open_recogniser  # needs the packages

    label_data(data, open_recogniser(folder).weigh).save(LABELS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
