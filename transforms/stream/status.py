"""How a stream is doing: a file that an operator can alert on, and a line in the log, with each window."""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import pyarrow.compute as pc
from apache_beam.io.filesystems import FileSystems

from transforms.stream.settings import StreamSettings
from transforms.write.feeds_table import read_feeds
from transforms.write.manifests import iso_time, read_json, write_json

WORST_FEEDS = 5

_log = logging.getLogger(__name__)


class Committed(NamedTuple):
    """What became of a window: `counts` as in manifests, duplicates by relation, rejects by reason.

    `levels`: the highest of each that sources have told, such as messages that wait to be read. `lag_s`: how long after
    the window's end it was stored, in seconds.
    """

    run_id: str = ""  # empty where there was nothing to commit
    counts: Mapping[str, int] = {}
    duplicates: Mapping[str, int] = {}
    rejects: Mapping[str, int] = {}
    levels: Mapping[str, int] = {}
    lag_s: float = 0.0


def status_path(output: str) -> str:
    """Where the status of a dataset's stream is kept."""
    return f"{output}/_stream/status.json"


def read_status(output: str) -> dict[str, Any]:
    """The status as last written; empty before the first window."""
    path = status_path(output)
    return read_json(path) if FileSystems.exists(path) else {}


def write_status(settings: StreamSettings, window_end_s: int, committed: Committed) -> None:
    """Tells of a window that is stored.

    Sums go on from the status that is there, if that is of the same stream.
    """
    former = read_status(settings.output)
    status = {
        "stream": settings.run_id,
        "window_end": iso_time(window_end_s * 1_000_000),
        "written_at": iso_time(time.time_ns() // 1000),
        "window": committed._asdict(),
        "since_start": _add(former["since_start"] if former.get("stream") == settings.run_id else {}, committed),
        "feeds": _feeds(settings.output),
    }
    write_json(status_path(settings.output), status)
    _log.info(status_line(status))


def _add(sums: dict[str, Any], committed: Committed) -> dict[str, Any]:
    added = {"windows": sums.get("windows", 0) + bool(committed.run_id)}
    kinds = ("counts", "duplicates", "rejects")
    return added | {kind: Counter(sums.get(kind, {})) + Counter(getattr(committed, kind)) for kind in kinds}


def _feeds(output: str) -> dict[str, Any]:
    """How many there are, how many fail, and those that have failed the longest."""
    feeds = read_feeds(output).select(["url", "failures", "status", "last_error"])
    failing = feeds.filter(pc.greater(feeds["failures"], 0)).sort_by([("failures", "descending"), ("url", "ascending")])
    return {"known": feeds.num_rows, "failing": failing.num_rows, "worst": failing.slice(0, WORST_FEEDS).to_pylist()}


def status_line(status: Mapping[str, Any]) -> str:
    """The status of a window in a line."""
    counts, feeds = status["window"]["counts"], status["feeds"]
    names = ("new_articles", "new_versions", "duplicates", "repeats", "rejects")
    became = ", ".join(f"{counts.get(name, 0):,} {name.replace('_', ' ')}" for name in names)
    return (
        f"window {status['window_end']}: {became}; stored {status['window']['lag_s']:.1f} s after its end; "
        f"{feeds['failing']:,} of {feeds['known']:,} feeds failing"
    )
