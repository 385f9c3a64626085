"""XML of a feed to dictionaries, in the one pass that also keeps the bounds.

Only for feeds of which every element is known: what feedparser's handlers make of it is then the same, and
takes ten times as long.
"""

from xml.parsers import expat

from schemas.errors import TooComplex
from transforms.parse.bounds import MAX_DEPTH, MAX_ELEMENTS, MAX_NAMESPACES, parse_in_chunks
from transforms.parse.feed.feed import Feed
from transforms.parse.feed.plain.actions import BEGIN, FINISH, Begin, Finish
from transforms.parse.feed.plain.elements import (
    Element,
    NotPlain,
    NotWellFormed,
    attribute_names,
    find_element,
    namespace_prefix,
)
from transforms.parse.feed.plain.state import State
from transforms.parse.feed.plain.values import may_hold_controls

_SHORTEST_ELEMENT = 4  # bytes
_TEXT_BYTES = 1 << 16  # longer texts come in pieces
_XML = "http://www.w3.org/XML/1998/namespace"
_XLINK = "http://www.w3.org/1999/xlink"


def read_plain_feed(xml: bytes) -> Feed:
    """The feed in XML in UTF-8, the same as feedparser's handlers would make of it in all that is read of it.

    Raises NotPlain, saying why, where that is not certain: for an element, a namespace or a content type outside
    the table, for XML over one of the bounds. Raises NotWellFormed for what is no XML.
    """
    if len(xml) > _SHORTEST_ELEMENT * MAX_ELEMENTS and xml.count(b"<") > MAX_ELEMENTS:
        raise NotPlain("over the bounds")
    reader = _Reader(xml)
    try:
        parse_in_chunks(reader.parser, xml)
    except expat.ExpatError as error:
        raise NotWellFormed(str(error)) from error
    except TooComplex as error:
        raise NotPlain(str(error)) from error
    finally:
        reader.close()
    return Feed(reader.state.channel, reader.state.items, reader.state.version)


class _Scope(dict[str, "_Step"]):
    """The elements that may stand in a scope, by expat's names; each is looked up once for a document."""

    def __init__(self, name: str, scopes: "_Scopes") -> None:
        super().__init__()
        self.name, self.scopes = name, scopes

    def __missing__(self, name: str) -> "_Step":
        uri, _, local = name.rpartition(" ")
        element = find_element(self.name, self.scopes.prefixes[uri], local)
        inside = self.scopes[element.inside]
        self[name] = element, BEGIN.get(element.action), FINISH.get(element.action), inside
        return self[name]


_Step = tuple[Element, Begin | None, Finish | None, _Scope]


class _Scopes(dict[str, _Scope]):
    """The scopes of one document by their names, and feedparser's prefixes by namespace."""

    def __init__(self) -> None:
        super().__init__()
        self.prefixes = {"": "", _XML: "xml"}

    def __missing__(self, name: str) -> _Scope:
        self[name] = _Scope(name, self)
        return self[name]


class _Reader:
    """Follows the elements of one document."""

    __slots__ = ("clear", "open", "parser", "pieces", "prefixes", "scope", "state")

    def __init__(self, xml: bytes) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        scopes = _Scopes()
        self.scope, self.prefixes = scopes["document"], scopes.prefixes
        self.open: list[tuple[_Scope, Element, Finish | None, dict[str, str]]] = []
        self.pieces: list[str] = []  # the text since the last tag
        self.clear = self.pieces.clear
        self.state = State(self.parser, self.open, self.pieces, may_hold_controls(xml))
        self.parser.buffer_size = _TEXT_BYTES
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.pieces.append
        self.parser.StartNamespaceDeclHandler = self._declare

    def close(self) -> None:
        """Part the parser from its handlers: they hold each other, and would hold all that was read."""
        self.parser.StartElementHandler = self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = self.parser.StartNamespaceDeclHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        scope = self.scope
        element, begin, finish, self.scope = scope[name]
        if attributes:
            attributes = attribute_names(attributes)
        self.open.append((scope, element, finish, attributes))
        if len(self.open) > MAX_DEPTH:
            raise NotPlain("over the bounds")
        if begin:
            begin(self.state, element, attributes)
        self.clear()

    def _end(self, _: str) -> None:
        self.scope, element, finish, attributes = self.open.pop()
        if finish:
            finish(self.state, element, attributes, "".join(self.pieces).strip())
        self.clear()

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        if not uri:
            return
        declared = self.state.namespaces
        name = (prefix or "").lower()
        if declared.setdefault(name, uri) != uri and name:
            raise NotPlain(f"two namespaces for {name}")
        known_as = namespace_prefix(prefix or "", uri)
        first = self.prefixes.setdefault(uri, known_as)  # of several, feedparser takes the first
        if first != known_as and "" in (first, known_as):
            raise NotPlain(f"with and without a prefix: {uri}"[:200])
        if self.open and uri == _XLINK:
            raise NotPlain("links declared inside the feed")
        if len(declared) > MAX_NAMESPACES or len(self.prefixes) > MAX_NAMESPACES:
            raise NotPlain("over the bounds")
