"""The first half of Deduplicate: articles, and what is stored, to keys and facts as packed arrays."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput
from numpy.typing import NDArray

from schemas.keys import SOUGHT
from schemas.records import Article
from transforms.boilerplate.lines import gather_lines
from transforms.boilerplate.remove import pack_lines
from transforms.deduplicate.candidates import exact_keys, near_keys, split_by
from transforms.deduplicate.keys import gather_facts
from transforms.deduplicate.packing import pack, to_bytes
from transforms.deduplicate.settings import PARTITIONS, DeduplicateSettings, shard_of
from transforms.deduplicate.stored.lookup import find_known
from transforms.deduplicate.stored.remembered import remember
from transforms.deduplicate.stored.signature_files import forget_signatures
from transforms.deduplicate.stored.stored_signatures import find_remembered, seek
from transforms.deduplicate.texts.openings import gather_openings
from transforms.deduplicate.texts.shingles import gather_shingles
from transforms.deduplicate.texts.signatures import comparison_text, sign_and_shingle
from transforms.ledger import arrived, sent

Rows = NDArray[np.void]
_Hashes = NDArray[np.uint32]


def sketch(articles: list[Article]) -> pa.Table:
    """A table of the articles' own columns, and with each row its packed FACTS and LINE_ROWS: `facts`, `lines`."""
    return _pack_with_lines(articles, signed_facts(articles)[0])[0]


def signed_facts(articles: list[Article]) -> tuple[Rows, list[_Hashes]]:
    """FACTS of articles, and the hashes of each text's shingles."""
    signed, shingles = sign_and_shingle([comparison_text(article) for article in articles])
    facts = gather_facts(articles)
    facts["signature"], facts["comparable"], facts["fingerprint"] = signed
    facts["words"], facts["openings"] = gather_openings(articles)
    return facts, shingles


def _pack_with_lines(articles: list[Article], facts: Rows) -> tuple[pa.Table, Rows]:
    lines, counts = gather_lines(articles, facts)
    return pack(articles, facts).append_column("lines", pack_lines(lines, counts)), lines


class Sketch(beam.DoFn):
    """A batch of articles to keys, facts and packed bodies; entries that bring nothing new end here."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings
        self.repeats = Metrics.counter("dateline", "repeats")
        self.forgotten = Metrics.counter("dateline", "forgotten")

    def process(self, articles: list[Article]) -> Iterator[Any]:
        settings = self.settings
        facts, shingles = signed_facts(articles)
        found = find_known(facts, remember(settings.keys), settings.duplicates.near_days)
        facts["known"], fresh = found.known, ~found.repeats
        self.repeats.inc(int(np.count_nonzero(found.repeats)))
        self.forgotten.inc(int(np.count_nonzero(found.forgotten)))
        packs = _of_comparable(shingles, facts, fresh)
        sent("shingle_bytes", sum(map(len, packs.values())))
        yield from _tagged("shingles", packs)
        facts = facts[fresh]
        bodies = [article for article, is_fresh in zip(articles, fresh, strict=True) if is_fresh]
        table, lines = _pack_with_lines(bodies, facts)
        yield from self._bodies(table, shard_of(facts["day"], settings.shards))
        sent("lines", len(lines))
        yield from _tagged("lines", split_by(lines, "origin", PARTITIONS))
        yield from _packed_facts(facts)
        if settings.keys.versions:
            sought = seek(facts, settings.duplicates.near_days)
            sent("sought", sum(len(rows) // SOUGHT.itemsize for rows in sought.values()))
            yield from _tagged("sought", sought)

    def _bodies(self, table: pa.Table, shards: NDArray[np.int32]) -> Iterator[tuple[int, bytes]]:
        sent("bodies", table.num_rows)
        for shard in np.unique(shards).tolist():
            yield shard, to_bytes(table.filter(shards == shard))


def _of_comparable(shingles: list[_Hashes], facts: Rows, fresh: NDArray[np.bool_]) -> dict[int, bytes]:
    rows = np.flatnonzero(fresh & facts["comparable"])
    return gather_shingles([shingles[row] for row in rows.tolist()], facts["uid"][rows])


def _packed_facts(facts: Rows) -> Iterator[Any]:
    exact, near = exact_keys(facts), near_keys(facts)
    sent("keys", len(exact) + len(near))
    sent("facts", len(facts))
    yield from _tagged("exact", split_by(exact, "key", PARTITIONS))
    yield from _tagged("near", split_by(near, "key", PARTITIONS))
    yield from _tagged("facts", split_by(facts, "uid", PARTITIONS))


def _tagged(tag: str, parts: dict[int, bytes]) -> Iterator[Any]:
    for part in parts.items():
        yield TaggedOutput(tag, part)


class FindStored(beam.DoFn):
    """What is sought in a block of days to the keys, and facts, of the stored articles there that have it."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[Any]:
        sought = np.frombuffer(b"".join(group[1]), SOUGHT)
        arrived("sought", len(sought))
        facts, keys = find_remembered(self.settings.keys, group[0], sought, self.settings.duplicates.near_days)
        forget_signatures()  # no other block has these days
        if len(facts):
            sent("keys", len(keys))
            sent("facts", len(facts))
            yield from split_by(keys, "key", PARTITIONS).items()
            yield from _tagged("facts", split_by(facts, "uid", PARTITIONS))
