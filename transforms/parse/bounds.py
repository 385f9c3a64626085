"""Bounds on the XML that reaches a feed parser, found in one linear pass that keeps nothing."""

from dataclasses import dataclass, field
from xml.parsers import expat

from schemas.errors import TooComplex

MAX_ENTRY_BYTES = 4 << 20
MAX_ENTRIES = 10_000  # of one feed
MAX_DEPTH = 200
MAX_ATTRIBUTES = 200  # of one element
MAX_NAMESPACES = 200  # declarations that differ
MAX_ELEMENTS = 250_000
MAX_TAG_BYTES = 1 << 20  # of one tag or comment

_CHUNK_BYTES = 1 << 18
ENTRY_NAMES = ("item", "entry")


def find_entries(xml: bytes) -> list[tuple[int, int]]:
    """Where each entry of a feed starts and ends, in bytes.

    Raises TooComplex for XML over one of the bounds, xml.parsers.expat.ExpatError where it is not well formed.
    """
    outline = _Outline()
    parse_in_chunks(outline.parser, xml)
    return [(start, xml.index(b">", end) + 1) for start, end in outline.spans]


def parse_in_chunks(parser: expat.XMLParserType, xml: bytes) -> None:
    """Run the parser over the XML. Raises TooComplex for a tag or a comment over its bound, and what expat raises."""
    if len(xml) <= MAX_TAG_BYTES:
        parser.Parse(xml, True)
        return
    for start in range(0, len(xml), _CHUNK_BYTES):
        chunk = xml[start : start + _CHUNK_BYTES]
        parser.Parse(chunk, False)
        if start + len(chunk) - parser.CurrentByteIndex > MAX_TAG_BYTES:
            raise TooComplex(f"a tag or comment of over {MAX_TAG_BYTES:,} bytes")
    parser.Parse(b"", True)


def describe_excess(count: int, most: int) -> str:
    """The detail of a TooManyEntries."""
    return f"{count:,} entries, of which the first {most:,} are kept"


@dataclass
class _Outline:
    """What one pass of the parser sees of the elements."""

    spans: list[tuple[int, int]] = field(default_factory=list)  # from start tag to the start of the end tag
    depth: int = 0
    elements: int = 0
    entry_depth: int = 0  # of the entry that is open, else 0
    entry_start: int = 0
    namespaces: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        _check("elements nested", self.depth, MAX_DEPTH)
        _check("elements", self.elements, MAX_ELEMENTS)
        _check("attributes of one element", len(attributes), MAX_ATTRIBUTES)
        if not self.entry_depth and name.rpartition(" ")[2].lower() in ENTRY_NAMES:
            self.entry_depth, self.entry_start = self.depth, self.parser.CurrentByteIndex

    def _end(self, name: str) -> None:
        if self.depth == self.entry_depth:
            self.entry_depth = 0
            self.spans.append((self.entry_start, self.parser.CurrentByteIndex))
        self.depth -= 1

    def _declare(self, prefix: str | None, uri: str) -> None:
        self.namespaces.add((prefix or "", uri))
        _check("namespaces", len(self.namespaces), MAX_NAMESPACES)


def _check(what: str, number: int, most: int) -> None:
    if number > most:
        raise TooComplex(f"over {most:,} {what}")


def _refuse_doctype(*_: object) -> None:
    raise TooComplex("a document type with definitions")
