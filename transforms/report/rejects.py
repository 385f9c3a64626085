"""What could not be used: by stage and reason, and of which sources."""

from dataclasses import dataclass, field

import pyarrow as pa

from schemas.tables import REJECTS
from transforms.report.partitions import read_partitions
from transforms.report.tally import Tally

COLUMNS = ("stage", "reason", "source", "detail")


@dataclass
class RejectCounts:
    """Rejects counted; of each stage and reason one detail, the first in the order of the alphabet."""

    reasons: Tally = field(default_factory=lambda: Tally("stage", "reason"))
    sources: Tally = field(default_factory=lambda: Tally("source"))
    details: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, rows: pa.Table) -> None:
        """Count a partition."""
        self.reasons.add(rows["stage"], rows["reason"])
        self.sources.add(rows["source"])
        for row in rows.group_by(["stage", "reason"]).aggregate([("detail", "min")]).to_pylist():
            kind = row["stage"], row["reason"]
            self.details[kind] = min(row["detail_min"], self.details.get(kind, row["detail_min"]))


def count_rejects(output: str) -> RejectCounts:
    """Counts the rejects of a dataset; raises as `read_partitions`."""
    counts = RejectCounts()
    for _, rows in read_partitions(output, REJECTS, COLUMNS):
        counts.add(rows)
    return counts
