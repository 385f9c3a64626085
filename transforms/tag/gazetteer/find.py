"""Finds the names of the gazetteer in the texts of a batch."""

import numpy as np

from transforms.tag.gazetteer.automaton import NameAutomaton
from transforms.tag.text import BatchText, Flags, Hits

_SPACE = np.uint8(ord(" "))


def find_names(known: NameAutomaton, text: BatchText, english: Flags) -> Hits:
    """Every name and cue, in text order: in English fields (a flag for each) in English, in others in any language.

    Raises ValueError for fields in other languages where the automaton is for English alone.
    """
    if english.all():
        return known.english.find(text.data)
    if known.foreign is None:
        raise ValueError("the automaton is for English alone")
    lengths = np.diff(text.starts, prepend=0, append=len(text.data))
    inside = np.repeat(np.concatenate([english[:1], english]), lengths)
    others = known.foreign.find(np.where(inside, _SPACE, text.data))
    return known.english.find(np.where(inside, text.data, _SPACE)).merge(others)
