"""How a stream does, as metrics: by its status, as each window writes it."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.metrics_core import Metric

from transforms.ledger import OUTCOMES
from transforms.metrics.families import Dataset, pick
from transforms.metrics.run_metrics import LAST_NEWS, MEANINGS
from transforms.write.manifests import from_iso_time

_POLLS = ("changed", "unchanged", "failed")
_KAFKA = "kafka_behind "  # and the topic's partition: a level of a status


def status_families(dataset: Dataset, status: Mapping[str, Any]) -> Iterator[Metric]:
    """Of the last window, and sums over all windows of the stream; nothing before the first."""
    if not status:
        return
    window, sums, feeds = status["window"], status["since_start"], status["feeds"]
    counts = sums["counts"]
    yield dataset.gauge(
        "stream_window_end_timestamp_seconds",
        "When the last window that is stored ended.",
        _seconds(status["window_end"]),
    )
    yield dataset.gauge("stream_lag_seconds", "How long after its end that window was stored.", window["lag_s"])
    behind = {name.removeprefix(_KAFKA): level for name, level in window["levels"].items() if name.startswith(_KAFKA)}
    waited = "Messages that waited to be read in that window, at most, by partition."
    yield dataset.gauge("stream_kafka_behind", waited, behind, "partition")
    yield dataset.counter("stream_windows", "Windows that were stored with something in them.", sums["windows"])
    yield dataset.counter("stream_documents", "Documents read.", counts.get("documents", 0))
    yield dataset.counter("stream_reads", "Entries read.", counts.get("reads", 0))
    yield dataset.counter("stream_entries", "Entries read, by outcome.", pick(counts, OUTCOMES), "outcome")
    yield dataset.counter("stream_duplicates", "Copies of known articles, by relation.", sums["duplicates"], "relation")
    yield dataset.counter("stream_rejects", "What could not be used, by reason.", sums["rejects"], "reason")
    yield dataset.counter(
        "stream_polls", "Polls of feeds, by what they came to.", pick(counts, _POLLS, "feeds_"), "outcome"
    )
    if status.get("last_new_article_at"):
        last = _seconds(status["last_new_article_at"])
        yield dataset.gauge(LAST_NEWS, MEANINGS[LAST_NEWS], last)
    states = pick(feeds, ("failing", "gone"))
    states["ok"] = feeds["known"] - sum(states.values())
    yield dataset.gauge("feeds", MEANINGS["feeds"], states, "state")


def _seconds(time: str) -> float:
    return from_iso_time(time) / 1e6
