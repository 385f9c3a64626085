"""What a Flink cluster says of its job, over its REST interface."""

import urllib.request
from typing import Any

import orjson


def checkpoint(cluster: str) -> dict[str, float]:
    """Number, bytes and seconds of the last whole checkpoint of the job that runs; empty where there is none.

    `cluster` is HOST:PORT.
    """
    running = [job["id"] for job in _ask(cluster, "jobs")["jobs"] if job["status"] == "RUNNING"]
    last = _ask(cluster, f"jobs/{running[0]}/checkpoints")["latest"]["completed"] if running else None
    if last is None:
        return {}
    return {
        "checkpoint": last["id"],
        "checkpoint_bytes": last["checkpointed_size"],
        "state_bytes": last["state_size"],
        "checkpoint_s": last["end_to_end_duration"] / 1000,
    }


def _ask(cluster: str, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://{cluster}/{path}", timeout=30) as answer:
        return dict(orjson.loads(answer.read()))
