"""Values as feedparser's handlers make them of an element's text and attributes."""

import re

from feedparser.api import StrictFeedParser
from feedparser.html import _cp1252
from feedparser.urls import _urljoin, make_safe_absolute_uri

from transforms.parse.feed.plain.elements import NotPlain
from transforms.parse.feed.plain.markup import XHTML

_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
    "xhtml": XHTML,
    XHTML: XHTML,
}
_PAGE_TYPES = frozenset(["html", "xhtml", "text/html", XHTML])
_CONTROL = re.compile("[\x80-\x9f]")
_CONTROL_BYTES = re.compile(b"\xc2[\x80-\x9f]")
_CONTROL_NUMBERS = re.compile(rb"#(?<=&#)(?:[xX]0*+[89]|0*+1[2-5])")  # and some others; found by its one byte
_CUT_PARAMETER = re.compile("&([A-Za-z0-9_]+);")


def may_hold_controls(xml: bytes) -> bool:
    """Whether a character from U+0080 to U+009F may be in a text of the document."""
    return bool((b"\xc2" in xml and _CONTROL_BYTES.search(xml)) or _CONTROL_NUMBERS.search(xml))


def mend(text: str, has_controls: bool) -> str:
    """The text with UTF-8 that was read as Latin-1 read again, and Windows-1252 for control characters."""
    text = _read_again(text)
    return text.translate(_cp1252) if has_controls and _CONTROL.search(text) else text


def _read_again(text: str) -> str:
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text


def content_type(own: dict[str, str], default: str) -> str:
    """The media type of a text: plain, HTML or XHTML. Raises NotPlain for any other one, and for base64."""
    declared = own.get("type", default)
    if declared not in _TYPES or own.get("mode") == "base64":
        raise NotPlain(f"text of type {declared}, mode {own.get('mode')}"[:200])
    return _TYPES[declared]


def tell_type(text: str, kind: str) -> str:
    """Plain text or HTML, of a text said to be `kind`, as feedparser guesses it outside Atom."""
    is_marked = kind == "text/plain" and ("&" in text or "</" in text) and StrictFeedParser.looks_like_html(text)
    return "text/html" if is_marked else kind


def make_link(own: dict[str, str], base: str) -> dict[str, str]:
    """A link's attributes, with its relation, its type and an absolute `href` where it has an address."""
    own.setdefault("rel", "alternate")
    own.setdefault("type", "application/atom+xml" if own["rel"] == "self" else "text/html")
    own.pop("uri", None)
    name_address(own)
    if "href" in own:
        own["href"] = join(base, own["href"])
    return own


def name_address(own: dict[str, str]) -> dict[str, str]:
    """The attributes with the address under `href`, by whichever of three names it was given."""
    address = own.get("url", own.get("uri", own.get("href")))
    if address:
        own.pop("url", None)
        own.pop("uri", None)
        own["href"] = address
    return own


def leads_to_page(link: dict[str, str]) -> bool:
    """Whether a link is the page that the entry or feed stands for."""
    return "href" in link and link["rel"] == "alternate" and link["type"] in _PAGE_TYPES


def join(base: str, address: str) -> str:
    """The address made absolute, without surplus slashes before its host."""
    return str(_urljoin(base, address)) if base or ":///" in address else address


def complete_parameters(address: str) -> str:
    """The address with its references read, and without the semicolons that make references of its parameters."""
    return _CUT_PARAMETER.sub(r"&\1", address.replace("&amp;", "&")) if "&" in address else address


def inherit(own: dict[str, str], outer: tuple[str, str]) -> tuple[str, str]:
    """Language and base inside an element. Raises NotPlain for a base that is no absolute address of the web."""
    if not own:
        return outer
    language, base = outer
    language = own.get("xml:lang", own.get("lang", language))
    given = own.get("xml:base", own.get("base"))
    if given:
        base = (make_safe_absolute_uri(base, given) or base) if base else join("", given)
        if not base.lower().startswith(("http://", "https://")) or make_safe_absolute_uri(base, base) != base:
            raise NotPlain(f"base {given}"[:200])
    return language, base
