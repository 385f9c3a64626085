"""What a recogniser finds: the named things in a batch's text, as arrays."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transforms.tag.text import BatchText, Flags, Hits, Stretches

TYPES = ("PERSON", "ORG", "LOC", "MISC")

Floats = NDArray[np.float32]
Int8s = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Spans(Stretches):
    """Mentions of named things, not overlapping."""

    type: Int8s  # index into TYPES
    score: Floats  # how sure the recogniser is, from 0 to 1


NO_SPANS = Spans(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.float32))


class Recogniser(Protocol):
    """Finds names in text: a gazetteer, a trained model."""

    def find(self, text: BatchText, known: Hits, fields: Flags) -> Spans:
        """The spans in those fields of `text` whose flag is true; `known` are the gazetteer's hits in all of it."""
        ...
