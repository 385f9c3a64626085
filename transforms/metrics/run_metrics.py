"""What became of a run that ends, as metrics."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.metrics_core import Metric

from schemas.tables import REJECTS
from transforms.feeds_health.states import count_states
from transforms.ledger import OUTCOMES
from transforms.metrics.families import Dataset, pick
from transforms.write.added import read_added
from transforms.write.feeds_table import read_feeds

SUCCESS, END, DURATION = "run_success", "run_end_timestamp_seconds", "run_duration_seconds"
LAST_SUCCESS, LAST_NEWS = "run_last_success_timestamp_seconds", "last_new_article_timestamp_seconds"
LASTING = (LAST_SUCCESS, LAST_NEWS)  # a run that fails, or brings no article, does not change them

MEANINGS = {
    "feeds": "Feeds that were ever polled, by state: failing, gone (polled no more) or ok.",
    SUCCESS: "1 where the last run ended well, 0 where it failed.",
    END: "When the last run ended.",
    DURATION: "How long the last run took.",
    LAST_SUCCESS: "When the last run that ended well did so.",
    LAST_NEWS: "When a new article was last stored.",
}
_POLLS = ("changed", "unchanged", "failed", "skipped", "gone")
_PAGES = ("fetched", "unavailable", "known", "failed")


def ended_families(dataset: Dataset, told: Mapping[str, float]) -> Iterator[Metric]:
    """What is told of each run, also of one that failed, by name; times are in seconds since the epoch."""
    for name, value in told.items():
        yield dataset.gauge(name, MEANINGS[name], value)


def counted_families(dataset: Dataset, output: str, manifest: Mapping[str, Any]) -> Iterator[Metric]:
    """What a run that has committed counted. DatasetError names a stored file that cannot be read."""
    counts, tables = manifest["counts"], manifest["tables"]
    reasons = Counter(read_added(output, manifest, REJECTS, ["reason"])["reason"].to_pylist())
    yield dataset.gauge("run_documents", "Documents that the last run read.", counts["documents"])
    yield dataset.gauge("run_reads", "Entries that the last run read.", counts["reads"])
    yield dataset.gauge("run_entries", "Entries that the last run read, by outcome.", pick(counts, OUTCOMES), "outcome")
    yield dataset.gauge("run_new_rejects", "Rejects that the last run stored, by reason.", reasons, "reason")
    yield dataset.gauge(
        "run_feeds", "Feeds of the last run, by what their polls came to.", pick(counts, _POLLS, "feeds_"), "outcome"
    )
    pages = pick(counts, _PAGES, "pages_")
    pages["unavailable"] -= pages["failed"]  # which are counted as both
    yield dataset.gauge("run_pages", "Pages of the last run, by what became of them.", pages, "outcome")
    yield dataset.gauge("run_files_failed", "Files that the last run could not read.", counts.get("files_failed", 0))
    for unit in ("rows", "bytes"):
        written = {name: table[unit] for name, table in tables.items()}
        yield dataset.gauge(f"run_{unit}", f"{unit.title()} that the last run wrote, by table.", written, "table")
    yield dataset.gauge("feeds", MEANINGS["feeds"], count_states(read_feeds(output)), "state")
