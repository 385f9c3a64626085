"""Tells Prometheus of a run, by a file."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prometheus_client.metrics_core import Metric

from pipelines.terminal import complain
from schemas.errors import DatelineError
from transforms.metrics.families import Dataset
from transforms.metrics.run_metrics import (
    DURATION,
    END,
    LAST_NEWS,
    LAST_SUCCESS,
    LASTING,
    SUCCESS,
    counted_families,
    ended_families,
)
from transforms.metrics.text_file import read_gauges, write_metrics


@dataclass
class Told:
    """A run that goes on; its manifest, once it has committed."""

    output: str
    is_success: bool = False
    manifest: dict[str, Any] | None = None


@contextmanager
def tell_run(path: str, output: str) -> Iterator[Told]:
    """When the block ends, well or not, say so in a file of metrics, with what the manifest counts; no path, no file.

    Raises UsageError where the path cannot be written. Where the file cannot be written in the end, that is said, and
    changes nothing of the run.
    """
    told, started = Told(output), time.time()
    lasting = read_gauges(path, Dataset(output), LASTING) if path else {}
    try:
        yield told
        told.is_success = True
    finally:
        if path:
            _write(path, told, lasting, started)


def _write(path: str, told: Told, lasting: dict[str, float], started: float) -> None:
    try:
        write_metrics(path, list(_families(told, lasting, started)))
    except (OSError, DatelineError) as error:
        complain(f"{path}: the metrics of the run were not written: {error}")


def _families(told: Told, lasting: dict[str, float], started: float) -> Iterator[Metric]:
    now, dataset = time.time(), Dataset(told.output)
    ended = {SUCCESS: float(told.is_success), END: now, DURATION: now - started} | lasting
    if told.is_success:
        ended[LAST_SUCCESS] = now
    if told.manifest and told.manifest["counts"]["new_articles"]:
        ended[LAST_NEWS] = now
    yield from ended_families(dataset, ended)
    if told.manifest:
        yield from counted_families(dataset, told.output, told.manifest)
