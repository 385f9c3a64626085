"""Feeds that are not well-formed XML, made so entry by entry: one broken entry spoils no other."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from lxml import etree

from schemas.errors import Malformed, TooComplex
from transforms.parse.bounds import ENTRY_NAMES, MAX_ELEMENTS, MAX_ENTRIES, MAX_ENTRY_BYTES, describe_excess
from transforms.parse.feed.repair_tags import OPAQUE, START_TAG, find_prefixes, opening_tag, repair_attributes

_ENTRY = rf"(?:[\w.-]+:)?(?:{'|'.join(ENTRY_NAMES)})"
_BOUNDARY = re.compile(rf"{OPAQUE}|(?P<start><{_ENTRY}(?=[\s/>]))|(?P<end></{_ENTRY}\s*>)", re.IGNORECASE)
_LONGEST_ROOT_TAG = 1 << 13  # characters

Lost = tuple[str, str, str]  # the name of a BadRecord, the detail, the entry's raw text


def repair_feed(text: str) -> tuple[str, list[Lost]]:
    """Well-formed XML for a feed that starts at its root element, and the entries that could not be kept.

    Its references are repaired already. What stands between and after the entries is left out. Raises Malformed
    where the root element cannot be read, TooComplex for more tags than a feed may hold.
    """
    if text.count("<") > 4 * MAX_ELEMENTS:
        raise TooComplex(f"over {4 * MAX_ELEMENTS:,} tags in XML that is not well formed")
    root = START_TAG.match(text)
    if not root:
        raise Malformed(f"no root element: {text[:100]!r}")
    if root.end() > _LONGEST_ROOT_TAG:
        raise TooComplex(f"a root element's tag of {root.end():,} characters")
    scope = _Scope(root.group("name"), root.group("attributes"), find_prefixes(text))
    entries = list(_split_entries(text))
    head = text[root.end() : entries[0][0] if entries else len(text)]
    parts, lost = [scope.recover(head)], []
    for start, end, is_complete in entries[:MAX_ENTRIES]:
        entry = text[start:end]
        element = scope.repair(entry) if is_complete and len(entry) <= MAX_ENTRY_BYTES else ""
        parts.append(element)
        if not element:
            lost.append(_describe_loss(entry, is_complete))
    for start, end, _ in entries[MAX_ENTRIES : MAX_ENTRIES + 1]:
        lost.append(("TooManyEntries", describe_excess(len(entries), MAX_ENTRIES), text[start:end]))
    return scope.wrap("".join(parts)), lost


class _Scope:
    """The root element, in which a part of the feed is tried on its own."""

    def __init__(self, name: str, attributes: str, prefixes: set[str]) -> None:
        self.opening = opening_tag(name, attributes, prefixes)
        self.closing = f"</{name}>"

    def wrap(self, content: str) -> str:
        """The content inside the root element."""
        return f"{self.opening}{content}{self.closing}"

    def repair(self, content: str) -> str:
        """The content if it is well formed, else what can be made of it; empty where that is nothing."""
        if self._holds(content):
            return content
        content = repair_attributes(content)
        return content if self._holds(content) else self.recover(content)

    def recover(self, content: str) -> str:
        """The content as libxml2 makes sense of it, where that is well formed."""
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(f"{self.opening}{content}".encode(), parser)
        if root is None or not len(root):
            return ""
        # Bytes, for libxml2 takes lone surrogates for characters.
        found = _content(etree.tostring(root, encoding="utf-8").decode("utf-8", "replace"))
        return found if self._holds(found) else ""

    def _holds(self, content: str) -> bool:
        try:
            expat.ParserCreate("utf-8", " ").Parse(self.wrap(content).encode(), True)
        except expat.ExpatError:
            return False
        return True


def _content(element: str) -> str:
    """What stands inside an element as libxml2 writes it: no sign of the start tag's own but the last."""
    return element[element.index(">") + 1 : element.rindex("</")]


def _split_entries(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each entry starts and ends, and whether it does end: the text of the last one may be cut off."""
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


def _describe_loss(entry: str, is_complete: bool) -> Lost:
    if len(entry) > MAX_ENTRY_BYTES:
        return "TooLarge", f"an entry of {len(entry):,} characters", entry
    return "Malformed", "cannot be read" if is_complete else "the feed ends inside this entry", entry
