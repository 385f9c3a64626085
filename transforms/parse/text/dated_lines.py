"""Lines of a header that hold a date: what else stands there must be a label, a byline, a section."""

import re
from functools import cache

from transforms.parse.text.bylines import read_byline, read_names_alone
from transforms.parse.text.header_dates import find_dates
from transforms.parse.text.said import find_field, read_names
from transforms.parse.text.template_lines import is_header_line
from transforms.tag.gazetteer import load_words

_WEEKDAYS_TEXT = (
    "mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday"
    " mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim"
    " lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom"
    " lunedì martedì mercoledì giovedì venerdì sabato domenica gio"
    " segunda terça quarta quinta sexta segunda-feira terça-feira quarta-feira quinta-feira sexta-feira"
    " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    " mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag"
)
_WEEKDAYS = frozenset(_WEEKDAYS_TEXT.split())
_STRONG = re.compile(r"[|•·∙»›\t\u3000/]|\s[–—-]\s|\s{3,}")
# Pasted from a page whose parts were told apart by style alone: `2:05 PM UTCUpdated 3 hours ago`.
_GLUED = re.compile(r"(?<=\w)(?=(?:Updated|Published|Posted|Last updated|Last modified|Modified)\b)")
_LINKS = re.compile(r"(?:\s|^)(?:on|am|le|el|em|il|op|den|the|dated|du|vom|del|den|at)$", re.IGNORECASE)
_AFTER = re.compile(r"(?:in|by|under|von|por|par)\s", re.IGNORECASE)
_TRIM = " \t,;:：()[]–—-.|•·»›"
_MOST_WORDS = 5
_LONGEST_PIECE = 40  # characters
_MOST_DATES = 3

Says = list[tuple[str, str]]


def read_dated_line(line: str) -> Says | None:
    """Fields and values of a line with a date; None where it has none, or reads as running text.

    A date without a label is `published`, after `Date:` `date`; a second one needs a label.
    """
    line = _GLUED.sub(" | ", line)
    dates = find_dates(line)
    if not dates or len(dates) > _MOST_DATES:
        return None
    says, position, seen = Says(), 0, set[str]()
    for date in dates:
        field, around = _split_label(line[position : date.start])
        before = _read_around(around, is_before=True, ends_line=date is dates[-1] and not line[date.end :].strip(_TRIM))
        if before is None or field in seen:
            return None
        seen.add(field)
        says += [*before, (field, date.raw)]
        position = date.end
    after = _read_around(line[position:], is_before=False, ends_line=True)
    return None if after is None else says + after


def _split_label(text: str) -> tuple[str, str]:
    """The field that the end of a text is the label of, and what stands before it."""
    words = text.strip(_TRIM)
    last = words.rpartition(" ")[2].rstrip(".,").casefold()
    if last in _WEEKDAYS:
        words = words[: -len(words.rpartition(" ")[2])].rstrip(_TRIM)
    linked = _LINKS.sub("", words)
    words, text = linked.rstrip(_TRIM), text if linked == words else linked
    folded = words.casefold()
    for field, label in _labels():
        if folded.endswith(label) and not folded[: -len(label)][-1:].isalpha():
            return field, words[: -len(label)]
    return "published", f"{words}{_separator(text)}"


def _separator(text: str) -> str:
    """What stood between a text and the date, as far as it tells them apart."""
    tail = text[len(text.rstrip(_TRIM)) :]
    return " | " if _STRONG.search(tail) else "," if "," in tail else ""


@cache
def _labels() -> list[tuple[str, str]]:
    names = read_names()
    pairs = {(field, _LINKS.sub("", name)) for field in ("published", "updated", "date") for name in names[field]}
    return sorted(pairs, key=lambda pair: (-len(pair[1]), pair))


def _read_around(text: str, is_before: bool, ends_line: bool) -> Says | None:
    """What the text beside a date says; None for running text."""
    says = Says()
    pieces = _STRONG.split(text)
    beside = len(pieces) - 1 if is_before else 0
    for number, piece in enumerate(pieces):
        found = _read_piece(piece.strip(_TRIM))
        set_apart = number != beside or (
            piece.endswith(",") and ends_line if is_before else _AFTER.match(piece.strip())
        )
        if found is None and not (set_apart and _is_short(piece)):
            return None
        says += found or []
    return says


def _read_piece(piece: str) -> Says | None:
    if not piece or piece.casefold() in _WEEKDAYS or is_header_line(piece):
        return []
    key, colon, value = piece.replace("：", ":").partition(":")
    if colon and value.strip() and (field := find_field(key)) and field not in ("published", "updated", "date"):
        return [(field, value.strip())]
    names = read_byline(piece) or (read_names_alone(piece) if _starts_with_given_name(piece) else [])
    return [("authors", name) for name in names] or None


def _starts_with_given_name(piece: str) -> bool:
    """Between bars a place or a section is as likely as a person."""
    return piece.partition(" ")[0] in _given_names()


@cache
def _given_names() -> frozenset[str]:
    return frozenset(load_words("given_names.txt"))


def _is_short(piece: str) -> bool:
    return len(piece.strip()) <= _LONGEST_PIECE and len(piece.split()) <= _MOST_WORDS
