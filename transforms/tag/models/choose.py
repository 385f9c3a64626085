"""Which model a profile such as `spacy:en_core_web_sm` or `hf:models/news-ner` means."""

from collections.abc import Callable

from transforms.tag.models.hugging_face import load_hugging_face
from transforms.tag.models.spacy_pipeline import load_spacy
from transforms.tag.spans import Recogniser

_LOADERS: dict[str, Callable[[str], Recogniser]] = {"spacy": load_spacy, "hf": load_hugging_face}


def is_model(profile: str) -> bool:
    """Whether the profile names a model of a library: `spacy:NAME` or `hf:NAME`."""
    library, colon, name = profile.partition(":")
    return bool(colon and name) and library in _LOADERS


def load_recogniser(profile: str) -> Recogniser:
    """The model. Raises UsageError, naming what to install, where library or model are missing or of no use."""
    library, _, name = profile.partition(":")
    return _LOADERS[library](name)
