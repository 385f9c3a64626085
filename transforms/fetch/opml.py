"""OPML lists of feeds (opml.org/spec2.opml)."""

import re
from xml.parsers import expat

from schemas.errors import UsageError
from transforms.fetch.feeds import Feed, make_feed

_SETTINGS = "urn:dateline settings"
# Most lists in the wild hold bare ampersands. One before a zero byte is UTF-16: no repair there.
_BARE_AMPERSAND = re.compile(rb"&(?!\x00|(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")


def opml_feeds(data: bytes, location: str) -> list[Feed]:
    """The feeds of an OPML document; the folders around one, joined by `/`, are its collection.

    Nothing is expanded and nothing fetched. Raises UsageError, naming the line, for what is not well-formed,
    defines entities, is no OPML, or holds a feed that cannot be used.
    """
    reader = _OpmlReader(location)
    try:
        reader.parser.Parse(_BARE_AMPERSAND.sub(b"&amp;", data), True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise UsageError(f"--feeds {location}, line {error.lineno}: XML: {problem}") from error
    except (LookupError, ValueError) as error:
        raise UsageError(f"--feeds {location}: an XML encoding that is not read: {error}") from error
    return reader.feeds


class _OpmlReader:
    def __init__(self, location: str) -> None:
        self.feeds: list[Feed] = []
        self._location = location
        self._folders: list[str] = []  # of the open outlines; empty strings where a feed is one
        self._root = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._refuse_entities

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._root = self._root or name
        if self._root != "opml":
            raise UsageError(f"--feeds {self._location}: <{self._root}>, not a list of feeds; try --input")
        if name != "outline":
            return
        title = " ".join((attributes.get("title") or attributes.get("text") or "").split())
        if "xmlUrl" in attributes:
            self._add_feed(attributes, title)
        self._folders.append("" if "xmlUrl" in attributes else title)

    def _add_feed(self, attributes: dict[str, str], title: str) -> None:
        place = f"--feeds {self._location}, line {self.parser.CurrentLineNumber}"
        collection = "/".join(filter(None, self._folders))
        settings = attributes.get(_SETTINGS, "")
        self.feeds.append(make_feed(attributes["xmlUrl"].strip(), settings, place, title, collection))

    def _end(self, name: str) -> None:
        if name == "outline":
            self._folders.pop()

    def _refuse_entities(self, *declaration: object) -> None:
        line = self.parser.CurrentLineNumber
        raise UsageError(f"--feeds {self._location}, line {line}: a list of feeds that defines entities")
