"""What the plain reader does with the texts, categories and media of an entry."""

from transforms.parse.feed.plain.elements import Element, NotPlain
from transforms.parse.feed.plain.markup import XHTML, collect_markup
from transforms.parse.feed.plain.state import Attributes, State
from transforms.parse.feed.plain.values import content_type, inherit


def keep_text(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text."""
    state.item[element.key] = state.mend(text)


def begin_bare(state: State, element: Element, attributes: Attributes) -> None:
    """feedparser makes something else of the element where it has attributes."""
    if attributes:
        raise NotPlain(f"{element.key} with attributes")


def keep_rights(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text, whatever its type."""
    content_type(attributes, element.kind)
    state.item[element.key] = state.mend(text)


def begin_text(state: State, element: Element, attributes: Attributes) -> None:
    """A text in XHTML is written out with its tags."""
    if attributes and content_type(attributes, element.kind) == XHTML:
        collect_markup(state.parser, state.pieces, len(state.open), state.version == "atom10")


def begin_title(state: State, element: Element, attributes: Attributes) -> None:
    """The first of several counts, unless it is empty; so only one is certain."""
    if element.key in state.item:
        raise NotPlain("two titles")
    begin_text(state, element, attributes)


def keep_title(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text with its type and language."""
    title = state.type_text(text, content_type(attributes, element.kind))
    title["language"] = inherit(attributes, state.inherited[-1])[0].replace("_", "-")
    state.item[element.key] = title


def begin_summary(state: State, element: Element, attributes: Attributes) -> None:
    """A second summary is content to feedparser, unless there was some already."""
    if element.key in state.item and "content" not in state.item:
        raise NotPlain("two summaries")
    begin_text(state, element, attributes)


def keep_summary(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text with its type; the last of several."""
    kind = content_type(attributes, element.kind) if attributes else element.kind
    state.item[element.key] = state.type_text(text, kind)


def add_content(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """Another text with its type."""
    kind = content_type(attributes, element.kind)
    state.item.setdefault("content", []).append(state.type_text(text, kind))


def begin_category(state: State, element: Element, attributes: Attributes) -> None:
    """A category by its attributes."""
    tag = {"term": attributes.get("term"), "label": attributes.get("label")}
    state.item.setdefault("tags", []).append(tag)


def finish_category(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The text is the name of a category that has none, else one more."""
    tags = state.item["tags"]
    if text and tags[-1]["term"]:
        tags.append({"term": state.mend(text), "label": None})
    elif text:
        tags[-1]["term"] = state.mend(text)


def add_keywords(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """Categories, separated by commas."""
    words = [word.strip() for word in state.mend(text).split(",")]
    tags = state.item.setdefault("tags", [])
    tags.extend({"term": word, "label": None} for word in words if word)


def add_media(state: State, element: Element, attributes: Attributes) -> None:
    """The attributes of a picture, a recording or a film."""
    state.item.setdefault(element.key, []).append(attributes)


def check_thumbnail(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """feedparser takes a text for an address."""
    if text:
        raise NotPlain("a thumbnail with a text")


def keep_caption(state: State, element: Element, attributes: Attributes, text: str) -> None:
    """The outermost one, and the last of these."""
    depth = len(state.open)
    if depth <= state.caption_depth:
        state.item[element.key], state.caption_depth = state.mend(text), depth


def keep_cover(state: State, element: Element, attributes: Attributes) -> None:
    """A podcast's picture."""
    address = attributes.get("href") or attributes.get("url")
    if address:
        state.item[element.key] = {"href": address}
