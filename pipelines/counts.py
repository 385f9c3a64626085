"""What a run counted."""

from collections import Counter

from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from transforms.ledger import OUTCOMES


def count_all(result: PipelineResult) -> dict[str, int]:
    """Dateline's counters by name, over all steps; committed values where the runner reports them."""
    counts = Counter(dict.fromkeys(("documents", "reads", *OUTCOMES), 0))
    for found in result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]:
        counts[found.key.metric.name] += found.attempted if found.committed is None else found.committed
    return dict(counts)
