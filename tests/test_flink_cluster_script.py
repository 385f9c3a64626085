"""The script for a Flink cluster, against a server that answers as Flink's REST API does."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.feed_server import Call, FeedServer, serving
from tests.test_docs import ROOT

ENDED, ONE, TWO = (
    {"jid": jid, "name": f"dateline-{jid}", "state": state, "end-time": -1, "tasks": {"running": 11}}
    for jid, state in (("aaa", "FINISHED"), ("bbb", "RUNNING"), ("ccc", "RUNNING"))
)

SAVEPOINTS = {
    "the one that runs": ([ENDED, ONE], [], "bbb"),
    "one of several": ([ONE, TWO], ["ccc"], "ccc"),
}
FAILURES = {
    "several": ([ENDED, ONE, TWO], [], ["bbb dateline-bbb", "ccc dateline-ccc"]),
    "none": ([ENDED], [], ["No job runs at 127.0.0.1:"]),
    "no such job": ([ONE], ["ddd"], ["No job ddd runs at 127.0.0.1:"]),
}


def savepoint(
    server: FeedServer, folder: Path, jobs: list[dict[str, Any]], *job: str
) -> subprocess.CompletedProcess[str]:
    pages: dict[str, Any] = {"/jobs/overview": {"jobs": jobs}}
    for each in jobs:
        pages[f"/jobs/{each['jid']}/stop"] = {"request-id": "t1"}
        pages[f"/jobs/{each['jid']}/savepoints/t1"] = {"operation": {"location": f"file:/saved/{each['jid']}"}}
    for path, page in pages.items():
        server.pages[path] = partial(_answer, page)
    settings = os.environ | {"RUN": str(folder), "PORT": str(server.server_port)}
    command = [str(ROOT / "deploy/flink/cluster.sh"), "savepoint", *job]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


def _answer(page: Any, call: Call) -> None:
    call.answer(body=json.dumps(page, separators=(",", ":")).encode())


@pytest.mark.parametrize(("jobs", "given", "saved"), SAVEPOINTS.values(), ids=SAVEPOINTS.keys())
def test_a_job_is_ended_with_a_savepoint(
    jobs: list[dict[str, Any]], given: list[str], saved: str, tmp_path: Path
) -> None:
    with serving() as server:
        ran = savepoint(server, tmp_path, jobs, *given)
    assert (ran.returncode, ran.stdout) == (0, f"file:/saved/{saved}\n"), ran.stderr


@pytest.mark.parametrize(("jobs", "given", "told"), FAILURES.values(), ids=FAILURES.keys())
def test_what_cannot_be_told_apart_is_named(
    jobs: list[dict[str, Any]], given: list[str], told: list[str], tmp_path: Path
) -> None:
    with serving() as server:
        ran = savepoint(server, tmp_path, jobs, *given)
        assert not [path for path, _ in server.calls if path.endswith("bbb/stop")]
    assert ran.returncode == 1
    assert all(line in ran.stderr for line in told), ran.stderr
