"""Bounds on the HTML that reaches a parser: its time grows with the square of the attributes of one element."""

import re

from schemas.errors import TooComplex

MAX_TAGS = 50_000  # of one page; text extraction takes 35 us for each
MAX_ATTRIBUTES = 500  # of one element; unescaped quotes make many of a long description
MAX_TAG_WORDS = 400_000  # in all tags together: names and values; an attribute takes 800 bytes

_SHORTEST_FLOOD = 2 * MAX_ATTRIBUTES  # characters
# Comments and scripts are passed over. Possessive throughout: each character is read once.
_TAG = re.compile(
    r"<!--(?s:.*?)(?:-->|\Z)"
    r"|<(script|style|textarea|title|noscript)\b(?s:.*?)(?:</\1|\Z)"
    r"""|<([a-z](?>[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)""",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_BETWEEN = re.compile(r"[\s/]+")


def check_markup(text: str) -> None:
    """Raise TooComplex for HTML with too many tags, or too many attributes in one of them. Linear."""
    tags = words = 0
    for match in _TAG.finditer(text):
        tags += 1
        tag = match.group(2)
        if tag:
            words += len(tag.split()) + tag.count("/")
        if tag and len(tag) >= _SHORTEST_FLOOD:
            _check_attributes(tag)
    if tags > MAX_TAGS or words > MAX_TAG_WORDS:
        raise TooComplex(f"{tags:,} tags of {words:,} words, over {MAX_TAGS:,} or {MAX_TAG_WORDS:,}")


def _check_attributes(tag: str) -> None:
    count = len(_BETWEEN.split(_QUOTED.sub("=", tag))) - 1
    if count > MAX_ATTRIBUTES:
        raise TooComplex(f"{count:,} attributes of one element, over {MAX_ATTRIBUTES:,}")
