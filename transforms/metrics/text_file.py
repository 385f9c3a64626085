"""Metrics in a file, in the text format, as the textfile collector of Prometheus' node_exporter takes them.

Source: https://github.com/prometheus/node_exporter#textfile-collector
"""

import os
from collections.abc import Iterable

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from schemas.errors import UsageError
from transforms.metrics.families import Dataset, Families
from transforms.write import files


def read_gauges(path: str, dataset: Dataset, names: Iterable[str]) -> dict[str, float]:
    """The metrics of these names that the file has for a dataset; none where there is no file.

    Raises UsageError where it cannot be written, or holds something else: that is not written over.
    """
    if not os.access(os.path.dirname(path) or ".", os.W_OK):
        raise UsageError(f"--metrics {path}: its folder is not there, or cannot be written")
    try:
        text = files.read_bytes(path).decode() if os.path.exists(path) else ""
        families = list(text_string_to_metric_families(text))
    except OSError as error:
        raise UsageError(f"--metrics {path}: {error}") from error
    except (ValueError, KeyError, IndexError) as error:
        raise UsageError(f"--metrics {path}: the file there holds no metrics: {error}") from error
    wanted = {f"dateline_{name}": name for name in names}
    samples = (sample for family in families if family.name in wanted for sample in family.samples)
    return {wanted[sample.name]: sample.value for sample in samples if sample.labels == {"dataset": dataset.name}}


def write_metrics(path: str, families: Iterable[Metric]) -> None:
    """Writes a file of metrics, whole or not at all."""
    data = generate_latest(Families(lambda: families))
    files.write_whole(path, data, attempt=str(os.getpid()))
