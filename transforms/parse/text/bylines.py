"""Names of authors in a byline."""

import re
from functools import cache
from importlib.resources import files

_PREFIX = re.compile(
    r"(?:(?:written|reported|posted|published|story|words|text|report|reporting|analysis|opinion|interview) by"
    r"|by|von|por|par|di|door|av|af|texte?:|text:|words:|autore?s?:|auteurs?:|authors?:|作者[:：]|记者[:：]?|文[:：/])(?:\s+|(?<=[:：/记者]))(\S.*)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s(?:in|at|for|from|aus|à|reports?|reporting|reported)(?=\s|$).*")
_AND = re.compile(r"\s*(?:[,;&|]|\s(?:and|und|et|y|e|og|och|en|with|mit|avec|con)(?=\s))\s*")
_PARTICLES_TEXT = (
    "de da do dos das del della dei di du la le les van von der den dem ten ter te bin ibn bint al el zu zum y e af av"
    " st mac mc ap ben abu"
)
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_WIDE_NAME = re.compile("[\u3400-\u9fff\uac00-\ud7a3·]{2,5}")
_LONGEST = 160  # characters
_MOST_WORDS = 5
_MOST_MASTHEAD = 3
_MOST_ROLE_WORDS = 10


def read_byline(line: str) -> list[str]:
    """The authors that a line such as `By Ana Ruiz and Jo Marlow in Lisbon` names; none where it is no byline."""
    found = _PREFIX.fullmatch(line) if len(line) <= _LONGEST else None
    return split_names(found.group(1)) if found else []


def read_names_alone(line: str) -> list[str]:
    """The authors that a line of nothing but the names of persons, and perhaps their place, names."""
    names = split_names(line) if len(line) <= _LONGEST else []
    return names if all(_is_person(name) for name in names) else []


def split_names(text: str) -> list[str]:
    """Names joined by commas and words for *and*; without what follows: a role, an office, a place.

    None where the text does not start with a name.
    """
    first, *rest = [part for part in _AND.split(_PLACE.sub("", text).strip(" .")) if part] or [""]
    if not _is_name(first):
        return []
    return [first, *(part for part in rest if _is_person(part))]


def is_role_line(line: str) -> bool:
    """Whether a line below a name says what the person is: `Culture reporter, Trieste`."""
    words = [word.strip(",.|") for word in line.casefold().split()]
    return len(words) <= _MOST_ROLE_WORDS and not line.endswith(".") and not _words("role").isdisjoint(words)


def is_masthead(line: str) -> bool:
    """Whether a line is the name of a newspaper or a station: `The Hollin Gazette`, `Radio North News`."""
    words = line.split()
    most = _MOST_WORDS if words[0] == "The" else _MOST_MASTHEAD
    is_short = 1 < len(words) <= most and all(map(_is_name_word, words))
    return is_short and words[-1].casefold() in _words("outlet")


def _is_person(text: str) -> bool:
    words = text.split()
    named = len(words) > 1 and _is_name(text) and _no_person().isdisjoint(text.casefold().split())
    return named or bool(_WIDE_NAME.fullmatch(text))


def _is_name(text: str) -> bool:
    words = text.split()
    if not words or len(words) > _MOST_WORDS:
        return False
    if _WIDE_NAME.fullmatch(text):
        return True
    ends = words[0][0].isupper() and words[-1][0].isupper()
    return ends and all(map(_is_name_word, words))


def _is_name_word(word: str) -> bool:
    letters = word.translate(_IN_NAMES)
    return (word[0].isupper() and letters.isalpha()) or word.casefold() in _PARTICLES


_IN_NAMES = {ord(sign): "x" for sign in ".'’-‐"}


@cache
def _words(kind: str) -> frozenset[str]:
    """Words that make a capitalised phrase a role, the name of an outlet, or something else than a person."""
    rows = files(__package__).joinpath("name_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(dict(row.split("\t") for row in rows)[kind].split("|"))


@cache
def _no_person() -> frozenset[str]:
    return _words("role") | _words("outlet") | _words("other")
