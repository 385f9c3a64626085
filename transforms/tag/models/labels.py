"""What the labels of other people's models mean here."""

from collections.abc import Iterable

from schemas.errors import UsageError
from transforms.tag.spans import TYPES

# CoNLL-2003, OntoNotes 5 (section 2.6 of its manual,
# https://catalog.ldc.upenn.edu/docs/LDC2013T19/OntoNotes-Release-5.0.pdf), WNUT 17.
# Dates, times and numbers are no names.
_MEANINGS = {
    "PERSON": ("PER", "PERSON"),
    "ORG": ("ORG", "ORGANIZATION", "ORGANISATION", "CORPORATION", "GROUP"),
    "LOC": ("LOC", "LOCATION", "GPE", "FAC"),
    "MISC": ("MISC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "CREATIVE-WORK", "LAW", "LANGUAGE"),
}
_TYPES = {label: TYPES.index(kind) for kind, labels in _MEANINGS.items() for label in labels}


def type_of(label: str) -> int | None:
    """The index into TYPES that a label, with or without `B-` or `I-`, stands for; None for what is no name."""
    return _TYPES.get(label.upper().removeprefix("B-").removeprefix("I-"))


def require_labels(model: str, labels: Iterable[str]) -> None:
    """Raise UsageError where none of a model's labels is a name's."""
    labels = sorted(labels)
    if all(type_of(label) is None for label in labels):
        raise UsageError(f"{model}: its labels {labels} name no persons, organisations or places")
