"""What goes into a shuffle must come out of it: rows are counted on both sides, and a run compares the counts."""

from apache_beam.metrics.metric import Metrics

from schemas.errors import DatelineError

SENT = "_sent"

# Each entry read has one of them.
OUTCOMES = ("new_articles", "new_versions", "duplicates", "repeats", "rejects")


def sent(what: str, rows: int) -> None:
    """Count rows that leave a step for another."""
    Metrics.counter("dateline", what + SENT).inc(rows)


def arrived(what: str, rows: int) -> None:
    """Count the same rows where they arrive."""
    Metrics.counter("dateline", what).inc(rows)


def reconcile(counts: dict[str, int]) -> None:
    """Raise DatelineError unless every entry read has one outcome, and all that was sent on has arrived."""
    outcomes = sum(counts[outcome] for outcome in OUTCOMES)
    if counts["reads"] != outcomes:
        raise DatelineError(f"{counts['reads']} entries were read but {outcomes} are accounted for: {counts}")
    for name in [name for name in counts if name.endswith(SENT)]:
        came = counts.get(name.removesuffix(SENT), 0)
        if counts[name] != came:
            raise DatelineError(f"the runner lost data: {counts[name]} {name} but {came} arrived; run it again")
    stored = counts["new_articles"] + counts["new_versions"]
    if stored != counts.get("rows_articles", 0):
        raise DatelineError(f"{stored} articles are new but {counts.get('rows_articles', 0)} were written: {counts}")
