"""What the plain reader has read of a feed so far, and where it is."""

from collections.abc import Sized
from dataclasses import dataclass, field
from xml.parsers.expat import XMLParserType

from transforms.parse.bounds import MAX_DEPTH
from transforms.parse.feed.feed import Item
from transforms.parse.feed.plain.values import mend, tell_type

Attributes = dict[str, str]


@dataclass(slots=True)
class State:
    """What is read so far, and where."""

    parser: XMLParserType
    open: Sized  # the elements around what is read now
    pieces: list[str]  # the text since the last tag
    has_controls: bool
    channel: Item = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    version: str = ""
    item: Item = field(default_factory=dict)  # the channel, or the item that is open
    item_start: int = 0  # in bytes
    caption_depth: int = MAX_DEPTH
    inherited: list[tuple[str, str]] = field(default_factory=lambda: [("", "")])  # language and base, of what is open
    namespaces: dict[str, str] = field(default_factory=dict)

    def mend(self, text: str) -> str:
        """The text without the traces of wrong encodings."""
        return text if text.isascii() else mend(text, self.has_controls)

    def type_text(self, text: str, kind: str) -> Item:
        """A text with its type."""
        return {"type": kind if self.version.startswith("atom") else tell_type(text, kind), "value": self.mend(text)}
