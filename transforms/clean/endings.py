"""What feed software adds to, or leaves off, the end of a text."""

import re
from importlib.resources import files

_TAIL = 400  # characters at the end that are looked at
_EXCERPT = 2_000  # characters; a longer text that ends in an ellipsis is as often whole
_OPENING, _CLOSING = " [(<«‹→", " ])>»›→:.…"
_APART = '\n.!?…:;"”’»)]。！？'  # what stands before an invitation that begins in lower case
_BREAKS = ("\n", "…", "...", ". ")  # what one that takes the rest of the line begins after

_WORDS = r"(?:[^\W\d_]+ ){0,2}[^\W\d_]*"
# `[…]`, `(more…)`, `[+1234 chars]`
_CUT_MARK = re.compile(rf" ?[\[(] ?(?:{_WORDS} ?(?:…|\.\.\.) ?{_WORDS}|\+\d{{1,9}} chars)[\])]$")


def _lines(name: str) -> list[str]:
    lines = (files("transforms.clean") / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


_FOOTERS = [line.split("{}") for line in _lines("footers.txt")]
_FOOTER_BEGINS = tuple(begin for begin, *_ in _FOOTERS)
_FOOTER = re.compile("|".join(".{1,500}".join(map(re.escape, parts)) for parts in _FOOTERS))
_LISTED = sorted(_lines("invitations.txt"), key=len, reverse=True)
_PHRASES = tuple(phrase.rstrip("*") for phrase in _LISTED)
_OPEN = tuple(phrase.rstrip("*") for phrase in _LISTED if phrase.endswith("*"))
_FIRST_LETTERS = frozenset(phrase[:3] for phrase in _OPEN)
_LAST_LETTERS = frozenset(phrase[-3:] for phrase in _PHRASES)
_PHRASE = len(_PHRASES[0]) + len(_OPENING)


def without_footer(text: str) -> str:
    """The text without the line `The post ... appeared first on ...` that WordPress puts at its end."""
    head, _, last = text.rpartition("\n")
    return head.rstrip() if last.startswith(_FOOTER_BEGINS) and _FOOTER.fullmatch(last) else text


def without_invitation(text: str) -> tuple[str, bool]:
    """The text without an invitation to read more at its end, and whether the text breaks off there.

    A mark of omission in brackets becomes an ellipsis. An ellipsis alone tells in a text of 2,000 characters at most.
    """
    tail = text[-_TAIL:]
    kept = tail[: _invitation(tail)].rstrip()
    if kept.endswith(("]", ")")) and (mark := _CUT_MARK.search(kept)):
        kept = f"{kept[: mark.start()].rstrip(' .…')} …"
    if kept != tail:
        return (text[:-_TAIL] + kept).strip(), True
    return text, len(text) <= _EXCERPT and text.endswith(("…", "..."))


def _invitation(tail: str) -> int:
    """Where the invitation that ends a text begins, with what opens it; the length where there is none."""
    bare = tail.rstrip(_CLOSING)
    if bare[-3:].lower() in _LAST_LETTERS and (lowered := bare.lower()).endswith(_PHRASES):
        start = len(bare) - next(len(phrase) for phrase in _PHRASES if lowered.endswith(phrase))
        before = bare[:start].rstrip(_OPENING)
        if not before or before[-1] in _APART or bare[start].isupper():
            return len(before)
    for mark in _BREAKS:
        last = tail.rpartition(mark)[2]
        line = last[:_PHRASE].lstrip(_OPENING)
        if line[:3].lower() in _FIRST_LETTERS and line.lower().startswith(_OPEN):
            return len(tail) - len(last)
    return len(tail)
