"""Mentions of named things in a batch's text, as arrays."""

from dataclasses import dataclass

import numpy as np

from transforms.tag.entities.phrases import Phrases, has_word, split_phrases
from transforms.tag.spans import Spans
from transforms.tag.text import BatchText, Bytes, Ints

NO_NAME = -1

_DOT = ord(".")
_THE = np.frombuffer(b"the ", np.uint8)


@dataclass(frozen=True, slots=True)
class Mentions(Spans):
    """Spans, and which of them the gazetteer knows."""

    name: Ints  # number of the gazetteer's name that stands there, or NO_NAME


def split_names(mentions: Mentions, text: BatchText) -> Phrases:
    """The words of each mention, less an article before others: `The Hague` is `Hague`."""
    start, _ = name_bounds(mentions.start, mentions.end, text.raw)
    others = has_word(text.data, start, np.maximum(start, mentions.end))
    return split_phrases(text.data, np.where(others, start, mentions.start), mentions.end)


def name_bounds(start: Ints, end: Ints, raw: Bytes) -> tuple[Ints, Ints]:
    """Start and end of names, less an article before and a dot after them."""
    begins = raw[np.minimum(start[:, None] + np.arange(len(_THE)), len(raw) - 1)] | np.uint8(0x20)
    article = (begins == _THE).all(axis=1)
    return start + len(_THE) * article, end - (raw[end - 1] == _DOT)
