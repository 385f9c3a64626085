"""Feeds that are not well-formed XML, made so entry by entry: one broken entry spoils no other."""

import re
from collections.abc import Iterator
from html.entities import html5
from xml.parsers import expat

from lxml import etree

from schemas.errors import Malformed, TooComplex
from transforms.parse.bounds import ENTRY_NAMES, MAX_ELEMENTS, MAX_ENTRY_BYTES, MAX_NAMESPACES

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
_ENTRY = rf"(?:[\w.-]+:)?(?:{'|'.join(ENTRY_NAMES)})"
# An unclosed section runs to the end, so that no position is tried twice.
_OPAQUE = r"<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)|<!--(?s:.*?)(?:-->|\Z)"
_BOUNDARY = re.compile(rf"{_OPAQUE}|(?P<start><{_ENTRY}(?=[\s/>]))|(?P<end></{_ENTRY}\s*>)", re.IGNORECASE)
_REFERENCE = re.compile(rf"{_OPAQUE}|&(?P<name>(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]\w{{0,31}});)?")
_TAG = re.compile(rf"{_OPAQUE}|(?P<tag><[^<>]*>)")
_PREFIX = re.compile(r"[</\s]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_ROOT_TAG = re.compile(r"""<([A-Za-z_][\w.:-]*+)((?:"[^"<]*+"|'[^'<]*+'|[^"'<>]++)*+)>""")
_BROKEN_ROOT_TAG = re.compile(r"<([A-Za-z_][\w.:-]*+)([^<>]*+)>")  # its quotes do not match
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+("[^"<]*"|'[^'<]*'|[^\s"'<>]++)""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_ROOT_TAG = 1 << 16  # characters
_XML_NAMES = ("amp;", "lt;", "gt;", "quot;", "apos;")

Lost = tuple[str, str, str]  # the name of a BadRecord, the detail, the entry's raw text


def repair_references(text: str) -> str:
    """The text without characters that XML forbids, with HTML's entities and bare ampersands as XML has them."""
    return _REFERENCE.sub(_repair_reference, _ILLEGAL.sub("", text))


def repair_feed(text: str) -> tuple[str, list[Lost]]:
    """Well-formed XML for a feed that starts at its root element, and the entries that could not be kept.

    Its references are repaired already. What stands between and after the entries is left out. Raises Malformed
    where the root element cannot be read, TooComplex for more tags than a feed may hold.
    """
    if text.count("<") > 4 * MAX_ELEMENTS:
        raise TooComplex(f"over {4 * MAX_ELEMENTS:,} tags in XML that is not well formed")
    root = _ROOT_TAG.match(text) or _BROKEN_ROOT_TAG.match(text)
    if not root:
        raise Malformed(f"no root element: {text[:100]!r}")
    if root.end() > _LONGEST_ROOT_TAG:
        raise TooComplex(f"a root element's tag of {root.end():,} characters")
    name = root.group(1)
    opening = _opening_tag(name, root.group(2), text)
    first, entries = _split_entries(text)
    parts, lost = [_recover_children(opening, text[root.end() : first])], []
    for entry, is_complete in entries:
        element = _repair_entry(opening, entry, f"</{name}>") if is_complete else ""
        if element:
            parts.append(element)
        else:
            lost.append(_describe_loss(entry, is_complete))
    return f"{opening}{''.join(parts)}</{name}>", lost


def _repair_reference(match: re.Match[str]) -> str:
    """XML knows five names; the other ones of HTML become their characters, a bare & its reference."""
    found, name = match.group(), match.group("name")
    if not found.startswith("&") or name in _XML_NAMES:
        return found
    if name and name.startswith("#"):
        return _repair_number(name[1:-1])
    return html5.get(name, f"&amp;{name}") if name else "&amp;"


def _repair_number(digits: str) -> str:
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return f"&#{code};" if is_legal else ""


def _opening_tag(name: str, attributes: str, text: str) -> str:
    """The root's start tag with its attributes quoted once and every prefix declared."""
    kept = {key: value.strip("\"' \r\n") for key, value in _ATTRIBUTE.findall(attributes)}
    used = " ".join(match.group("tag") or "" for match in _TAG.finditer(text))
    prefixes = {match.group(1) for match in _PREFIX.finditer(used)} - {"xml", "xmlns"}
    if len(prefixes) > MAX_NAMESPACES:
        raise TooComplex(f"over {MAX_NAMESPACES:,} namespaces")
    for prefix in sorted(prefixes):
        kept.setdefault(f"xmlns:{prefix}", _NAMESPACES.get(prefix, f"urn:undeclared:{prefix}"))
    return f"<{name}" + "".join(f" {key}={_quote(key, value)}" for key, value in kept.items()) + ">"


def _quote(key: str, value: str) -> str:
    if key.startswith("xmlns"):
        value = "".join(value.split())  # expat refuses a space in the name of a namespace
    return '"' + value.replace('"', "&quot;") + '"'


def _split_entries(text: str) -> tuple[int, list[tuple[str, bool]]]:
    """Where the first entry starts, and every entry with whether it is complete."""
    spans = list(_entry_spans(text))
    first = spans[0][0] if spans else len(text)
    return first, [(text[start:end], is_complete) for start, end, is_complete in spans]


def _entry_spans(text: str) -> Iterator[tuple[int, int, bool]]:
    opened = -1
    for match in _BOUNDARY.finditer(text):
        if match.group("start"):
            if opened >= 0:
                yield opened, match.start(), True
            opened = match.start()
        elif match.group("end") and opened >= 0:
            yield opened, match.end(), True
            opened = -1
    if opened >= 0:
        yield opened, len(text), False


def _repair_entry(opening: str, entry: str, closing: str) -> str:
    if len(entry) > MAX_ENTRY_BYTES:
        return ""
    try:
        expat.ParserCreate("utf-8", " ").Parse(f"{opening}{entry}{closing}".encode(), True)
    except expat.ExpatError:
        return _recover_children(opening, entry)
    return entry


def _recover_children(opening: str, content: str) -> str:
    """The content of the root element as libxml2 makes sense of it; empty where it can make none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(f"{opening}{content}".encode(), parser)
    return "" if root is None else "".join(etree.tostring(child, encoding="unicode") for child in root)


def _describe_loss(entry: str, is_complete: bool) -> Lost:
    if len(entry) > MAX_ENTRY_BYTES:
        return "TooLarge", f"an entry of {len(entry):,} characters", entry
    return "Malformed", "cannot be read" if is_complete else "the feed ends inside this entry", entry
