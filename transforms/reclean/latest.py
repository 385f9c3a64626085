"""The entries of all captures of a feed, each as the latest capture that has it gives it."""

from collections.abc import Iterable, Iterator
from typing import Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput

from schemas.errors import BadRecord
from schemas.records import Document, Entry
from transforms.deduplicate.keys import hash_key
from transforms.parse import parse_document
from transforms.parse_entries import count_read
from transforms.reclean.kept import Kept, read_kept


class ParseLatest(beam.DoFn):
    """The captures of a feed to entries; documents that do not parse go to `unread`.

    The newest capture is parsed first, and of older ones come the entries that no newer one has: one feed's
    entries are remembered by their keys, never held. The others are repeats.
    """

    def __init__(self, staging: str, now: int) -> None:
        self._staging = staging
        self._now = now
        self._repeats = Metrics.counter("dateline", "repeats")

    def process(self, feed: tuple[str, Iterable[Kept]]) -> Iterator[Entry | TaggedOutput[Literal["unread"], Document]]:
        seen: set[int] = set()
        for kept in sorted(feed[1], reverse=True):
            document = read_kept(kept, self._now)
            try:
                entries = list(parse_document(document))
            except BadRecord:
                yield TaggedOutput("unread", document)
                continue
            latest = [entry for entry in entries if seen.isdisjoint(identities(entry))]
            seen.update(key for entry in entries for key in identities(entry))
            count_read(self._staging, len(entries), len(document.data))
            self._repeats.inc(len(entries) - len(latest))
            yield from latest


def identities(entry: Entry) -> list[int]:
    """By what an entry is known again within its source: guid and link, or its text where it has neither."""
    keys = [hash_key("guid", entry.guid)] if entry.guid else []
    if entry.link and not entry.link_is_shared:
        keys.append(hash_key("link", entry.link))
    return keys or [hash_key("text", entry.title, entry.description, entry.body)]
