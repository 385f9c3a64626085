"""What the things of the gazetteer are called in other languages, in the forms that these put names into.

`data/foreign_places.tsv` (built by `build_languages`) and `data/foreign.tsv` (by hand) have columns type, name
(as in the gazetteer), languages (ISO 639-1 codes, or ISO 15924 codes of scripts, between spaces) and aliases.
`data/inflections.tsv` tells how languages change names: of a word by its ending (the longest in the list; a word
with none of them stays), of a whole name by what is put before it, which is no part of the name.
"""

from functools import lru_cache
from typing import NamedTuple

from transforms.tag.gazetteer.names import Name, read_table

COLUMNS = ["type", "name", "languages", "aliases"]
RULE_COLUMNS = ["languages", "part", "endings", "forms"]
PARTS = ("noun", "adjective", "before")

Rules = dict[tuple[str, str], dict[str, list[str]]]  # (language, part): ending: forms


class Form(NamedTuple):
    """A name as it stands in text, with what is written together with it."""

    name: str
    before: str = ""


def load_forms(names: tuple[Name, ...]) -> dict[Form, int]:
    """Every form of every name in other languages, and the number of what it names.

    Raises ValueError for a row that names nothing, and where a name stands for two things.
    """
    numbers = {(name.type, name.name): number for number, name in enumerate(names)}
    owners: dict[str, int] = {}
    forms: dict[Form, int] = {}
    for file in ("foreign.tsv", "foreign_places.tsv"):
        for type_, name, languages, aliases in read_table(file, COLUMNS):
            if (type_, name) not in numbers:
                raise ValueError(f"{file}: no {type_} {name!r}")
            number = numbers[type_, name]
            for alias in aliases.split("|"):
                if owners.setdefault(alias, number) != number:
                    raise ValueError(f"{file}: {alias!r} stands for {name!r} and {names[owners[alias]].name!r}")
                for form in _forms(alias, type_ == "PERSON", languages.split()):
                    forms.setdefault(form, number)
    return _inflect_english(names) | forms


def _inflect_english(names: tuple[Name, ...]) -> dict[Form, int]:
    """Names that are the same in English, in the cases of languages that give these to them."""
    return {
        Form(form): number
        for number, name in enumerate(names)
        if name.kind in ("countries", "cities", "people")
        for alias in name.strong
        for language in ("de", "pl")
        for form in inflect(alias, name.type == "PERSON", language)
    }


def _forms(alias: str, person: bool, languages: list[str]) -> list[Form]:
    rules = load_rules()
    names, prefixes = [alias], [""]
    for language in languages:
        if (language, "noun") in rules:
            names += inflect(alias, person, language)
        prefixes += rules.get((language, "before"), {}).get("", [])
    return [*map(Form, dict.fromkeys(names)), *(Form(alias, prefix) for prefix in prefixes[1:])]


def inflect(name: str, person: bool, language: str) -> list[str]:
    """The cases of a name.

    In languages that have rules for adjectives, every word of a person's changes, and of others the adjectives
    ahead and the noun after them; elsewhere the last word alone.
    """
    nouns, adjectives = (load_rules().get((language, part), {}) for part in ("noun", "adjective"))
    words = name.split(" ")
    if not adjectives:
        return [" ".join([*words[:-1], form]) for form in _decline(words[-1], nouns) or words[-1:]]
    cases: list[list[str]] = []
    for number, word in enumerate(words):
        ahead = not person and number < len(words) - 1
        forms = _decline(word, adjectives if ahead else nouns)
        if ahead and not forms:
            cases.append(_decline(word, nouns) or [word])
            break
        cases.append(forms or [word])
    most, rest = max(map(len, cases)), words[len(cases) :]
    return [" ".join([*(forms[min(n, len(forms) - 1)] for forms in cases), *rest]) for n in range(most)]


def _decline(word: str, rules: dict[str, list[str]]) -> list[str]:
    if word.isupper():
        return []
    for size in range(min(4, len(word) - 1), 0, -1):
        if word[-size:] in rules:
            return [word[:-size] + form for form in rules[word[-size:]]]
    return []


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """How languages change names. Raises ValueError for a rule there twice or of no part."""
    rules: Rules = {}
    for languages, part, endings, forms in read_table("inflections.tsv", RULE_COLUMNS):
        for language in languages.split():
            table = rules.setdefault((language, part), {})
            for ending in endings.split("|"):
                if part not in PARTS or ending in table:
                    raise ValueError(f"inflections: {part} {ending!r} of {language}")
                table[ending] = [form.replace("~", ending) for form in forms.split("|")]
    return rules
