"""What a run counted, and whether it adds up."""

from collections import Counter

from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from schemas.errors import DatelineError

OUTCOMES = ("new_articles", "new_versions", "duplicates", "repeats", "rejects")


def count_all(result: PipelineResult) -> dict[str, int]:
    """Dateline's counters by name, over all steps; committed values where the runner reports them."""
    counts = Counter(dict.fromkeys(("documents", "reads", *OUTCOMES), 0))
    for found in result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]:
        counts[found.key.metric.name] += found.attempted if found.committed is None else found.committed
    return dict(counts)


def reconcile(counts: dict[str, int]) -> None:
    """Raise DatelineError unless every entry read has one outcome, and every article counted was written."""
    outcomes = sum(counts[outcome] for outcome in OUTCOMES)
    if counts["reads"] != outcomes:
        raise DatelineError(f"{counts['reads']} entries were read but {outcomes} are accounted for: {counts}")
    stored = counts["new_articles"] + counts["new_versions"]
    if stored != counts.get("rows_articles", 0):
        raise DatelineError(f"{stored} articles are new but {counts.get('rows_articles', 0)} were written: {counts}")
