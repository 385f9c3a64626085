"""XHTML inside an element of a feed, written out again as feedparser's handlers do."""

from xml.parsers.expat import XMLParserType
from xml.sax.saxutils import escape

from transforms.parse.bounds import MAX_DEPTH
from transforms.parse.feed.plain.elements import NotPlain, attribute_names

XHTML = "application/xhtml+xml"

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_XML = "http://www.w3.org/XML/1998/namespace "
_QUOTES = {'"': "&quot;"}
_SPECIAL = frozenset(["body", "math", "svg"])  # to feedparser


def collect_markup(parser: XMLParserType, pieces: list[str], depth: int, is_wrapped: bool) -> None:
    """Take over the parser up to the end of the element that is open; then `pieces` is its markup, in one piece.

    `depth` is that of the element; `is_wrapped`, whether a div around all of it is no part of it. The parser raises
    NotPlain for elements of other namespaces, and those that are more than markup to feedparser.
    """
    _Collector(parser, pieces, depth, is_wrapped)


class _Collector:
    def __init__(self, parser: XMLParserType, pieces: list[str], depth: int, is_wrapped: bool) -> None:
        self.parser, self.pieces, self.depth, self.is_wrapped = parser, pieces, depth, is_wrapped
        self.found: list[str] = []
        self.open: list[str] = []
        self.handlers = parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add_text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        uri, _, local = name.rpartition(" ")
        local = local.lower()
        if uri.lower() != _NAMESPACE or local in _SPECIAL:
            raise NotPlain(f"{name} in a text"[:200])
        if any(" " in key and not key.startswith(_XML) for key in attributes):
            raise NotPlain("an attribute of another namespace in a text")
        self.open.append(local)
        if self.depth + len(self.open) > MAX_DEPTH:
            raise NotPlain("over the bounds")
        quoted = (f' {key}="{escape(value, _QUOTES)}"' for key, value in attribute_names(attributes).items())
        self.found.append(f"<{local}{''.join(quoted)}>")

    def _end(self, name: str) -> None:
        if self.open:
            self.found.append(f"</{self.open.pop()}>")
            return
        start, end, text = self.handlers
        self.parser.StartElementHandler, self.parser.EndElementHandler = start, end
        self.parser.CharacterDataHandler = text
        self.pieces[:] = ["".join(_unwrap(self.found) if self.is_wrapped else self.found)]
        if end:
            end(name)

    def _add_text(self, text: str) -> None:
        self.found.append(escape(text))


def _unwrap(pieces: list[str]) -> list[str]:
    """The pieces without a div that holds all the others."""
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    if not pieces or not pieces[0].startswith(("<div>", "<div ")) or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
        elif piece.startswith("<"):
            depth += 1
        if depth == 0:
            return pieces
    return pieces[1:-1]
