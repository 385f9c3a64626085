"""The text of a page's article, by either profile."""

import logging
import re
from html import escape
from typing import Literal

import trafilatura
from lxml import etree
from lxml.html import HTMLParser, document_fromstring
from selectolax.lexbor import LexborHTMLParser

from transforms.clean.layout import KEPT_SPACE
from transforms.clean.markup import markup_to_text
from transforms.clean.text import clean_laid_out
from transforms.parse.page.bounds import check_markup
from transforms.parse.page.main_text import article_text

Profile = Literal["accurate", "fast"]

_PROSE = 80  # characters; a line so long is a paragraph
_MISSED = 2  # times as much prose found by the other: ours has missed the article
_SHARED = 0.6  # of our text in the other's: then both have found the same article
_COMMON = 0.5  # of a line's runs of words, in the other's
_RUN = 4
_WORD = re.compile(r"\w+")

# It logs every page without a text; such an entry is judged when it is cleaned.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract_body(markup: bytes, tree: LexborHTMLParser, profile: Profile) -> str:
    """The text as paragraphs, from a page without its scripts and from the tree of it, which loses the rest.

    *fast* is `article_text`. *accurate* asks trafilatura too: what stands at either end of our text and is not in
    its text is left out, and its text is taken where ours has missed the most. Raises TooComplex.
    """
    ours = article_text(tree)
    return ours if profile == "fast" else compare(ours, _trafilatura_text(markup))


def choose_stated(found: str, stated: str) -> str:
    """The text that a page states of itself, where far less of it was found: the rest may be written by a script.

    Raises TooComplex.
    """
    if not stated or len(stated) <= _MISSED * _prose(found):
        return found
    markup = stated if "</" in stated else escape(stated).replace("\n", "<p>")
    check_markup(markup.encode())
    text = clean_laid_out(markup_to_text(markup)).replace(KEPT_SPACE, " ")
    return text if _prose(text) > _MISSED * _prose(found) else found


def compare(ours: str, other: str) -> str:
    """Of two texts of one page, the better."""
    if _prose(other) > _MISSED * _prose(ours) and ("\n" in other or not ours):
        return other
    lines = ours.split("\n")
    shingles = _shingles(other)
    known = [line != "" and _is_in(line, shingles) for line in lines]
    shared = sum(len(line) for line, is_known in zip(lines, known, strict=True) if is_known)
    if not shared or shared < _SHARED * len(ours):
        return ours
    last = len(known) - known[::-1].index(True)
    return "\n".join(lines[known.index(True) : last])


def _prose(text: str) -> int:
    return sum(len(line) for line in text.split("\n") if len(line) >= _PROSE)


def _is_in(line: str, shingles: set[tuple[str, ...]]) -> bool:
    own = _shingles(line)
    return len(own & shingles) >= _COMMON * len(own)


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of words, and lines that are shorter than one."""
    lines = [_WORD.findall(line) for line in text.split("\n")]
    return {tuple(words[start : start + _RUN]) for words in lines for start in range(max(1, len(words) - _RUN + 1))}


def _trafilatura_text(markup: bytes) -> str:
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(markup, parser=parser)
    except etree.ParserError:  # there is no element in it
        return ""
    found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    text = found.text if isinstance(found, trafilatura.settings.Document) else ""
    return "\n\n".join(filter(None, map(str.strip, (text or "").splitlines())))
