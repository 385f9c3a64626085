"""The second half of Deduplicate: verdicts, and the rows that they make of the bodies."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput

from schemas.keys import FACTS, NEW, PAIRS, VERDICTS, VERSION
from schemas.lines import RECURRING
from transforms.boilerplate.remove import FLAG, index_recurring, remove_boilerplate
from transforms.deduplicate.candidates import positions
from transforms.deduplicate.file_rows import Filed, file_rows, match_verdicts, stored_lines
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.packing import in_chunks, unpack_facts
from transforms.deduplicate.settings import FILE_ROWS, DeduplicateSettings, date_of, shard_of
from transforms.deduplicate.stored.remembered import remember
from transforms.deduplicate.texts.shingles import unpack_shingles
from transforms.deduplicate.verdicts.resolve import resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS, joins_table, read_joins
from transforms.ledger import arrived, sent


class Resolve(beam.DoFn):
    """All entries that share a key with something, to verdicts by shard of their bodies; and joins of stories."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        settings, packs = self.settings, list(group[1]["shingles"])
        facts = np.frombuffer(b"".join(group[1]["facts"]), FACTS)
        pairs = np.frombuffer(b"".join(group[1]["pairs"]), PAIRS)
        arrived("involved", len(facts))
        arrived("pairs", len(pairs))
        arrived("picked_bytes", sum(map(len, packs)))
        joins = read_joins(settings.keys.output) if facts["stored"].any() else NO_JOINS
        shingles = unpack_shingles(packs)
        verdicts, joined = resolve(facts, pairs, remember(settings.keys), settings.duplicates, shingles, joins)
        sent("verdicts", len(verdicts))
        shards = shard_of(facts["day"][positions(facts["uid"], verdicts["uid"])], settings.shards)
        for shard in np.unique(shards).tolist():
            yield shard, verdicts[shards == shard].tobytes()
        rows = joins_table(joined, settings.read_at)
        yield TaggedOutput("joins", (("", str(group[0]), 0), rows))


class File(beam.DoFn):
    """The bodies of a shard, with their verdicts, to rows of every table, some thousand at a time."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        self.settings = settings
        self.cleaned = Metrics.counter("dateline", FLAG)
        self.counters = {
            outcome: Metrics.counter("dateline", name)
            for outcome, name in enumerate(("new_articles", "new_versions", "duplicates", "repeats", "repeats"))
        }

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        shard, settings = group[0], self.settings
        judged = np.frombuffer(b"".join(group[1]["verdicts"]), VERDICTS)
        arrived("verdicts", len(judged))
        recurring = np.frombuffer(b"".join(group[1]["recurring"]), RECURRING)
        arrived("recurring", len(recurring))
        found = {} if settings.keep_boilerplate else index_recurring(recurring)
        listed: set[int] = set()
        for part, table in enumerate(in_chunks(group[1]["bodies"], FILE_ROWS)):
            arrived("bodies", table.num_rows)
            verdicts = match_verdicts(unpack_facts(table), judged, listed)
            stored = np.isin(verdicts["outcome"], (NEW, VERSION))
            lines = stored_lines(table.filter(stored), verdicts[stored])
            table, changed = remove_boilerplate(table, found, stored)
            self.cleaned.inc(changed)
            filed = file_rows(table, verdicts, remember(settings.keys), settings.read_at, settings.duplicates.near_days)
            for outcome, count in enumerate(np.bincount(filed.outcomes, minlength=len(self.counters)).tolist()):
                self.counters[outcome].inc(count)
            yield from _place(filed, str(shard), part, settings.read_at)
            yield TaggedOutput("lines", (("", str(shard), part), lines))


def _place(filed: Filed, shard: str, part: int, read_at: int) -> Iterator[Any]:
    for day in np.unique(filed.article_days).tolist():
        yield (date_of(day), shard, part), filed.articles.filter(filed.article_days == day)
    for day in np.unique(filed.signature_days).tolist():
        rows = filed.signatures.filter(filed.signature_days == day)
        yield TaggedOutput("signatures", ((date_of(day), shard, part), rows))
    seen_on = date_of(read_at // DAY)
    for tag, date_, rows in (
        ("sightings", seen_on, filed.sightings),
        ("exact", "", filed.exact),
        ("versions", "", filed.versions),
    ):
        if rows.num_rows:
            yield TaggedOutput(tag, ((date_, shard, part), rows))
