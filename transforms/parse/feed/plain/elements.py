"""Which elements the plain reader knows, and which of the others change nothing; feedparser's names for both.

`elements.tsv` holds a row for each element of each scope: what is done with it, under which key its value
stands, the media type it has where it names none, and the scope of what is inside it.
"""

from collections.abc import Mapping
from csv import DictReader
from dataclasses import dataclass
from importlib.resources import files

from feedparser.api import StrictFeedParser
from feedparser.util import FeedParserDict

from transforms.parse.bounds import ENTRY_NAMES, MAX_ATTRIBUTES

# feedparser's prefixes by namespace, in lower case; empty for those of RSS and Atom.
PREFIXES: dict[str, str] = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
_PREFIXES = {prefix.lower() for prefix in PREFIXES.values() if prefix}
_HANDLERS = frozenset(name for name in dir(StrictFeedParser) if name.startswith(("_start_", "_end_")))
_USERLAND = "backend.userland.com/rss"  # feedparser takes any address that holds this for RSS itself
# What is read of a feed or an item beside the keys that the table names.
_READ = frozenset(["link", "links", "permalink", "authors", "tags", "source"])


class NotPlain(Exception):
    """A document that holds what only feedparser's handlers know; the message says what."""


class NotWellFormed(NotPlain):
    """A document that is no XML, and may be plain once it is repaired."""


@dataclass(frozen=True, slots=True)
class Element:
    """What to do with an element."""

    action: str
    key: str
    kind: str
    inside: str


def _load() -> dict[str, dict[str, Element]]:
    table: dict[str, dict[str, Element]] = {"leaf": {}, "unknown": {}, "silent": {}}
    with (files("transforms.parse.feed.plain") / "elements.tsv").open(encoding="utf-8") as lines:
        for row in DictReader(lines, delimiter="\t"):
            element = Element(row["action"], row["key"], row["type"], row["inside"])
            table.setdefault(row["scope"], {})[row["element"]] = element
    return table


ELEMENTS: Mapping[str, Mapping[str, Element]] = _load()
_KEYS = _READ | {element.key for scope in ELEMENTS.values() for element in scope.values()}
_UNKNOWN = Element("skip", "", "", "unknown")
_SILENT = Element("silent", "", "", "silent")  # where feedparser would add its text to that of what it stands in
# Where feedparser does the same with what it does not know wherever it stands.
_STRANGERS = dict.fromkeys(["rss", "rdf", "channel", "item", "media", "contributor", "owner", "unknown"], _UNKNOWN)
_STRANGERS |= dict.fromkeys(["person", "source", "silent"], _SILENT)


def find_element(scope: str, prefix: str, local: str) -> Element:
    """What to do with an element, by feedparser's prefix for its namespace and its local name.

    Raises NotPlain for one that only feedparser knows, or that stands where the table has none.
    """
    name = (f"{prefix}:{local}" if prefix else local).lower()
    element = ELEMENTS[scope].get(name)
    if element:
        return element
    if scope not in _STRANGERS or local.lower() in ENTRY_NAMES or _means_something(name):
        raise NotPlain(f"{name} in {scope}"[:200])
    return _STRANGERS[scope]


def namespace_prefix(prefix: str, uri: str) -> str:
    """feedparser's prefix for a namespace: its own for one that it knows, else the one that is declared.

    Raises NotPlain for a namespace by which feedparser would take some elements for others.
    """
    known, lower = PREFIXES.get(uri.lower()), prefix.lower()
    if known is None:
        misleads = lower in ("rdf", "xml") or _USERLAND in uri.lower() or uri.split() != [uri]
    else:
        misleads = lower in _PREFIXES and lower != known.lower()
    if misleads:
        raise NotPlain(f"{prefix} for {uri}"[:200])
    return lower if known is None else known


def attribute_names(attributes: Mapping[str, str]) -> dict[str, str]:
    """An element's attributes as feedparser has them: names, types and relations in lower case.

    Raises NotPlain for more than an element may have.
    """
    if len(attributes) > MAX_ATTRIBUTES:
        raise NotPlain("over the bounds")
    found = {_attribute_name(name) if " " in name else name.lower(): value for name, value in attributes.items()}
    for name in ("rel", "type"):
        if name in found:
            found[name] = found[name].lower()
    return found


def _attribute_name(name: str) -> str:
    uri, _, local = name.rpartition(" ")
    prefix = PREFIXES.get(uri.lower())
    return f"{prefix}:{local}".lower() if prefix else local.lower()


def is_neutral(name: str) -> bool:
    """Whether an element is of a kind that feedparser handles and nothing is read of: places and chapters."""
    return name.startswith(("georss_", "gml_", "psc_"))


def _means_something(name: str) -> bool:
    """Whether feedparser has a handler for an element, or keeps it under a name that is read."""
    name = name.replace(":", "_", 1)
    if is_neutral(name):
        return False
    stored = FeedParserDict.keymap.get(name, name)
    names = stored if isinstance(stored, list) else [stored]
    return not _HANDLERS.isdisjoint([f"_start_{name}", f"_end_{name}"]) or not _KEYS.isdisjoint(names)
