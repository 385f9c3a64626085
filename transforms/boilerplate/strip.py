"""Taking recurring lines out of a text: which ones, by where they stand and what they look like.

A line that recurs is not yet boilerplate: headings, bylines and tables recur as well. What stands at the end,
with nothing of the text's own after it, needs little more; what stands at the start more; what stands within
the text only goes for what it says, or where most stories have it and it is long, repeated or in brackets.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from schemas.lines import CLOSES, OPENS, REPEATS
from transforms.boilerplate.lines import link_phrases
from transforms.parse.text.template_lines import is_closing_line, is_opening_line

_SENTENCE_ENDS = (".", "!", "?", "…", ":", "。", "！", "？", "]", ")", "”", '"')
_DIGIT = re.compile(r"\d")
_FEW, _MANY, _MORE, _MOST = 10, 30, 40, 50  # percent of a source's stories
_SENTENCE, _HEADING, _LONG = 60, 40, 400  # characters
_SENTENCE_BYTES = 50  # without spaces, punctuation and addresses


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text; `share` (percent of the stories of its source) is 0 where it does not recur."""

    text: str
    normal: bytes = b""  # empty for a blank line, for numbers, and for the title alone
    share: int = 0
    habit: int = 0


def strip_lines(lines: list[Line]) -> list[Line]:
    """The lines without boilerplate, and without what stands between it and the end, or the start, of the text."""
    end = len(lines) - _run_length(lines[::-1], _closes)
    start = _run_length(lines[:end], _opens)
    return [line for line in lines[start:end] if not _is_inserted(line)]


def _run_length(lines: list[Line], is_boilerplate: Callable[[Line], bool]) -> int:
    """How many lines go from here on: up to the last boilerplate before a line of the text's own."""
    length = 0
    for number, line in enumerate(lines, start=1):
        if is_boilerplate(line):
            length = number
        elif not _is_void(line):
            break
    return length


def _is_void(line: Line) -> bool:
    return not line.normal and not _DIGIT.search(line.text) and "/" not in line.text


def _closes(line: Line) -> bool:
    return bool(line.habit & CLOSES) and line.share >= _needed_at_end(line.text)


def _needed_at_end(text: str) -> int:
    """Values, long paragraphs and short sentences may well be of the text."""
    if len(text) < _SENTENCE:
        return _MOST if _DIGIT.search(text) else _MANY if text.endswith(".") else 1
    if len(text) >= _LONG or _DIGIT.search(text):
        return _MANY
    return _FEW if text.endswith(".") else 1


def _opens(line: Line) -> bool:
    is_heading = len(line.text) < _HEADING and not line.text.endswith(_SENTENCE_ENDS)
    return bool(line.habit & OPENS) and line.share >= (_MOST if is_heading or _DIGIT.search(line.text) else _FEW)


def _is_inserted(line: Line) -> bool:
    if not line.share:
        return False
    if line.normal in link_phrases() or is_closing_line(line.text) or is_opening_line(line.text):
        return True
    return line.share >= _MORE and _is_no_heading(line)


def _is_no_heading(line: Line) -> bool:
    if line.text.startswith("[") and line.text.endswith("]"):
        return True
    if line.habit & REPEATS:
        return line.text.replace(" ", "").isalpha() and not line.text[0].islower()
    return len(line.normal) >= _SENTENCE_BYTES and not _DIGIT.search(line.text)
