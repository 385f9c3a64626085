"""The XML of a feed, bounded and well formed, before a parser sees it."""

import re
from xml.parsers.expat import ExpatError

from schemas.errors import Malformed, TooComplex
from transforms.parse.bounds import ENTRY_NAMES, MAX_ENTRIES, MAX_ENTRY_BYTES, describe_excess, find_entries
from transforms.parse.feed.repair import Lost, repair_feed
from transforms.parse.feed.repair_tags import repair_references
from transforms.parse.sniff import find_root

Spans = list[tuple[int, int]]

# What ends a comment or a section that the end tag may stand in, and the start of an entry.
_IN_DOUBT = re.compile(rf"-->|\]\]>|\?>|<(?:[\w.-]++:)?(?:{'|'.join(ENTRY_NAMES)})\b", re.IGNORECASE)


def prepare_feed(text: str) -> tuple[bytes, list[Lost]]:
    """XML in UTF-8 for a text that starts at its root element, and the entries left out of it.

    Raises TooComplex for XML over the bounds, Malformed for what cannot be repaired.
    """
    xml, spans, lost = _make_well_formed(text)
    cuts = [span for span in spans[:MAX_ENTRIES] if span[1] - span[0] > MAX_ENTRY_BYTES]
    lost += [("TooLarge", f"an entry of {end - start:,} bytes", _text(xml[start:end])) for start, end in cuts]
    if len(spans) > MAX_ENTRIES:
        (start, end), (_, last) = spans[MAX_ENTRIES], spans[-1]
        lost.append(("TooManyEntries", describe_excess(len(spans), MAX_ENTRIES), _text(xml[start:end])))
        cuts.append((start, last))
    return _without(xml, cuts), lost


def _without(xml: bytes, cuts: Spans) -> bytes:
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(xml)]
    return b"".join(xml[start:end] for start, end in zip(starts, ends, strict=True))


def cut_to_root(text: str) -> str:
    """The text from its root element on, without what servers add after it.

    Raises Malformed where it has none, TooComplex for entity definitions.
    """
    root = find_root(text)
    if root is None:
        raise Malformed(f"no root element: {text[:100]!r}")
    if "<!ENTITY" in root.group().upper():
        raise TooComplex("entity definitions")
    start = root.group().rindex("<")
    return text[start : _root_end(text, root.group()[start + 1 :])]


def _root_end(text: str, name: str) -> int:
    """Where the root element ends; the end of the text where that is uncertain, or entries may follow."""
    tag = f"</{name}>"
    end = text.rfind(tag) + len(tag)
    return len(text) if end < len(tag) or _IN_DOUBT.search(text, end) else end


def _make_well_formed(text: str) -> tuple[bytes, Spans, list[Lost]]:
    """By the least repair that will do: none, of the references, of each entry."""
    found = _try(text)
    if found:
        return *found, []
    text = repair_references(text)
    found = _try(text)
    if found:
        return *found, []
    repaired, lost = repair_feed(text)
    found = _try(repaired)
    if not found or not (found[1] or lost):
        raise Malformed(f"XML that is not well formed, and no entry to be found in it: {text[:100]!r}")
    return *found, lost


def _try(text: str) -> tuple[bytes, Spans] | None:
    xml = text.encode()
    try:
        return xml, find_entries(xml)
    except ExpatError:
        return None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
