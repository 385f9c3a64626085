"""A feed's text to dictionaries, by the faster of two readers that make the same of it."""

from transforms.parse.feed.by_feedparser import read_with_feedparser
from transforms.parse.feed.feed import Feed
from transforms.parse.feed.plain.elements import NotPlain, NotWellFormed
from transforms.parse.feed.plain.reader import read_plain_feed
from transforms.parse.feed.repair import Lost
from transforms.parse.feed.repair_tags import repair_references
from transforms.parse.feed.well_formed import cut_to_root, prepare_feed


def read_feed(text: str) -> tuple[Feed, list[Lost]]:
    """What a feed holds, and the entries left out of it: too large, too many, broken.

    Raises TooComplex for entity definitions and for XML over the bounds, Malformed for what cannot be repaired.
    """
    feed, lost, _ = choose_reader(text)
    return feed, lost


def choose_reader(text: str) -> tuple[Feed, list[Lost], str]:
    """As `read_feed`, and why feedparser's handlers read the feed; empty where the plain reader did."""
    text = cut_to_root(text)
    try:
        return _read_plain(text), [], ""
    except NotPlain as reason:
        why = str(reason)
    xml, lost = prepare_feed(text)
    if xml != text.encode():  # repaired, or cut down to the bounds
        try:
            return read_plain_feed(xml), lost, ""
        except NotPlain as reason:
            why = str(reason)
    return read_with_feedparser(xml), lost, why


def _read_plain(text: str) -> Feed:
    """The feed by the plain reader, with its references repaired where it needs that, which is the least repair."""
    try:
        return read_plain_feed(text.encode())
    except NotWellFormed:
        return read_plain_feed(repair_references(text).encode())
