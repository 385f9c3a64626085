"""Mentions of named things in a batch's text, as arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.tag.entities.phrases import Phrases, has_word, split_phrases
from transforms.tag.spans import Floats, Int8s
from transforms.tag.text import BatchText, Bytes, Flags, Ints

NO_NAME = -1

_DOT = ord(".")
_THE = np.frombuffer(b"the ", np.uint8)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions of named things, in text order, not overlapping."""

    start: Ints  # byte offset into BatchText.raw
    end: Ints  # exclusive
    type: Int8s  # index into TYPES
    score: Floats
    name: Ints  # number of the gazetteer's name that stands there, or NO_NAME

    def filter(self, keep: Flags) -> "Mentions":
        """The mentions where `keep` is true."""
        return Mentions(self.start[keep], self.end[keep], self.type[keep], self.score[keep], self.name[keep])


def join_mentions(left: Mentions, right: Mentions) -> Mentions:
    """Both, in text order."""
    columns = zip(_columns(left), _columns(right), strict=True)
    start, *others = (np.concatenate(pair) for pair in columns)
    order = np.argsort(start, kind="stable")
    return Mentions(start[order], *(column[order] for column in others))


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


def _columns(mentions: Mentions) -> tuple[NDArray[Any], ...]:
    return mentions.start, mentions.end, mentions.type, mentions.score, mentions.name
