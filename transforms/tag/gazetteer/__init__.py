"""The gazetteer: named things, what they are called, and automata that find them."""

from transforms.tag.gazetteer.automaton import (
    CONTEXT,
    STRONG,
    WEAK,
    Cues,
    NameAutomaton,
    build_automaton,
    load_automaton,
)
from transforms.tag.gazetteer.find import find_names
from transforms.tag.gazetteer.names import Name, load_names, load_words

__all__ = [
    "CONTEXT",
    "STRONG",
    "WEAK",
    "Cues",
    "Name",
    "NameAutomaton",
    "build_automaton",
    "find_names",
    "load_automaton",
    "load_names",
    "load_words",
]
