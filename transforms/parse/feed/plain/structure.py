"""What the plain reader does with the parts of a feed: entries, links, people, sources."""

from transforms.parse.bounds import MAX_DEPTH, MAX_ENTRIES, MAX_ENTRY_BYTES
from transforms.parse.feed.plain.contents import begin_text
from transforms.parse.feed.plain.elements import Element, NotPlain
from transforms.parse.feed.plain.state import Attributes, State
from transforms.parse.feed.plain.values import (
    complete_parameters,
    content_type,
    inherit,
    join,
    leads_to_page,
    make_link,
    name_address,
)
from transforms.parse.links import is_web_address

_VERSIONS = {"http://purl.org/rss/1.0/": "rss10", "http://www.w3.org/2005/atom": "atom10"}
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"


def begin_root(state: State, element: Element, attributes: Attributes) -> None:
    """Start the feed: its version and its language."""
    state.version = _tell_version(element.key, state.namespaces)
    state.item = state.channel
    begin_channel(state, element, attributes)
    language = state.inherited[-1][0]
    if language and element.key != "rdf":
        state.channel["language"] = language.replace("_", "-")


def _tell_version(root: str, namespaces: dict[str, str]) -> str:
    """The version as feedparser has it: for what is not RSS, by the first of the namespaces that says one."""
    if root == "rss":
        return root
    for prefix, uri in namespaces.items():
        version = "rss090" if not prefix and uri.lower() == _RSS_090 else _VERSIONS.get(uri.lower())
        if version:
            return version
    if root != "atom":
        raise NotPlain("RDF of no known version")
    return root


def begin_channel(state: State, element: Element, attributes: Attributes) -> None:
    """Take on the language and the base that the element sets."""
    if "lastmod" in attributes or "href" in attributes:
        raise NotPlain("an address or a date as attributes, as in CDF")
    state.inherited.append(inherit(attributes, state.inherited[-1]))


def finish_channel(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """Leave the language and the base of the element."""
    state.inherited.pop()


def begin_entry(state: State, element: Element, attributes: Attributes) -> None:
    """Start an item."""
    state.item, state.item_start, state.caption_depth = {}, state.parser.CurrentByteIndex, MAX_DEPTH
    state.items.append(state.item)
    if len(state.items) > MAX_ENTRIES:
        raise NotPlain("over the bounds")
    about = attributes.get("rdf:about")
    if about:
        state.item["id"] = about
    begin_channel(state, element, attributes)


def finish_entry(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """Back to the channel."""
    if state.parser.CurrentByteIndex - state.item_start > MAX_ENTRY_BYTES // 2:  # well before it is cut out
        raise NotPlain("over the bounds")
    state.inherited.pop()
    state.item = state.channel


def begin_link(state: State, element: Element, attributes: Attributes) -> None:
    """Add a link; one with an address may be the page that the item stands for."""
    link = make_link(attributes, inherit(attributes, state.inherited[-1])[1])
    state.item.setdefault("links", []).append(link)
    if leads_to_page(link):
        state.item["link"] = link["href"]


def finish_link(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text is the address where no attribute is."""
    link = state.item["links"][-1]
    if "href" in link:
        return
    if state.item is state.channel and "&amp;" in text:
        raise NotPlain("a reference in the address of the feed")
    base = inherit(attributes, state.inherited[-1])[1]
    address = complete_parameters(state.mend(join(base, text) if text else ""))
    if link["rel"] == "alternate":
        state.item["link"] = address
    if address:
        link["href"] = address


def add_enclosure(state: State, element: Element, attributes: Attributes) -> None:
    """Add a link to what is enclosed."""
    link = name_address(attributes) | {"rel": "enclosure"}
    state.item.setdefault("links", []).append(link)


def keep_guid(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The identifier, which is a link too unless it says that it is none."""
    guid = state.item["id"] = state.mend(text)
    is_permalink = attributes.get("ispermalink", "true").strip().lower() == "true"
    if is_permalink and is_web_address(guid):
        state.item.setdefault("permalink", guid)


def begin_author(state: State, element: Element, attributes: Attributes) -> None:
    """Add a person."""
    state.item.setdefault("authors", []).append({})


def finish_author(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text is the name of a person of whom nothing else is said."""
    person = state.item["authors"][-1]
    if text and not person:
        person["name"] = state.mend(text)


def keep_person(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """A part of what is said of a person; names are kept as they stand."""
    state.item["authors"][-1][element.key] = text


def begin_source(state: State, element: Element, attributes: Attributes) -> None:
    """Forget any source before."""
    state.item["source"] = {}


def begin_source_title(state: State, element: Element, attributes: Attributes) -> None:
    """The text of the source itself is to end before its title."""
    expect_silence(state, element, attributes)
    begin_text(state, element, attributes)


def keep_source_title(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The name of the source."""
    content_type(attributes, element.kind)
    if "title" in state.item["source"]:
        raise NotPlain("two titles of a source")
    state.item["source"]["title"] = state.mend(text)


def finish_source(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text of an RSS source is its name."""
    if text and state.item["source"]:
        raise NotPlain("text between elements")
    if text:
        state.item["source"]["title"] = state.mend(text)


def refuse_owner(state: State, element: Element, attributes: Attributes) -> None:
    """In Atom, feedparser takes the owner for an author."""
    if state.version.startswith("atom"):
        raise NotPlain("an owner of a podcast, whom entries inherit as their author")


def expect_silence(state: State, element: Element, attributes: Attributes) -> None:
    """What an element is in holds no text so far: feedparser would add this to that."""
    if "".join(state.pieces).strip():
        raise NotPlain("text between elements")


def finish_silence(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The element holds no text."""
    if text:
        raise NotPlain("text between elements")
