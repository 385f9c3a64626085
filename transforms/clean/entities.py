"""HTML entities to characters."""

import re
from html import unescape

BRACKETS = frozenset(("&lt;", "&lt", "&#60;", "&gt;", "&gt", "&#62;"))
# Digits are counted, for int() refuses thousands of them.
_ENTITY = re.compile(
    r"(&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|[A-Za-z][A-Za-z0-9]{1,31}+;|(?:amp|gt|lt|nbsp|quot)(?![A-Za-z0-9=])))"
)
_REMEMBERED = 10_000


class _Decoded(dict[str, str]):
    """Entities met, decoded: few make up most of a feed."""

    def __missing__(self, entity: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        return self.setdefault(entity, unescape(entity))


_DECODED = _Decoded()


def decode_entities(text: str, kept: frozenset[str] = frozenset()) -> str:
    """The text with its HTML entities decoded, once, but for those `kept`.

    Names without a semicolon stay, for they are as often text; `&nbsp`, `&amp`, `&quot`, `&lt` and `&gt` do not.
    """
    if "&" not in text:
        return text
    pieces = _ENTITY.split(text)
    pieces[1::2] = [entity if entity in kept else _DECODED[entity] for entity in pieces[1::2]]
    return "".join(pieces)
