"""The second half of Deduplicate: verdicts, and the rows that they make of the bodies."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput
from numpy.typing import NDArray

from schemas.keys import FACTS, PAIRS, VERDICTS
from schemas.lines import RECURRING
from schemas.tables import ARTICLES
from transforms.deduplicate.candidates import positions
from transforms.deduplicate.file_bodies import FILED, file_bodies
from transforms.deduplicate.packing import from_bytes, in_chunks
from transforms.deduplicate.settings import FILE_ROWS, DeduplicateSettings, shard_of
from transforms.deduplicate.stored.remembered import remember
from transforms.deduplicate.texts.shingles import unpack_shingles
from transforms.deduplicate.verdicts.resolve import Resolved, resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS, joins_table, read_joins
from transforms.ledger import arrived, sent

Rows = NDArray[np.void]

# The names of outputs by those of tables.
OUTPUTS = {table.name: table.name.rpartition("/")[2].strip("_") for table in FILED if table is not ARTICLES}


def judge(facts: Rows, pairs: Rows, shingles: dict[int, NDArray[np.uint32]], settings: DeduplicateSettings) -> Resolved:
    """What becomes of the entries among FACTS that share a key, by all that is remembered; as `resolve`."""
    joins = read_joins(settings.keys.output) if facts["stored"].any() else NO_JOINS
    return resolve(facts, pairs, remember(settings.keys), settings.duplicates, shingles, joins)


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
        verdicts, joined = judge(facts, pairs, unpack_shingles(packs), settings)
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

    def process(self, group: tuple[int, dict[str, Iterable[bytes]]]) -> Iterator[Any]:
        judged = np.frombuffer(b"".join(group[1]["verdicts"]), VERDICTS)
        arrived("verdicts", len(judged))
        recurring = np.frombuffer(b"".join(group[1]["recurring"]), RECURRING)
        arrived("recurring", len(recurring))
        tables = in_chunks(map(_arrived_table, group[1]["bodies"]), FILE_ROWS)
        for name, rows in file_bodies(tables, judged, recurring, self.settings, str(group[0]), _count):
            yield rows if name == ARTICLES.name else TaggedOutput(OUTPUTS[name], rows)


def _arrived_table(stream: bytes) -> pa.Table:
    table = from_bytes(stream)
    arrived("bodies", table.num_rows)
    return table


def _count(counts: Mapping[str, int]) -> None:
    for name, number in counts.items():
        Metrics.counter("dateline", name).inc(number)
