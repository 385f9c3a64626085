"""Lines of a page's template that were copied along with its text."""

import re
from functools import cache
from importlib.resources import files

_LONGEST = 100  # characters; a line of the template is short
_NETWORKS = "facebook twitter linkedin whatsapp telegram pinterest reddit tumblr email print"
_AROUND = (
    "x messenger instagram threads bluesky mastodon flipboard pocket line viber e mail copy link share tweet pin sms"
    " via on to this"
)
_SHARE_NAMES = frozenset(_NETWORKS.split())
_SHARE_WORDS = _SHARE_NAMES.union(_AROUND.split())
_SENTENCE_ENDS = (".", ",", ";")  # the last line of a wrapped paragraph may well be one word
_WORD = re.compile(r"\d[\d.,]*|[^\W\d_]+")


def drop_template_lines(lines: list[str]) -> list[str]:
    """The lines without those of a template at the start and at the end; never all of them."""
    start, end = 0, len(lines)
    while start < end and (not lines[start] or is_opening_line(lines[start])):
        start += 1
    while end > start and (not lines[end - 1] or is_closing_line(lines[end - 1])):
        end -= 1
    return lines[start:end] if start < end else lines


def is_opening_line(line: str) -> bool:
    """Whether a line is what a template puts above a text."""
    return len(line) <= _LONGEST and _normalise(line) in _phrases()["start"]


def is_closing_line(line: str) -> bool:
    """Whether a line is what a template puts below a text: comments, navigation, subscription, a share bar."""
    if len(line) > _LONGEST or line.endswith(_SENTENCE_ENDS):
        return False
    phrase = _normalise(line)
    return phrase in _phrases()["end"] or _is_share_bar(phrase.split()) or not phrase


def _is_share_bar(words: list[str]) -> bool:
    """Nothing but names of networks and the words around them, such as "Share on Facebook Twitter Email"."""
    words = [word for word in words if word != "0"]
    return _SHARE_WORDS.issuperset(words) and not _SHARE_NAMES.isdisjoint(words)


def _normalise(line: str) -> str:
    return " ".join("0" if word[0].isdigit() else word.casefold() for word in _WORD.findall(line))


@cache
def _phrases() -> dict[str, frozenset[str]]:
    text = files(__package__).joinpath("template_lines.txt").read_text(encoding="utf-8")
    sections: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            current.add(line)
    return {name: frozenset(phrases) for name, phrases in sections.items()}
