"""Tells Prometheus of a stream, at a port."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.metrics_core import Metric

from schemas.errors import DatasetError, UsageError
from transforms.metrics.families import Dataset, Families
from transforms.metrics.stream_metrics import status_families
from transforms.stream.settings import StreamSettings
from transforms.stream.status import read_status


@contextmanager
def serve_metrics(port: int, stream: StreamSettings) -> Iterator[None]:
    """While the block runs, tell of a stream at a port of all addresses of this machine; port 0: do not.

    Raises UsageError where the port cannot be had.
    """
    if not port:
        yield
        return
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Families(partial(_families, stream, time.time())))
    try:
        server, thread = start_http_server(port, registry=registry)
    except OSError as error:
        raise UsageError(f"--metrics_port {port}: {error}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _families(stream: StreamSettings, started_s: float) -> Iterator[Metric]:
    dataset = Dataset(stream.output)
    yield dataset.gauge("stream_start_timestamp_seconds", "When the command was started.", started_s)
    yield dataset.gauge("stream_flush_seconds", "How long a window is.", stream.flush_s)
    try:
        status = read_status(stream.output)
    except DatasetError:  # the output is away for a moment, as the alert for windows will tell if it stays so
        return
    yield from status_families(dataset, status)
