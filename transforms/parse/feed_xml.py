"""The XML of a feed, bounded and well formed, before a parser sees it."""

from xml.parsers.expat import ExpatError

from schemas.errors import Malformed, TooComplex
from transforms.parse.bounds import MAX_ENTRIES, MAX_ENTRY_BYTES, find_entries
from transforms.parse.repair import Lost, repair_feed
from transforms.parse.sniff import find_root


def prepare_feed(text: str) -> tuple[bytes, list[Lost]]:
    """XML in UTF-8 from the root element on, and the entries left out of it: too large, too many, broken.

    Raises TooComplex for entity definitions and for XML over the bounds, Malformed for what cannot be
    repaired.
    """
    xml, spans, lost = _make_well_formed(_cut_prolog(text))
    kept = bytearray()
    position = 0
    for number, (start, end) in enumerate(spans):
        if number >= MAX_ENTRIES:
            detail = f"{len(spans):,} entries, of which the first {MAX_ENTRIES:,} are kept"
            lost.append(("TooManyEntries", detail, _text(xml[start:end])))
            end = spans[-1][1]
        elif end - start > MAX_ENTRY_BYTES:
            lost.append(("TooLarge", f"an entry of {end - start:,} bytes", _text(xml[start:end])))
        else:
            continue
        kept += xml[position:start]
        position = end
        if number >= MAX_ENTRIES:
            break
    return bytes(kept) + xml[position:], lost


def _cut_prolog(text: str) -> str:
    root = find_root(text)
    if root is None:
        raise Malformed(f"no root element: {text[:100]!r}")
    if "<!ENTITY" in root.group().upper():
        raise TooComplex("entity definitions")
    return text[root.group().rindex("<") :]


def _make_well_formed(text: str) -> tuple[bytes, list[tuple[int, int]], list[Lost]]:
    xml = text.encode()
    try:
        return xml, find_entries(xml), []
    except ExpatError:
        text, lost = repair_feed(text)
    xml = text.encode()
    try:
        return xml, find_entries(xml), lost
    except ExpatError as error:
        raise Malformed(f"XML beyond repair: {error}") from error


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
