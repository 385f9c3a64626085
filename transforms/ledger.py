"""What goes into a shuffle must come out of it: rows are counted on both sides, and a run compares the counts."""

from apache_beam.metrics.metric import Metrics

SENT = "_sent"

# Each entry read has one of them.
OUTCOMES = ("new_articles", "new_versions", "duplicates", "repeats", "rejects")


def sent(what: str, rows: int) -> None:
    """Count rows that leave a step for another."""
    Metrics.counter("dateline", what + SENT).inc(rows)


def arrived(what: str, rows: int) -> None:
    """Count the same rows where they arrive."""
    Metrics.counter("dateline", what).inc(rows)
