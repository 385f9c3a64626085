"""How a stream is doing: a file that an operator can alert on, and a line in the log, with each window."""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import pyarrow.compute as pc
from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from transforms.count_of import count_of
from transforms.feeds_health.states import count_states, states_of
from transforms.stream.settings import StreamSettings
from transforms.write.feeds_table import read_feeds
from transforms.write.manifests import iso_time, read_json, write_json

WORST_FEEDS = 5
_OUTCOMES = {
    "new_articles": "new article",
    "new_versions": "new version",
    "duplicates": "duplicate",
    "repeats": "repeat",
    "rejects": "reject",
}
_SHAPE = {"stream": str, "window_end": str, "window": dict, "since_start": dict, "feeds": dict}

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
    """The status as last written; empty before the first window, and where it is damaged: the next one replaces it.

    DatasetError, with an OSError as its cause, where it cannot be looked up.
    """
    path = status_path(output)
    try:
        status = read_json(path) if FileSystems.exists(path) else {}
    except DatasetError as error:
        if isinstance(error.__cause__, OSError):
            raise
        return {}
    return status if all(isinstance(status.get(name), kind) for name, kind in _SHAPE.items()) else {}


def write_status(settings: StreamSettings, window_end_s: int, committed: Committed) -> None:
    """Tells of a window that is stored.

    Sums go on from the status that is there, if that is of the same stream.
    """
    former, now = read_status(settings.output), iso_time(time.time_ns() // 1000)
    if not former and FileSystems.exists(status_path(settings.output)):
        _log.warning("%s is damaged: it is written anew, and its sums begin anew", status_path(settings.output))
    begun = {"from": iso_time((window_end_s - settings.flush_s) * 1_000_000)}
    sums = former["since_start"] if former.get("stream") == settings.run_id else begun
    status = {
        "stream": settings.run_id,
        "window_end": iso_time(window_end_s * 1_000_000),
        "written_at": now,
        "last_new_article_at": now if committed.counts.get("new_articles") else former.get("last_new_article_at"),
        "window": committed._asdict(),
        "since_start": _add(sums, committed),
        "feeds": _feeds(settings.output),
    }
    write_json(status_path(settings.output), status)
    _log.info(status_line(status))


def _add(sums: dict[str, Any], committed: Committed) -> dict[str, Any]:
    added = {"from": sums.get("from"), "windows": sums.get("windows", 0) + bool(committed.run_id)}
    kinds = ("counts", "duplicates", "rejects")
    return added | {kind: Counter(sums.get(kind, {})) + Counter(getattr(committed, kind)) for kind in kinds}


def _feeds(output: str) -> dict[str, Any]:
    """How many there are, how many fail or are gone, and those that have failed the longest."""
    feeds = read_feeds(output)
    counts = count_states(feeds)
    failing = feeds.filter(pc.equal(states_of(feeds), "failing")).select(["url", "failures", "status", "last_error"])
    worst = failing.sort_by([("failures", "descending"), ("url", "ascending")]).slice(0, WORST_FEEDS)
    return {
        "known": feeds.num_rows,
        "failing": counts["failing"],
        "gone": counts["gone"],
        "worst": worst.to_pylist(),
    }


def status_line(status: Mapping[str, Any]) -> str:
    """The status of a window in a line."""
    counts, feeds = status["window"]["counts"], status["feeds"]
    became = ", ".join(count_of(counts.get(name, 0), what) for name, what in _OUTCOMES.items())
    return (
        f"window {status['window_end']}: {became}; stored {status['window']['lag_s']:.1f} s after its end; "
        f"{feeds['failing']:,} of {count_of(feeds['known'], 'feed')} failing"
    )
