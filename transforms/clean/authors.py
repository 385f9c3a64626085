"""Author names, of what feeds put in their place."""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

_LONGEST = 500  # characters; what is longer is no byline, and stays as it is

_LINES = (files("transforms.clean") / "author_words.txt").read_text("utf-8").splitlines()
_RULES = [line.split() for line in _LINES if line and not line.startswith("#")]


def _words(kind: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for first, *words in _RULES if first == kind for word in words)


_CAPITAL, _PARTICLES, _SUFFIXES, _NOBODY = _words("capital"), _words("particle"), _words("suffix"), _words("nobody")
_NO_PERSON = _words("role") | _words("outlet")

_BEFORE, _LABEL = ("|".join(sorted(_words(kind))) for kind in ("before", "label"))
_BY = re.compile(rf"(?:(?:{_BEFORE}) )?by(?: |:\s*)|(?:{_LABEL})\s?:\s*", re.IGNORECASE)
_MAIL = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<!\S)\(?@\w{1,30}\)?")
_NO_REPLY = re.compile(r"(?:no|do-?not)-?reply@", re.IGNORECASE)
_LINK = re.compile(r"https?://\S*", re.IGNORECASE)
_SEPARATOR = re.compile(r" ?[;|] ?")
# A capital letter alone is an initial, not `e` or `y`.
_AND = "|".join(f"(?i:{re.escape(word)})" if len(word) > 1 else re.escape(word) for word in sorted(_words("and")))
_LIST = re.compile(rf" ?, (?:(?:{_AND}) )?| (?:{_AND}) ")
_OUTLET = re.compile(r"(?:\s?/\s?| for | \()([^/()]+)\)?$")
_PLACE = re.compile(r" in [^\W\d_a-z][^,]{2,40}$")
_SCOTTISH = re.compile(r"\bMc([a-z])")


def clean_authors(lines: Iterable[str]) -> list[str]:
    """Names, each once, in the order given: without `By`, roles, agencies, and addresses of the mail and the web.

    A line is split at semicolons and bars, and at commas and at `and` where full names are on all sides: "King,
    Martin Luther, Jr." and "Roe and Poe" stay. A role, an agency, a handle or an address of the mail stands
    only where there is no name.
    """
    names = [name for line in lines for name in _names(line)]
    people = [name for name in names if not _is_stand_in(name)]
    found: dict[str, str] = {}
    for name in people or names:
        found.setdefault(name.casefold(), name)
    return list(found.values())


@lru_cache(maxsize=16_384)
def _names(line: str) -> tuple[str, ...]:
    """The names of a line; a feed has few bylines, over and over."""
    if len(line) > _LONGEST:
        return (line,)
    found = (name for part in _SEPARATOR.split(line) for name in _listed(_without_by(_without_address(part))))
    return tuple(name for name in found if name.lower() not in _NOBODY and name)


def _without_address(text: str) -> str:
    """Without links, handles and mail addresses; of nothing but an address, that, unless nobody reads it."""
    if "://" in text:
        text = _LINK.sub("", text)
    if "@" not in text:
        return text.strip()
    name = _MAIL.sub("", text).strip(" <>()[]\"'")
    return name or ("" if _NO_REPLY.match(text) else text.strip())


def _without_by(text: str) -> str:
    if match := _BY.match(text):
        return text[match.end() :].strip()
    first, _, rest = text.partition(" ")
    if first.lower() in _CAPITAL and first[0].isupper() and all(word[0].isupper() for word in rest.split()[:2] or "-"):
        return rest if " " in rest else text
    return text


def _listed(text: str) -> list[str]:
    """The names of a list; the text as one where it is none."""
    if not _LIST.search(text):
        return [_person(text)]
    pieces = [_person(piece) for piece in _joined_suffixes(_LIST.split(text))]
    people = [piece for piece in pieces if piece and not _is_stand_in(piece)]
    return people if people[:1] == pieces[:1] and all(map(_is_full_name, people)) else [text]


def _joined_suffixes(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and piece.lower() in _SUFFIXES:
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    return joined


def _person(text: str) -> str:
    """A name without the outlet (`Jo Roe/Reuters`) or the place (`Jo Roe in Kyiv`), and not all in capitals."""
    if (match := _OUTLET.search(text)) and _is_stand_in(match[1]) and match.start():
        text = text[: match.start()]
    if (match := _PLACE.search(text)) and _is_full_name(text[: match.start()]):
        text = text[: match.start()]
    return _recased(text) if text.isupper() and _is_full_name(text) else text


def _recased(name: str) -> str:
    """JO MCROE as Jo McRoe; a word without a vowel is an abbreviation."""
    words = [word if not set(word) & set("AEIOUYÀÁÂÄÅÃÆÈÉÊËÌÍÎÏÒÓÔÖØÙÚÛÜ") else word.title() for word in name.split()]
    return _SCOTTISH.sub(lambda match: "Mc" + match[1].upper(), " ".join(words))


def _is_full_name(text: str) -> bool:
    """Whether it reads as a given name and a family name: words in capitals, but for particles."""
    words = text.partition(",")[0].split()
    capitals = sum(word[0].isupper() for word in words)
    return (
        1 < capitals <= len(words) < 7
        and all(word[0].isupper() or word in _PARTICLES or "'" in word or "’" in word for word in words)
        and not any(character.isdigit() for character in text)
        and not _is_stand_in(text)
    )


def _is_stand_in(name: str) -> bool:
    """Whether it is a role, an outlet or an address rather than a person."""
    lowered = name.lower()
    return (
        "@" in name or lowered.startswith("the ") or lowered in _NO_PERSON or not _NO_PERSON.isdisjoint(lowered.split())
    )
