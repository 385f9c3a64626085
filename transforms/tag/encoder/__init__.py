"""Names by a small transformer encoder, run by onnxruntime."""

from transforms.tag.encoder.model_files import require_model
from transforms.tag.spans import Recogniser


def load_recogniser() -> Recogniser:
    """The recogniser of the accurate profile. Raises UsageError where a package or the model is missing."""
    folder = require_model()
    from transforms.tag.encoder.recogniser import open_recogniser  # needs the packages

    return open_recogniser(folder)
