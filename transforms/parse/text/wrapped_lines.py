"""Paragraphs from lines: which lines are one paragraph that was wrapped at a column."""

import re
from itertools import groupby, pairwise

_NARROWEST, _WIDEST = 40, 120  # columns of wrapped text
_FILLED = 0.85  # of the column: a line, with the first word of the next, at least
_WIDE = re.compile("[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]")
_ENDINGS = (".", "!", "?", "。", "！", "？", "।", "۔", ":", "»", "”", '"')


def unwrap(lines: list[str]) -> list[str]:
    """The lines with each block that is clearly wrapped made one line."""
    unwrapped: list[str] = []
    for has_text, group in groupby(lines, key=bool):
        block = list(group)
        unwrapped += [join_lines(block)] if has_text and is_wrapped(block) else block
    return unwrapped


def join_paragraphs(lines: list[str]) -> str:
    """Lines, stripped and with empty ones between blocks, as paragraphs with a blank line between.

    A block that is clearly wrapped becomes one line. Of another one, long lines are paragraphs of their own,
    and short ones, such as verse or a list, stay lines.
    """
    blocks = [list(block) for has_text, block in groupby(lines, key=bool) if has_text]
    return "\n\n".join(_join_block(block) for block in blocks)


def join_lines(lines: list[str]) -> str:
    """Lines as one: nothing after a hyphen inside a word or between wide characters, else a space."""
    parts = lines[:1]
    for before, after in pairwise(lines):
        parts += [_glue(before, after), after]
    return "".join(parts)


def is_wrapped(lines: list[str]) -> bool:
    """Whether lines that stand together are one paragraph wrapped at a column.

    Each but the last is then nearly full, and sentences run across the ends: in a script with case, a third of
    the lines or more go on in lower case; in one without, most lines end inside a sentence.
    """
    if len(lines) < 2:
        return False
    width = max(map(_width, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return False
    for line, following in pairwise(lines):
        if _width(line) + 1 + _width(_first_word(following)) < _FILLED * width:
            return False
    continued = sum(_continues(line, following) for line, following in pairwise(lines))
    return 3 * continued >= len(lines) - 1


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.endswith(_ENDINGS)


def _continues(line: str, following: str) -> bool:
    first = following[0]
    if first.islower():
        return not following.startswith(("http://", "https://"))
    has_case = first.lower() != first.upper()
    return not has_case and first.isalpha() and not ends_sentence(line)


def _join_block(lines: list[str]) -> str:
    if is_wrapped(lines):
        return join_lines(lines)
    return ("\n\n" if max(map(len, lines)) > _WIDEST else "\n").join(lines)


def _glue(before: str, after: str) -> str:
    is_hyphenated = before.endswith("-") and before[-2:-1].isalpha() and after[0].isalpha()
    return "" if is_hyphenated or (_WIDE.match(before[-1]) and _WIDE.match(after[0])) else " "


def _first_word(line: str) -> str:
    return line[:1] if _WIDE.match(line) else line.partition(" ")[0]


def _width(line: str) -> int:
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))
