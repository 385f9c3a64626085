"""What finds the entities, by the name of its profile."""

from schemas.errors import UsageError
from schemas.profiles import PROFILES
from transforms.tag import encoder, models
from transforms.tag.crf.recogniser import load_recogniser as load_crf
from transforms.tag.spans import Recogniser


def load_recogniser(profile: str) -> Recogniser | None:
    """The recogniser of a profile; None where the gazetteer is to find all.

    Raises UsageError, naming what to install or to build, where something is missing.
    """
    if models.is_model(profile):
        return models.load_recogniser(profile)
    match profile:
        case "fast":
            return load_crf()
        case "accurate":
            return encoder.load_recogniser()
        case "gazetteer":
            return None
    raise UsageError(f"{profile!r} is none of {', '.join(PROFILES)}, spacy:NAME and hf:NAME")
