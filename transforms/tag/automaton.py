"""All names of the gazetteer in one automaton, and what each of its patterns may stand for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from transforms.tag.gazetteer import Name
from transforms.tag.text import Flags, Ints, to_patterns

STRONG, WEAK, CONTEXT = range(3)


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that are no names, but tell what the name beside them is."""

    given_names: tuple[str, ...]  # `Eric Trump` is not the Trump known by surname
    titles: tuple[str, ...]  # `President Xi` is Xi Jinping
    suffixes: tuple[str, ...]  # `Chicago Tribune` is not Chicago
    not_names: tuple[str, ...]  # `Paris Hilton` is nothing that is known


@dataclass(frozen=True, slots=True)
class NameAutomaton:
    """Patterns, and their senses: pattern p has `counts[p]` senses from `firsts[p]` on."""

    search: BytesAhoCorasick
    given: Flags
    title: Flags
    suffix: Flags
    one_word: Flags
    firsts: Ints
    counts: Ints
    names: Ints  # of each sense: the number of the name
    strengths: Ints  # of each sense
    surnames: Flags  # of each sense: one word of a person's name


def build_automaton(names: tuple[Name, ...], cues: Cues) -> NameAutomaton:
    """Compile names and cues. The longest match wins, so a longer name hides those within it."""
    aliases = [(alias, number, strength) for number, name in enumerate(names) for alias, strength in _aliases(name)]
    senses: dict[bytes, dict[int, int]] = {}
    for pattern, (_, number, strength) in zip(to_patterns([alias for alias, *_ in aliases]), aliases, strict=True):
        senses.setdefault(pattern, {}).setdefault(number, strength)
    kinds = [
        dict.fromkeys(to_patterns(list(words)))
        for words in (cues.given_names, cues.titles, cues.suffixes, cues.not_names)
    ]
    patterns = list({**senses, **{pattern: None for kind in kinds for pattern in kind}})
    given, title, suffix, _ = (np.array([pattern in kind for pattern in patterns]) for kind in kinds)
    one_word = np.array([b" " not in pattern[1:] for pattern in patterns])
    flat = [
        (number, strength, names[number].type == "PERSON" and bool(alone))
        for pattern, alone in zip(patterns, one_word, strict=True)
        for number, strength in senses.get(pattern, {}).items()
    ]
    counts = np.array([len(senses.get(pattern, ())) for pattern in patterns], np.int64)
    numbers, strengths, surnames = (np.array(column) for column in zip(*flat, strict=True))
    search = BytesAhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    firsts = np.cumsum(counts) - counts
    return NameAutomaton(search, given, title, suffix, one_word, firsts, counts, numbers, strengths, surnames)


def _aliases(name: Name) -> Iterator[tuple[str, int]]:
    for aliases, strength in ((name.strong, STRONG), (name.weak, WEAK), (name.context, CONTEXT)):
        for alias in aliases:
            yield alias, strength
            if "'" in alias:
                yield alias.replace("'", "’"), strength
