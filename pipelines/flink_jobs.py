"""Jobs on a Flink cluster, through its REST API (https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/)."""

import json
from typing import Any
from urllib.request import Request, urlopen

_TIMEOUT_S = 30


def find_jobs(master: str, names: set[str]) -> list[str]:
    """The ids of the jobs of these names that have not ended; `master` is host:port or the URL of the cluster.

    Raises OSError where the cluster does not answer, ValueError where something else does.
    """
    jobs = _ask(master, "jobs/overview")["jobs"]
    return [job["jid"] for job in jobs if job["name"] in names and job["end-time"] < 0]


def cancel_jobs(master: str, name: str) -> None:
    """Cancel the jobs of a name; raises as `find_jobs`.

    Beam's job server only stops waiting for a job that it is asked to cancel.
    """
    for job in find_jobs(master, {name}):
        _ask(master, f"jobs/{job}?mode=cancel", "PATCH")


def _ask(master: str, path: str, method: str = "GET") -> Any:
    address = (master if "://" in master else f"http://{master}").rstrip("/")
    with urlopen(Request(f"{address}/{path}", method=method), timeout=_TIMEOUT_S) as answer:
        return json.load(answer)
