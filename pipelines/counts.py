"""What a run counted, and whether it adds up."""

from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from schemas.errors import DatelineError

OUTCOMES = ("new_articles", "new_versions", "duplicates", "repeats", "rejects")


def count_all(result: PipelineResult) -> dict[str, int]:
    """Dateline's counters by name; committed values where the runner reports them."""
    found = result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]
    counted = {c.key.metric.name: c.committed if c.committed is not None else c.attempted for c in found}
    return dict.fromkeys(("documents", "reads", *OUTCOMES), 0) | counted


def reconcile(counts: dict[str, int]) -> None:
    """Raise DatelineError unless every entry read has one outcome, and every article counted was written."""
    outcomes = sum(counts[outcome] for outcome in OUTCOMES)
    if counts["reads"] != outcomes:
        raise DatelineError(f"{counts['reads']} entries were read but {outcomes} are accounted for: {counts}")
    stored = counts["new_articles"] + counts["new_versions"]
    if stored != counts.get("rows_articles", 0):
        raise DatelineError(f"{stored} articles are new but {counts.get('rows_articles', 0)} were written: {counts}")
