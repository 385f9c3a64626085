"""Bounds on the HTML that reaches a parser: its time grows with the square of depth, and of an element's attributes."""

import re

import numpy as np

from schemas.errors import TooComplex

MAX_TAGS = 50_000  # of one page; text extraction takes 35 us for each
MAX_DEPTH = 2_000
MAX_ATTRIBUTES = 500  # of one element; unescaped quotes make many of a long description
MAX_TAG_WORDS = 250_000  # in all tags together: names and values; an attribute takes 800 bytes

_FEW_MARKS = 30_000  # a page of no more is parsed within a few seconds, whatever it holds
_MANY_TAGS = 10_000  # so many can be nested without harm
_SHORTEST_FLOOD = 2 * MAX_ATTRIBUTES  # bytes
# Possessive throughout: each byte is read once.
_TAG = re.compile(rb"""<[a-zA-Z][^>=]*+(?:=(?:"[^"]*+"|'[^']*+'|\s++(?:"[^"]*+"|'[^']*+')?+)?+[^>=]*+)*+""")
_NAME = re.compile(rb"<(/?)([a-z][a-z0-9]*)")
_QUOTED = re.compile(rb"""=\s*(?:"[^"]*"|'[^']*')""")
_BETWEEN = re.compile(rb"[\s/]+")
# Elements that hold nothing, or that the next of their kind closes.
_FLAT = (
    b"area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr"
)
_IS_FLAT = frozenset(_FLAT.split())


def check_markup(markup: bytes) -> None:
    """Raise TooComplex for HTML, without its scripts, that has too many tags or attributes or is nested too deep.

    Linear. End tags that close nothing do not lessen the depth.
    """
    if _count_marks(markup) <= _FEW_MARKS:
        return
    tags = _TAG.findall(markup)
    if len(tags) > MAX_TAGS:
        raise TooComplex(f"{len(tags):,} tags, over {MAX_TAGS:,}")
    _check_attributes([tag for tag in tags if len(tag) >= _SHORTEST_FLOOD])
    if len(markup) > 2 * MAX_TAG_WORDS and (words := sum(len(tag.split()) for tag in tags)) > MAX_TAG_WORDS:
        raise TooComplex(f"tags of {words:,} words, over {MAX_TAG_WORDS:,}")
    if len(tags) > _MANY_TAGS and (depth := _depth(markup)) > MAX_DEPTH:
        raise TooComplex(f"elements nested {depth:,} deep, over {MAX_DEPTH:,}")


def _count_marks(markup: bytes) -> int:
    """No fewer than tags and attributes: a tag starts with "<", an attribute follows a space, a quote or "/"."""
    codes = np.frombuffer(markup, np.uint8)
    is_mark = (codes <= ord('"')) | (codes == ord("'")) | (codes == ord("/")) | (codes == ord("<"))
    return int(np.count_nonzero(is_mark[:-1] & (codes[1:] != ord(" "))))  # of an indentation the last space


def _check_attributes(tags: list[bytes]) -> None:
    most = max((len(_BETWEEN.split(_QUOTED.sub(b"=", tag))) - 1 for tag in tags), default=0)
    if most > MAX_ATTRIBUTES:
        raise TooComplex(f"{most:,} attributes of one element, over {MAX_ATTRIBUTES:,}")


def _depth(markup: bytes) -> int:
    """The deepest nesting; an end tag closes only the element opened last, so misnesting counts as depth."""
    deepest, opened = 0, list[bytes]()
    for closing, name in _NAME.findall(markup.lower()):
        if name in _IS_FLAT:
            continue
        if not closing:
            opened.append(name)
            deepest = max(deepest, len(opened))
        elif opened and opened[-1] == name:
            opened.pop()
    return deepest
