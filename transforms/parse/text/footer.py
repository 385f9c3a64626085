"""The footer of a text: the lines about it that stand below its body."""

import re

from transforms.parse.text.bylines import read_byline, read_names_alone, split_names
from transforms.parse.text.dated_lines import read_dated_line
from transforms.parse.text.header_dates import find_dates
from transforms.parse.text.said import Said, find_field
from transforms.parse.text.template_lines import drop_sections, drop_template_lines

_LONGEST = 300  # characters of a line
_MOST_LINES = 20  # of a footer; a longer one is something else
_KEYED = re.compile(r"\(?([^\W\d_][^:：]{0,29}?) ?[:：] ?(\S.*?)\)?")
_SOURCE = re.compile(r"(SOURCE):? ([^\W\d_a-z].*)")  # of a release
_FIELDS = ("credit", "categories", "rights", "link", "language", "other")
_SHORTEST_KEY = 4  # letters
_LONGEST_VALUE = {"language": 20, "other": 60}
_RIGHTS = re.compile(
    r"(?:©|ⓒ|\(c\)).{3,250}|copyright (?:©|\(c\)|by )?.{0,40}?(?:19|20)\d\d.{0,200}"
    r"|.{0,200}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|todos os direitos reservados|tutti i diritti riservati|wszelkie prawa zastrzeżone|все права защищены"
    r"|tüm hakları saklıdır|جميع الحقوق محفوظة|版权所有|無断転載|무단 ?전재)\b.{0,40}",
    re.IGNORECASE,
)
_HASHTAGS = re.compile(r"#\w{2,40}(?:[ ,]+#\w{2,40}){0,19}")
_REPORTERS = re.compile(r"\(?(?:additional )?(?:reporting|writing|written|reported) by (.{3,200})", re.IGNORECASE)
_STAFF = re.compile(
    r"\(?(?:(?:additional )?reporting|writing|editing|compiled|translated) (?:and \w+ )?by (?-i:[^\W\d_a-z]).{2,250}",
    re.I,
)
_INITIALS = re.compile(r"[a-z]{2,5}(?:[/-][a-z]{1,5}){1,5}|[A-Z]{2,4}(?:/[A-Z]{2,4}){1,5}")
_END_MARK = re.compile(
    r"-+ ?(?:30|0) ?-+|# ?# ?#|-{1,3} ?(?:end|ends|ende|fin) ?-{1,3}|(?:end|ends)|(?:# )?\w{2,5}-notizblock",
    re.IGNORECASE,
)
_LONGEST_AFTER_MARK = 0.7  # of the text before an end mark, that what follows it may have
_LONGEST_AFTER_STAFF = 120  # characters of a line
_SIGNATURE = re.compile("--|_{20,80}")  # of a person, of a mailing list
_SIGNATURE_LINES = 10
_CONTACT = re.compile(
    r"(?:(?:media|press|for media) )?(?:contacts?|inquiries|enquiries)(?: information)?:?.{0,80}"
    r"|(?:für )?rückfragen(?: an| bei)?:?.{0,120}"
    r"|(?:presse)?kontakt:?.{0,80}|contact presse:?.{0,80}|contacto(?: de prensa)?:?.{0,80}",
    re.IGNORECASE,
)
_REACHABLE = re.compile(r"\S@\S|\d[\d ()/.-]{5,}\d")
_CONTACT_LINES = 8


def read_footer(lines: list[str], said: Said) -> list[str]:
    """The lines before the footer, which is added to what the text says of itself."""
    lines = drop_template_lines(cut_at_end_mark(lines))
    for _ in range(_MOST_LINES):
        shorter = drop_template_lines(_drop_last(lines, said))
        shorter = drop_template_lines(drop_sections(shorter))
        if len(shorter) == len(lines):
            break
        lines = shorter
    return lines


def cut_at_end_mark(lines: list[str]) -> list[str]:
    """The lines before the mark that ends a wire story or a release (`-30-`, `###`), or a signature (`--`)."""
    marks = [number for number, line in enumerate(lines) if _END_MARK.fullmatch(line)]
    if len(marks) == 1:
        before, after = (sum(map(len, part)) for part in (lines[: marks[0]], lines[marks[0] :]))
        if after <= _LONGEST_AFTER_MARK * before:
            lines = lines[: marks[0]]
    last = range(max(1, len(lines) - _SIGNATURE_LINES), len(lines))
    return lines[: next((number for number in last if _SIGNATURE.fullmatch(lines[number])), len(lines))]


def drop_contact(lines: list[str]) -> list[str]:
    """The lines without a block `Contact: ...` of a release at their start."""
    end = next((number for number, line in enumerate(lines) if not line), len(lines))
    return lines[end:] if 0 < end < len(lines) and is_contact(lines[:end]) else lines


def is_contact(block: list[str]) -> bool:
    """Whether lines say whom to write or to call, with an address or a number."""
    if not block or len(block) > _CONTACT_LINES or not _CONTACT.fullmatch(block[0]):
        return False
    return any(_REACHABLE.search(line) for line in block if len(line) <= _LONGEST)


def _drop_last(lines: list[str], said: Said) -> list[str]:
    """The lines without the last one, or the last block, if it is of a footer; never all."""
    if not lines or len(lines[-1]) > _LONGEST:
        return lines
    if _says(lines[-1], said) or (lines[-2:-1] == [""] and _is_sign_off(lines[-1], said)):
        return lines[:-1]
    blank = max((number for number, line in enumerate(lines[-_CONTACT_LINES - 1 :]) if not line), default=-1)
    block = lines[-_CONTACT_LINES - 1 :][blank + 1 :]
    if blank >= 0 and is_contact(block):
        return lines[: -len(block)]
    return _drop_from_staff(lines, said)


def _says(line: str, said: Said) -> bool:
    if _RIGHTS.fullmatch(line):
        said.add("rights", line)
        return True
    if _HASHTAGS.fullmatch(line):
        for tag in line.split("#")[1:]:
            said.add("categories", tag.strip(" ,"))
        return True
    if dated := _read_labelled_dates(line):
        for name, value in dated:
            said.add_given(name, value)
        return True
    found = _KEYED.fullmatch(line) or _SOURCE.fullmatch(line)
    name = find_field(found.group(1)) if found else ""
    if not found or name not in _FIELDS or len(found.group(2)) > _LONGEST_VALUE.get(name, _LONGEST):
        return False
    if name == "other" and len(found.group(1)) < _SHORTEST_KEY:
        return False
    one = Said()
    one.add_given(name, found.group(2))
    values = one.all(name)  # of a line above those read before
    said.values[name] = values + [value for value in said.all(name) if value not in values]
    return bool(values)


def _is_sign_off(line: str, said: Said) -> bool:
    """Whether a line is the initials of who wrote and edited a text, or the names that its header has."""
    if _INITIALS.fullmatch(line):
        return True
    names = read_byline(line) or read_names_alone(line)
    return bool(names) and set(said.all("authors")).issuperset(names)


def _read_labelled_dates(line: str) -> list[tuple[str, str]]:
    """What `Published 8 July 2024` says; a date alone may be that of a letter."""
    dates = find_dates(line)
    says = (read_dated_line(line) or []) if dates and dates[0].start > 0 else []
    return says if 0 < len(says) == len(dates) else []


def _drop_from_staff(lines: list[str], said: Said) -> list[str]:
    """The lines before `Reporting by A; Editing by B`, which ends a wire story; a few short ones may follow it."""
    for number in range(len(lines) - 1, max(0, len(lines) - 6), -1):
        line = lines[number]
        if _STAFF.fullmatch(line):
            found = _REPORTERS.match(line.partition(";")[0].rstrip("). "))
            if found and not said.all("authors"):
                for name in split_names(found.group(1)):
                    said.add("authors", name)
            return lines[:number]
        if len(line) > _LONGEST_AFTER_STAFF:
            break
    return lines
