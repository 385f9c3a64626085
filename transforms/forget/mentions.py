"""Whether bytes or an entry speak of what was taken down, told by hashes alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from schemas.errors import BadRecord
from schemas.forgotten import TAKEN_DOWN
from schemas.keys import FACTS
from schemas.records import Article, Entry
from transforms.clean import CleanSettings, to_article
from transforms.clean.urls import canonical_url
from transforms.deduplicate.keys import gather_facts, hash_key, name_key
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.selection import address_key

Flags = NDArray[np.bool_]

_ADDRESS = re.compile(rb"""https?:(?:\\?/){2}[^\s"'<>{}|^`]{1,8192}""", re.IGNORECASE)
_ENDS = ".,;:!?)]*_\\"
_SETTINGS = CleanSettings()

# Of a reject, what it is judged by.
REJECT_FIELDS = ["source", "detail", "context", "payload_kind", "payload_size", "payload"]


def mentions(data: bytes, forgotten: Forgotten) -> bool:
    """Whether an address that was taken down is in some bytes, as it is or escaped as in XML or JSON."""
    found = {match[0].replace(b"\\/", b"/").decode(errors="replace") for match in _ADDRESS.finditer(data)}
    return has_address(found | {address.rstrip(_ENDS) for address in found}, forgotten)


def has_address(addresses: Iterable[str], forgotten: Forgotten) -> bool:
    """Whether one of some URLs was taken down."""
    keys = [address_key(url) for url in map(canonical_url, addresses) if url]
    return bool(keys) and bool(forgotten.has(np.array(keys, np.uint64), TAKEN_DOWN).any())


def hold_entries(entries: Sequence[Entry], forgotten: Forgotten) -> Flags:
    """Which entries were taken down: by their link, guid or text."""
    facts = np.zeros(len(entries), FACTS)
    articles = [(row, article) for row, entry in enumerate(entries) if (article := _clean(entry))]
    if articles:
        facts[[row for row, _ in articles]] = gather_facts([article for _, article in articles])
    cleaned = {row for row, _ in articles}
    for row in (row for row in range(len(entries)) if row not in cleaned):
        _fill(facts[row], entries[row])
    held: Flags = forgotten.holds_taken_down(facts)
    return held


def _clean(entry: Entry) -> Article | None:
    """None for an entry of which no article can be made: it has a link and a guid yet."""
    try:
        return to_article(entry, _SETTINGS)
    except BadRecord:
        return None


def _fill(facts: Any, entry: Entry) -> None:
    url = canonical_url(entry.link)
    facts["url"] = address_key(url) if url else 0
    facts["guid"] = hash_key("guid", entry.source, entry.guid) if entry.guid else 0
    facts["source"] = name_key("source", entry.source)


def is_reject_held(reject: Mapping[str, Any], forgotten: Forgotten) -> bool:
    """Whether a reject, by its fields, is of an entry or document that was taken down, or of a forgotten source."""
    if not forgotten.has_takedowns:
        return False
    if not reject["payload_kind"] or forgotten.has_source(reject["source"]):  # blank: taken down while it waited
        return True
    told = "\n".join([reject["source"], reject["detail"], reject["context"] or ""])
    if mentions(told.encode(errors="replace"), forgotten) or mentions(reject["payload"], forgotten):
        return True
    is_whole = reject["payload_kind"] == "entry" and reject["payload_size"] == len(reject["payload"])
    return is_whole and bool(hold_entries([_entry(reject["payload"])], forgotten)[0])


def _entry(payload: bytes) -> Entry:
    fields = orjson.loads(payload)
    return Entry(**{"read_at": 0} | {name: fields[name] for name in Entry.__dataclass_fields__ if name in fields})
