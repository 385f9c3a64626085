"""Classes of words, as evidence for what a token is part of: lists in `data/`, one class a file, one token a line.

All tokens are in lower case and stand as `tokenize` cuts text (no hyphens; `sen.` is `sen`). A word may be in several
classes: `may` is a month, a given name and a common word. `SOURCES.txt` tells where the lists are from.
"""

from importlib.resources import files

CLASSES = (
    "given_names_common",
    "given_names",
    "given_names_world",
    "surnames_common",
    "surnames",
    "surnames_world",
    "name_particles",
    "titles",
    "jobs",
    "relations",
    "speech_verbs",
    "organisation_suffixes",
    "organisation_heads",
    "organisation_words",
    "teams",
    "media",
    "place_heads",
    "place_words",
    "countries",
    "regions",
    "cities_large",
    "cities",
    "towns",
    "city_parts",
    "demonyms",
    "religions_and_ideologies",
    "events_and_works",
    "calendar",
    "numbers_and_units",
    "words_10",
    "words_20",
    "words_35",
    "words_40",
)


def read_class(name: str) -> bytes:
    """The words of a class, each with a newline after it."""
    return (files("transforms.tag.words") / "data" / f"{name}.txt").read_bytes()
