"""The commands of docs/streaming.md do what it says."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cluster.flink import Flink
from tests.cluster.stream import ROOT, rows_stored
from tests.test_docs import blocks

LOCAL, ON_FLINK, COMPACT = blocks("sh", (ROOT / "docs/streaming.md").read_text())
DATELINE = f"{sys.executable} -m pipelines.command"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the commands read."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("A harbour opens\n\nThe harbour of the old town was opened again on Monday.\n")
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed.xml\n")
    return tmp_path


def started(command: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """A command of the page, in a shell in the folder; it uses this project's scripts and Python."""
    here = command.replace("./run_local.sh", f"{DATELINE} ingest").replace(".venv/bin/dateline", DATELINE)
    here = here.replace("deploy/", f"{ROOT}/deploy/")
    settings = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.Popen(
        ["bash", "-c", f"exec {here}"],
        cwd=folder,
        env=settings,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_rows(process: subprocess.Popen[str], output: Path) -> None:
    """Returns when something is committed. AssertionError if the command ends first, or after three minutes."""
    end = time.monotonic() + 180
    while not rows_stored(output):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.5)


@pytest.mark.cluster
def test_the_local_command_runs_until_it_is_interrupted(folder: Path, prism: list[str]) -> None:
    (command,) = LOCAL.splitlines()
    process = started(f"{command} {' '.join(prism)}", folder)
    wait_for_rows(process, folder / "out")
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    assert said.startswith("Dateline ")
    compact = started(COMPACT.strip(), folder)
    assert "ompact" in compact.communicate(timeout=60)[0]


@pytest.mark.drill
def test_the_commands_for_flink_run_and_a_savepoint_ends_the_stream(folder: Path, flink: Flink) -> None:
    up, ingest, savepoint, down = ON_FLINK.splitlines()
    assert (up.split()[-1], down.split()[-1]) == ("up", "down")  # as the fixture does
    cluster = {"RUN": str(flink.folder), "PORT": str(flink.port)}
    process = started(f"{ingest} --watch '{folder}/in/*.txt'", folder, **cluster)
    wait_for_rows(process, folder / "out")
    path, _ = started(savepoint, folder, **cluster).communicate(timeout=180)
    assert Path(path.strip().removeprefix("file:"), "_metadata").exists()
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    assert said.startswith("Dateline ")
