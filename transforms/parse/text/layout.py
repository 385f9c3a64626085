"""The lines of a text as it was laid out: pages, indented paragraphs, speakers' turns."""

import re
from collections import Counter
from itertools import groupby

from transforms.parse.text.hyphens import mend_words
from transforms.parse.text.wrapped_lines import ends_sentence, is_wrapped

_FORM_FEED = "\f"
_HYPHENS = ("-", "\u2010", "\u00ad")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina|p\.)? ?[-–—\[]? ?(\d{1,4}) ?[-–—\]]?(?: ?(?:of|von|de|/) ?\d{1,4})?", re.I
)
_SPACES = re.compile(r"\s+")
_TIMESTAMP = re.compile(
    r"(?:[\[(]\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,3})?)?[\])]|\d{1,2}:\d\d:\d\d(?:[.,]\d{1,3})?) ?[-–:]? ?"
)
_SPEAKER = re.compile(
    r"(?:[A-Z][A-Z.'’-]{1,20}(?: [A-Z][A-Z.'’-]{0,20}){0,4}(?: ?\([^()]{1,40}\))?"  # a name
    r"(?:, [A-Z][A-Z\d .,&'’/-]{1,60})?|[QA]|Q&A)[:.] \S.*"  # and what the person is
)
_TIME_ALONE = re.compile(r"[\[(]\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,3})?)?[\])]")
_FEWEST_TURNS = 3
_FEWEST_TIMESTAMPS = 3


def lay_out(text: str) -> list[str]:
    """The lines of a text, stripped, an empty one between paragraphs; without page numbers, running heads, times.

    A paragraph that only its indentation shows, and each turn of a transcript, is set apart by an empty line.
    """
    lines = _join_pages(text) if _FORM_FEED in text else text.splitlines()
    if any(line.endswith(_HYPHENS) for line in lines):
        lines = mend_words("\n".join(lines)).split("\n")
    return _set_turns_apart(_drop_timestamps(_set_indented_apart(lines)))


def _join_pages(text: str) -> list[str]:
    pages = [_trim(page.splitlines()) for page in text.split(_FORM_FEED)]
    heads = Counter(_squeeze(page[0]) for page in pages if page)
    joined: list[str] = []
    for page in pages:
        if page and heads[_squeeze(page[0])] > 1:
            page = _trim(page[1:])
        if page and joined and (ends_sentence(joined[-1].strip()) or not page[0].strip()[:1].islower()):
            joined.append("")
        joined += page
    return joined


def _trim(page: list[str]) -> list[str]:
    """A page without blank lines and page numbers at its ends."""
    start, end = 0, len(page)
    while start < end and _is_margin(page[start]):
        start += 1
    while end > start and _is_margin(page[end - 1]):
        end -= 1
    return page[start:end]


def _is_margin(line: str) -> bool:
    line = line.strip()
    return not line or (len(line) < 30 and _PAGE_NUMBER.fullmatch(line) is not None)


def _squeeze(line: str) -> str:
    return _SPACES.sub(" ", line.strip())


def _set_indented_apart(lines: list[str]) -> list[str]:
    """Stripped lines, with an empty one before each that only its indentation shows to open a paragraph."""
    apart: list[str] = []
    for has_text, group in groupby(lines, key=lambda line: bool(line.strip())):
        block = list(group)
        if has_text:
            apart += _split_block(block)
        else:
            apart += [""] * len(block)
    return apart


def _split_block(block: list[str]) -> list[str]:
    stripped = [line.strip() for line in block]
    margin = min(len(line) - len(line.lstrip()) for line in block)
    starts = [i for i, line in enumerate(block) if line[margin : margin + 1].isspace()]
    if not starts or starts == [0] or len(block) < 3 or 2 * len(starts) > len(block) + 1:
        return stripped
    cuts = sorted({0, *(i for i in starts if not stripped[i][:1].islower())})
    parts = [stripped[start:end] for start, end in zip(cuts, [*cuts[1:], len(stripped)], strict=True)]
    long = [part for part in parts if len(part) > 1]
    if len(parts) == 1 or not all(is_wrapped(part) for part in long):
        return stripped
    return [line for part in parts for line in ("", *part)][1:]


def _drop_timestamps(lines: list[str]) -> list[str]:
    """Lines without the time of a recording: in brackets on its own, or at the start where many have one."""
    lines = [line for line in lines if line[:1] not in ("[", "(") or not _TIME_ALONE.fullmatch(line)]
    stamped = sum(1 for line in lines if line[:1] in "[(0123456789" and _TIMESTAMP.match(line))
    if stamped < _FEWEST_TIMESTAMPS or 5 * stamped < sum(map(bool, lines)):
        return lines
    return [_TIMESTAMP.sub("", line, count=1) if _TIMESTAMP.match(line) else line for line in lines]


def _set_turns_apart(lines: list[str]) -> list[str]:
    """Lines with an empty one before each that opens the turn of a speaker, where several do."""
    turns = {number for number, line in enumerate(lines) if _SPEAKER.fullmatch(line)}
    if len(turns) < _FEWEST_TURNS:
        return lines
    return [part for number, line in enumerate(lines) for part in (("", line) if number in turns else (line,))]
