"""The first half of Deduplicate: articles, and what is stored, to keys and facts as packed arrays."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput
from numpy.typing import NDArray

from schemas.records import Article
from transforms.boilerplate.lines import gather_lines
from transforms.boilerplate.remove import pack_lines
from transforms.deduplicate.candidates import exact_keys, near_keys, split_by
from transforms.deduplicate.keys import gather_facts
from transforms.deduplicate.lookup import find_repeats, look_up
from transforms.deduplicate.packing import pack, to_bytes
from transforms.deduplicate.remembered import read_signatures, remember
from transforms.deduplicate.settings import PARTITIONS, DeduplicateSettings, date_of, shard_of
from transforms.deduplicate.signatures import comparison_text, sign
from transforms.ledger import sent


class Sketch(beam.DoFn):
    """A batch of articles to keys, facts and packed bodies; entries that bring nothing new end here."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings
        self.repeats = Metrics.counter("dateline", "repeats")

    def process(self, articles: list[Article]) -> Iterator[Any]:
        settings, remembered = self.settings, remember(self.settings.keys)
        facts = gather_facts(articles, *sign([comparison_text(article) for article in articles]))
        hits = look_up(facts, remembered, settings.duplicates.near_days)
        facts["known"] = hits.article != 0
        fresh = ~find_repeats(facts, hits, remembered)
        self.repeats.inc(int(np.count_nonzero(~fresh)))
        facts = facts[fresh]
        bodies = [article for article, is_fresh in zip(articles, fresh, strict=True) if is_fresh]
        lines, counts = gather_lines(bodies, facts)
        table = pack(bodies, facts).append_column("lines", pack_lines(lines, counts))
        yield from self._bodies(table, shard_of(facts["day"], settings.shards))
        sent("lines", len(lines))
        yield from _tagged("lines", split_by(lines, "origin", PARTITIONS))
        yield from _packed_facts(facts)
        reach = settings.duplicates.near_days
        days = np.unique(facts["day"][facts["comparable"]])[:, None] + np.arange(-reach, reach + 1)
        for day in np.unique(days).tolist():
            yield TaggedOutput("days", day)

    def _bodies(self, table: pa.Table, shards: NDArray[np.int32]) -> Iterator[tuple[int, bytes]]:
        sent("bodies", table.num_rows)
        for shard in np.unique(shards).tolist():
            yield shard, to_bytes(table.filter(shards == shard))


def _packed_facts(facts: NDArray[np.void]) -> Iterator[Any]:
    exact, near = exact_keys(facts), near_keys(facts)
    sent("keys", len(exact) + len(near))
    sent("facts", len(facts))
    yield from _tagged("exact", split_by(exact, "key", PARTITIONS))
    yield from _tagged("near", split_by(near, "key", PARTITIONS))
    yield from _tagged("facts", split_by(facts, "uid", PARTITIONS))


def _tagged(tag: str, parts: dict[int, bytes]) -> Iterator[Any]:
    for part in parts.items():
        yield TaggedOutput(tag, part)


class ReadSignatures(beam.DoFn):
    """A day to the band keys, and facts, of the stored articles filed under it."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings

    def process(self, day: int) -> Iterator[Any]:
        facts = read_signatures(self.settings.keys.output, date_of(day))
        # What others have committed since this run began is not among its keys: it is met at the commit.
        facts = facts[remember(self.settings.keys).count_versions(facts["article"]) > 0]
        if len(facts):
            keys = near_keys(facts)
            sent("keys", len(keys))
            sent("facts", len(facts))
            yield from split_by(keys, "key", PARTITIONS).items()
            yield from _tagged("facts", split_by(facts, "uid", PARTITIONS))
