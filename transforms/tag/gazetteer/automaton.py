"""All names of the gazetteer in automata, for English and for other languages, and what each pattern may stand for."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields

import numpy as np

from transforms.tag.gazetteer.foreign import Form, load_forms
from transforms.tag.gazetteer.names import Name, load_names, load_words
from transforms.tag.gazetteer.search import Pattern, Search, build_search, to_pattern
from transforms.tag.text import Flags, Ints, to_patterns

STRONG, WEAK, CONTEXT = range(3)


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that are no names, but tell what the name beside them is."""

    given_names: tuple[str, ...]  # `Eric Trump` is not the Trump known by surname
    titles: tuple[str, ...]  # `President Xi` is Xi Jinping
    suffixes: tuple[str, ...]  # `Chicago Tribune` is not Chicago
    not_names: tuple[str, ...]  # `Paris Hilton` is nothing that is known
    not_names_abroad: tuple[str, ...] = ()  # `Essen` is a word, in texts of other languages


@dataclass(frozen=True, slots=True)
class NameAutomaton:
    """Patterns, and their senses: pattern p has `counts[p]` senses from `firsts[p]` on."""

    english: Search
    foreign: Search | None  # None where the automaton is for English alone
    given: Flags
    title: Flags
    suffix: Flags
    one_word: Flags
    firsts: Ints
    counts: Ints
    names: Ints  # of each sense: the number of the name
    strengths: Ints  # of each sense
    surnames: Flags  # of each sense: one word of a person's name


def build_automaton(names: tuple[Name, ...], cues: Cues, forms: dict[Form, int] | None = None) -> NameAutomaton:
    """Compile names and cues, and for other languages `forms`, each with the number of the name that it stands for.

    The numbers of English patterns and of their senses do not depend on `forms`.
    """
    senses = _read_senses(names)
    kinds = [
        dict.fromkeys(to_patterns(list(words)))
        for words in (cues.given_names, cues.titles, cues.suffixes, cues.not_names)
    ]
    english = [Pattern(text) for text in {**senses, **{text: None for kind in kinds for text in kind}}]
    words = _read_words(cues.not_names_abroad) if forms is not None else []
    foreign = _read_forms(forms or {}, {*senses, *(word.text for word in words)})
    patterns = [*english, *foreign, *words]
    meant = [list(senses.get(pattern.text, {}).items()) for pattern in english]
    meant += [[(number, STRONG)] for number in foreign.values()] + [[] for _ in words]
    given, title, suffix, _ = (np.array([pattern.text in kind for pattern in patterns]) for kind in kinds)
    one_word = np.array([b" " not in pattern.text[1:] for pattern in patterns])
    counts = np.array([len(listed) for listed in meant], np.int64)
    number, strength = np.array([sense for listed in meant for sense in listed]).T
    surnames = np.array([name.type == "PERSON" for name in names])[number] & np.repeat(one_word, counts)
    replaced = {pattern.text for pattern in (*foreign, *words)}
    abroad = [n for n, pattern in enumerate(patterns) if n >= len(english) or pattern.text not in replaced]
    return NameAutomaton(
        build_search(patterns, range(len(english))),
        build_search(patterns, abroad) if forms is not None else None,
        given,
        title,
        suffix,
        one_word,
        np.cumsum(counts) - counts,
        counts,
        number,
        strength,
        surnames,
    )


def load_automaton(abroad: bool) -> NameAutomaton:
    """The automata of the gazetteer that comes with the package, for English, and for texts from abroad if asked for.

    Raises ValueError where its data break a rule.
    """
    names = load_names()
    cues = Cues(*(load_words(f"{cue.name}.txt") for cue in fields(Cues)))
    return build_automaton(names, cues, load_forms(names) if abroad else None)


def _read_senses(names: tuple[Name, ...]) -> dict[bytes, dict[int, int]]:
    aliases = [(alias, number, strength) for number, name in enumerate(names) for alias, strength in _aliases(name)]
    senses: dict[bytes, dict[int, int]] = {}
    for pattern, (_, number, strength) in zip(to_patterns([alias for alias, *_ in aliases]), aliases, strict=True):
        senses.setdefault(pattern, {}).setdefault(number, strength)
    return senses


def _read_forms(forms: dict[Form, int], left_out: Container[bytes]) -> dict[Pattern, int]:
    """Patterns of forms, less some texts; of forms with the same text the first."""
    patterns: dict[bytes, tuple[Pattern, int]] = {}
    texts = to_patterns([form.before + form.name for form in forms])
    for text, (form, number) in zip(texts, forms.items(), strict=True):
        pattern = to_pattern(text, *form)
        if pattern.text not in left_out:
            patterns.setdefault(pattern.text, (pattern, number))
    return dict(patterns.values())


def _read_words(words: tuple[str, ...]) -> list[Pattern]:
    return [to_pattern(text, word) for text, word in zip(to_patterns(list(words)), words, strict=True)]


def _aliases(name: Name) -> Iterator[tuple[str, int]]:
    for aliases, strength in ((name.strong, STRONG), (name.weak, WEAK), (name.context, CONTEXT)):
        for alias in aliases:
            yield alias, strength
            if "'" in alias:
                yield alias.replace("'", "’"), strength
