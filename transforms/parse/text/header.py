"""The header of a text: the lines about it, from its start to where the body begins."""

import re
from itertools import islice

from transforms.parse.text.bylines import is_masthead, is_role_line, read_byline, read_names_alone
from transforms.parse.text.dated_lines import read_dated_line
from transforms.parse.text.datelines import opens_body
from transforms.parse.text.footer import drop_contact
from transforms.parse.text.header_dates import find_dates
from transforms.parse.text.said import Said, find_field
from transforms.parse.text.template_lines import is_header_line, is_kicker, is_opening_line
from transforms.parse.text.title import skip_blank, split_title

_MOST_LINES = 40  # of a header, blank ones included
_MOST_DECKS = 2
_LONGEST_DECK = 250  # characters
_LONGEST_KEYED = 300
_LONGEST_LABEL = 30
_LONGEST_LABEL_LINE = 60
_MOST_LABELS = 3
_LONGEST_KICKER = 20
_FEWEST_TITLE_WORDS = 4
_LONGEST_TITLE = 200
_LONGEST_AUTHORS = 100
_KEYED = re.compile(r"([^\W\d_][^:：]{0,29}?) ?[:：] ?(\S.*)")
_BARE_DATELINE = re.compile(r"([^\W\d_a-z][\w .]{1,24}) [—–]")
_MOST_CAPTION_LINES = 6
_EMPHASIS = re.compile(r"([*_]{1,3})(\S.*\S)\1")
_SENTENCE_ENDS = (".", "!", "?", "。", "…")
_DATES = ("published", "updated", "date")
_SHORTEST_OTHER = 4  # letters; `A:` and `To:` may open a line of speech


def read_header(lines: list[str], said: Said) -> list[str]:
    """The lines after the header, which is added to what the text says of itself.

    It ends with the last line that is a byline, a date, a `Key: value` or the template's; between it and the
    title two lines may stand, the deck. Running text ends it, and where nothing follows it there is none.
    """
    rest = _read_above_title(lines, said)
    title, rest = split_title(_set_apart(rest), said.first("title"))
    said.add("title", title)
    if not title and not said.first("title"):
        return rest
    decks, end = _read_below_title(rest, said)
    said.add("description", "\n".join(decks))
    return _after_bare_dateline(rest[end:], said)


def _after_bare_dateline(lines: list[str], said: Said) -> list[str]:
    """The lines after `Agency —` on a line of its own, above which a caption may stand."""
    for number, line in enumerate(lines[:_MOST_CAPTION_LINES]):
        if (found := _BARE_DATELINE.fullmatch(line)) and any(lines[number + 1 : number + 2]):
            said.add("credit", found.group(1))
            return lines[number + 1 :]
    return lines


def _read_above_title(lines: list[str], said: Said) -> list[str]:
    lines = skip_blank(lines)
    for _ in range(_MOST_LINES):
        lines = skip_blank(drop_contact(lines))
        following = skip_blank(lines[1:])
        if not following:
            break
        is_first = not said.values
        if is_masthead(lines[0]) and _may_follow_masthead(following[0]):
            said.add("publisher", lines[0])
        elif _opens_title(lines[0], following[0]):
            said.add("categories", lines[0])
        elif not (_read_line(lines[0], "", said, allow_names=not is_first) or is_opening_line(lines[0])):
            break
        lines = following
    return lines


def read_below_lead(lines: list[str], said: Said) -> list[str]:
    """The lines after a byline, a date and the like that stand below the bullets of a lead."""
    lines = skip_blank(lines)
    while len(lines) > 1 and (is_header_line(lines[0]) or _read_line(lines[0], "", said)):
        lines = skip_blank(lines[1:])
    return lines


def _opens_title(line: str, following: str) -> bool:
    """Whether a line is the name of a section above a title: a known one, or a word or two in capitals."""
    if is_kicker(line):
        return len(following) > len(line)
    is_capitals = line.isupper() and len(line) <= _LONGEST_KICKER and len(line.split()) <= 2
    return is_capitals and not following.isupper() and _may_be_title(following)


def _may_follow_masthead(line: str) -> bool:
    return _may_be_title(line) or is_opening_line(line) or read_dated_line(line) is not None


def _may_be_title(line: str) -> bool:
    return len(line.split()) >= _FEWEST_TITLE_WORDS and len(line) <= _LONGEST_TITLE and not line.endswith(".")


def _set_apart(lines: list[str]) -> list[str]:
    """The lines with a blank one before the first that is no title but stands right below one."""
    for number, line in enumerate(islice(lines, 1, 5), 1):
        if not line:
            break
        if is_header_line(line) or _read_line(line, "", Said()):
            return [*lines[:number], "", *lines[number:]]
    return lines


def _read_below_title(lines: list[str], said: Said) -> tuple[list[str], int]:
    """The deck, and how many lines the header has below the title."""
    decks: list[str] | None = None  # known once a line says something of the text: what stands above it is the deck
    pending, end, number = list[str](), 0, 0
    while number < min(len(lines), _MOST_LINES):
        line = lines[number]
        following = next((other for other in lines[number + 1 : number + 3] if other), "")
        is_deep = any(map(_is_sentence, pending))
        taken = _read_line(line, following, said, is_deep) if line else 0
        if taken:
            number += 1 if taken == 1 else lines.index(following, number + 1) - number + 1
            decks = pending if decks is None else decks
            pending, end = [], number
            continue
        if decks is None and opens_body(line, by_place=not is_deep):
            return pending, number
        number += 1
        if line and is_header_line(line):
            end = end if pending and decks is None else number
            pending = pending if decks is None else []
        elif line and (_may_be_deck(line, pending) if decks is None else _may_be_label(line, pending)):
            pending.append(line)
        elif line:
            break
    return decks or [], end


def _may_be_deck(line: str, above: list[str]) -> bool:
    """Whether a line may be part of a deck; two sentences on lines of their own are paragraphs."""
    is_second = _is_sentence(line) and any(map(_is_sentence, above))
    return len(above) < _MOST_DECKS and len(line) <= _LONGEST_DECK and not is_second


def _may_be_label(line: str, above: list[str]) -> bool:
    """Whether a line may be a role, an edition or a button, among the lines of a header."""
    return len(above) < _MOST_LABELS and len(line) <= _LONGEST_LABEL_LINE and not _is_sentence(line)


def _is_sentence(line: str) -> bool:
    return line.endswith(_SENTENCE_ENDS)


def _read_line(line: str, following: str, said: Said, is_deep: bool = False, allow_names: bool = True) -> int:
    """How many lines, this one and the one following, say something of the text; it is added to `said`.

    `is_deep`: a sentence stands above, and `Date: 22 March` may be that of the event that it announces.
    """
    if len(line) > _LONGEST_KEYED:
        return 0
    emphasised = _EMPHASIS.fullmatch(line)
    line = emphasised.group(2) if emphasised else line
    says = _read_dated(line, said, is_deep)
    if says is None:
        says = [pair for pair in _read_keyed(line) if not is_deep or pair[0] == "authors"] or None
    if says is None and allow_names:
        says = [("authors", name) for name in read_byline(line)] or None
    if says is not None:
        for name, value in says:
            said.add_given(name, value) if name != "authors" else said.add(name, value)
        return 1
    return _read_pair(line, following, said, is_deep) if following else 0


def _read_pair(line: str, following: str, said: Said, is_deep: bool) -> int:
    """A label or a name on a line, and what belongs to it on the next."""
    label = line.rstrip(" :：")
    if len(label) <= _LONGEST_LABEL and find_field(label) in (*_DATES, "authors"):
        return 2 * _read_line(f"{label}: {following}", "", said, is_deep)
    names = [] if said.first("authors") else read_names_alone(line)
    is_role = bool(names) and is_role_line(following)
    if not names or not (is_role or (find_dates(following) and _read_line(following, "", said, is_deep))):
        return 0
    for name in names:
        said.add("authors", name)
    return 2


def _read_dated(line: str, said: Said, is_deep: bool) -> list[tuple[str, str]] | None:
    says = read_dated_line(line)
    if says is None or (is_deep and any(name == "date" for name, _ in says)):
        return None
    second = said.first("published") and any(name == "published" for name, _ in says)
    return None if second and len(says) == 1 and find_dates(line)[0].start == 0 else says


def _read_keyed(line: str) -> list[tuple[str, str]]:
    found = _KEYED.fullmatch(line)
    name = find_field(found.group(1)) if found else ""
    if not found or not name or name in _DATES or (name == "other" and len(found.group(1)) < _SHORTEST_OTHER):
        return []
    value = found.group(2).strip("\"'")
    if name == "authors" and (len(value) > _LONGEST_AUTHORS or _is_sentence(value)):
        return []
    said = Said()
    said.add_given(name, value)
    return [(name, value) for value in said.all(name)]
