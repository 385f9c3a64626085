"""Where the model of the accurate profile is."""

import os
from importlib.util import find_spec
from pathlib import Path

import transforms
from schemas.errors import UsageError

MODEL, VOCABULARY = "model.onnx", "vocabulary.txt"
MODELS_VARIABLE = "DATELINE_MODELS"

BUILD = "dateline train entities --profile accurate --data FOLDER"


def model_folder() -> Path:
    """The folder of the model: `accurate` in the folder that DATELINE_MODELS names, else in the project's `models`."""
    models = os.environ.get(MODELS_VARIABLE)
    return (Path(models) if models else Path(transforms.__file__).parents[1] / "models") / "accurate"


def require_model() -> Path:
    """The folder of the model. Raises UsageError where a package or a file that it needs is missing."""
    for package in ("onnxruntime", "tokenizers"):
        if find_spec(package) is None:
            raise UsageError(f"--entities accurate needs {package}: pip install 'dateline[accurate]'")
    folder = model_folder()
    for name in (MODEL, VOCABULARY):
        if not (folder / name).is_file():
            raise UsageError(f"--entities accurate: there is no {folder / name}; {BUILD} builds it")
    return folder
