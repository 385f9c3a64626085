"""What a run counted, and whether it adds up."""

from collections import Counter

from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from schemas.errors import DatelineError
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, STORY_JOINS
from transforms.ledger import OUTCOMES, SENT
from transforms.write.staged import Staged
from transforms.write.stored import row_count


def count_all(result: PipelineResult) -> dict[str, int]:
    """Dateline's counters by name, over all steps; committed values where the runner reports them."""
    counts = Counter(dict.fromkeys(("documents", "reads", *OUTCOMES), 0))
    for found in result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]:
        counts[found.key.metric.name] += found.attempted if found.committed is None else found.committed
    return dict(counts)


def reconcile(counts: dict[str, int]) -> None:
    """Raise DatelineError unless every entry read has one outcome, and all that was sent on has arrived."""
    outcomes = sum(counts[outcome] for outcome in OUTCOMES)
    if counts["reads"] != outcomes:
        raise DatelineError(f"{counts['reads']} entries were read but {outcomes} are accounted for: {counts}")
    for name in [name for name in counts if name.endswith(SENT)]:
        arrived = counts.get(name.removesuffix(SENT), 0)
        if counts[name] != arrived:
            raise DatelineError(f"the runner lost data: {counts[name]} {name} but {arrived} arrived; run it again")
    stored = counts["new_articles"] + counts["new_versions"]
    if stored != counts.get("rows_articles", 0):
        raise DatelineError(f"{stored} articles are new but {counts.get('rows_articles', 0)} were written: {counts}")


def check_rows(staged: Staged) -> None:
    """Prepares a commit: raise DatelineError unless the staged files hold the rows that were counted."""
    for table in (ARTICLES, SIGHTINGS, REJECTS, STORY_JOINS):
        counted = staged.manifest["counts"].get(f"rows_{table.name}", 0)
        found = sum(row_count(file.path) for file in staged.of(table))
        if counted != found:
            raise DatelineError(f"{counted} rows of {table.name} were written but {found} are staged; run it again")
    written = staged.manifest["counts"].get("raw_files", 0)
    if written != len(staged.raw):
        raise DatelineError(f"{written} raw files were written but {len(staged.raw)} are staged; run it again")
