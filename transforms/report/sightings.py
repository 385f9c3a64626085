"""Who carried what: copies by kind and by source, and for each article its carriers."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.tables import SIGHTINGS
from transforms.check.rows import parse_ids
from transforms.report.current import Returns
from transforms.report.names import Names
from transforms.report.partitions import read_partitions
from transforms.report.tally import Tally

COLUMNS = ("article_id", "relation", "source", "publisher", "content_hash", "ingested_at")
# Relations that are no other source's copy.
OWN = ("original", "reverted")

CARRIED = np.dtype([("article", np.uint64), ("outlet", np.int32), ("day", np.int32)])


@dataclass
class SightingCounts:
    """Sightings counted; 16 bytes are held for each."""

    relations: Tally = field(default_factory=lambda: Tally("relation"))
    sources: Tally = field(default_factory=lambda: Tally("source"))
    copies: Tally = field(default_factory=lambda: Tally("source"))
    outlets: Names = field(default_factory=Names)
    returns: Returns = field(default_factory=Returns)
    _carried: list[NDArray[np.void]] = field(default_factory=list)

    @property
    def carried(self) -> NDArray[np.void]:
        """CARRIED: article, outlet by number, and the day (since the epoch) that the sighting is filed under."""
        return np.concatenate([np.zeros(0, CARRIED), *self._carried])

    def add(self, day: date, rows: pa.Table) -> None:
        """Count a partition."""
        self.relations.add(rows["relation"])
        self.sources.add(rows["source"])
        self.copies.add(rows["source"].filter(pc.invert(pc.is_in(rows["relation"], pa.array(OWN)))))
        self.returns.add(rows)
        carried = np.zeros(rows.num_rows, CARRIED)
        carried["article"] = parse_ids(rows["article_id"])
        carried["outlet"] = self.outlets.number(outlet(rows))
        carried["day"] = np.datetime64(day).astype(int)
        self._carried.append(carried)


def outlet(rows: pa.Table) -> pa.ChunkedArray:
    """Who carried each: the publisher, or the source of those without one."""
    return pc.coalesce(rows["publisher"], rows["source"])


def count_sightings(output: str) -> SightingCounts:
    """Counts the sightings of a dataset; raises as `read_partitions`."""
    counts = SightingCounts()
    for day, rows in read_partitions(output, SIGHTINGS, COLUMNS):
        counts.add(day, rows)
    return counts
