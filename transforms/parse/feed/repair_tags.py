"""References, attributes and prefixes as XML wants them, in text that is not well formed. All linear."""

import re
from html.entities import html5
from xml.sax.saxutils import escape

from schemas.errors import TooComplex
from transforms.parse.bounds import MAX_ELEMENTS, MAX_NAMESPACES

# An unclosed section or comment runs to the end, so that no position is tried twice.
OPAQUE = r"<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>)?|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?"

# Prefixes that feeds use without declaring them; the names that feedparser knows them by.
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://backend.userland.com/rss",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?P<name>(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,31});)?")
_REFERENCE_OR_OPAQUE = re.compile(f"{OPAQUE}|{_REFERENCE.pattern}")
# Quotes that match may hold a ">"; where they do not match, the tag ends at the first one.
_QUOTED = r"""(?:"[^"<]*+"|'[^'<]*+'|[^"'<>]++)*+(?=>)"""
START_TAG = re.compile(rf"{OPAQUE}|<(?P<name>[A-Za-z_][\w.:-]*+)(?P<attributes>{_QUOTED}|[^<>]*+)>")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+("[^"<]*+"|'[^'<]*+'|[^\s"'<>]++)""")
_PREFIX = re.compile(r"(?:^|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def repair_references(text: str) -> str:
    """The text without characters that XML forbids, with HTML's entities and bare ampersands as XML has them.

    Raises TooComplex for more ampersands than a feed may hold.
    """
    if text.count("&") > 4 * MAX_ELEMENTS:
        raise TooComplex(f"over {4 * MAX_ELEMENTS:,} references in XML that is not well formed")
    pattern = _REFERENCE_OR_OPAQUE if "<!" in text else _REFERENCE  # one character is found far faster than one of two
    return pattern.sub(_repair_reference, _ILLEGAL.sub("", text))


def repair_attributes(text: str) -> str:
    """The text with every attribute of every start tag quoted and standing once."""
    return START_TAG.sub(_repair_tag, text)


def find_prefixes(text: str) -> set[str]:
    """The namespace prefixes of elements and attributes. Raises TooComplex for too many."""
    found: set[str] = set()
    for tag in START_TAG.finditer(text):
        if tag.group("name") and ":" in tag.group():
            found.update(_PREFIX.findall(tag.group()[1:]))
            if len(found) > MAX_NAMESPACES:
                raise TooComplex(f"over {MAX_NAMESPACES:,} namespaces")
    return found - {"xml", "xmlns"}


def opening_tag(name: str, attributes: str, prefixes: set[str]) -> str:
    """A start tag, its attributes quoted and standing once, with the prefixes declared."""
    kept = {key: _unquote(key, value) for key, value in _ATTRIBUTE.findall(attributes)}
    for prefix in sorted(prefixes):
        kept.setdefault(f"xmlns:{prefix}", _NAMESPACES.get(prefix, f"urn:undeclared:{prefix}"))
    return f"<{name}" + "".join(f' {key}="{value}"' for key, value in kept.items()) + ">"


def _unquote(key: str, value: str) -> str:
    value = value[1:-1] if value[0] in "\"'" else value
    if key.startswith("xmlns"):
        value = "".join(value.split())  # expat refuses a space in the name of a namespace
    return value.replace('"', "&quot;")


def _repair_tag(match: re.Match[str]) -> str:
    name, attributes = match.group("name"), match.group("attributes")
    if not attributes or "=" not in attributes:
        return match.group()
    tag = opening_tag(name, attributes, set())
    return tag[:-1] + "/>" if attributes.endswith("/") else tag


def _repair_reference(match: re.Match[str]) -> str:
    """XML knows five names; the other ones of HTML become their characters, a bare & its reference."""
    found, name = match.group(), match.group("name")
    if not found.startswith("&"):
        return found
    if name and name.startswith("#"):
        return _repair_number(name[1:-1])
    return escape(html5[name]) if name in html5 else f"&amp;{name or ''}"


def _repair_number(digits: str) -> str:
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return f"&#{code};" if is_legal else ""
