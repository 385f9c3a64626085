"""Jobs on a Flink cluster, through its REST API (https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/)."""

import json
from typing import Any
from urllib.request import Request, urlopen

_TIMEOUT_S = 30


def cancel_jobs(master: str, name: str) -> None:
    """Cancel the jobs of a name that have not ended; `master` is host:port or the URL of the cluster.

    Beam's job server only stops waiting for a job that it is asked to cancel. Raises OSError where the cluster does
    not answer.
    """
    address = master if "://" in master else f"http://{master}"
    for job in _ask(f"{address}/jobs/overview")["jobs"]:
        if job["name"] == name and job["end-time"] < 0:
            _ask(f"{address}/jobs/{job['jid']}?mode=cancel", "PATCH")


def _ask(url: str, method: str = "GET") -> Any:
    with urlopen(Request(url, method=method), timeout=_TIMEOUT_S) as answer:
        return json.load(answer)
