"""Bounds on what is cleaned: the HTML parser's time is quadratic in depth and in attributes."""

import re

from schemas.errors import TooComplex, TooLarge
from schemas.records import Entry

MAX_TEXT = 4 << 20  # characters of title, description and body together
MAX_DEPTH = 2_000
MAX_TAG = 32_768  # characters of one tag, data: addresses aside

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]{1,100};base64,[\w/+=-]*", re.ASCII)
# Elements that hold nothing, or that the next of their kind closes.
_FLAT = (
    "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr"
)
_IS_FLAT = frozenset(_FLAT.split())


def check_size(entry: Entry) -> None:
    """Raises TooLarge for an entry of more than 4 Mi characters of text."""
    size = len(entry.title) + len(entry.description) + len(entry.body)
    if size > MAX_TEXT:
        raise TooLarge(f"an entry of {size:,} characters (at most {MAX_TEXT:,})")


def check_markup(html: str) -> None:
    """Raises TooComplex for HTML nested too deep, or with a tag too long. Short HTML is never either."""
    if len(html) <= MAX_TAG:
        return
    for part in _DATA_ADDRESS.sub("", html).split(">"):
        if len(part) > MAX_TAG and (tag := _TAG.search(part)) and len(part) - tag.start() > MAX_TAG:
            raise TooComplex(f"a tag of {len(part) - tag.start():,} characters (at most {MAX_TAG:,})")
    if _depth(html) > MAX_DEPTH:
        raise TooComplex(f"elements nested more than {MAX_DEPTH:,} deep")


def _depth(html: str) -> int:
    """The deepest nesting; an end tag closes only the element opened last, so misnesting counts as depth."""
    deepest, opened = 0, list[str]()
    for closing, name in _TAG.findall(html):
        name = name.lower()
        if name in _IS_FLAT:
            continue
        if not closing:
            opened.append(name)
            deepest = max(deepest, len(opened))
        elif opened and opened[-1] == name:
            opened.pop()
    return deepest
