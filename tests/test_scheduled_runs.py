"""What befalls runs that a clock starts: they overlap, are missed, are killed and tried again; and how they end."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import exit_codes
from pipelines.command import main
from tests.feed_server import Call, FeedServer, serving
from tests.make import story
from tests.runs import exit_code, rows_of

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def serve(server: FeedServer, *numbers: int) -> None:
    """A feed with a story for each number."""
    items = "".join(
        f"<item><title>Story {number}</title><link>https://example.org/{number}</link>"
        f"<description>{story(number)}</description></item>"
        for number in numbers
    )
    body = f'<rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'.encode()
    server.pages["/feed"] = lambda call: call.answer(body=body)


def arguments(server: FeedServer, output: Path, *more: str) -> list[str]:
    return ["ingest", "--feeds", server.url("/feed"), "--output", str(output), "--allow_private", *more]


def start(server: FeedServer, output: Path, *more: str) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    command = [sys.executable, "-m", "pipelines.command", *arguments(server, output, *more)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stored(output: Path) -> list[dict[str, Any]]:
    """The articles, without what tells when they came."""
    return rows_of(str(output), "articles", ("run_id", "ingested_at", "first_seen_at"))


@pytest.mark.slow
def test_runs_that_overlap_store_what_one_does(server: FeedServer, tmp_path: Path) -> None:
    serve(server, 1, 2, 3)
    assert main(arguments(server, tmp_path / "alone")) == 0
    answer, both_ask, before = server.pages["/feed"], threading.Barrier(2), len(server.calls)

    def when_both_ask(call: Call) -> None:
        if len(server.calls) <= before + 2:  # who is overtaken asks once more
            both_ask.wait(PATIENCE_S)
        answer(call)

    server.pages["/feed"] = when_both_ask
    processes = [start(server, tmp_path / "both") for _ in range(2)]
    assert [process.communicate(timeout=PATIENCE_S) and process.returncode for process in processes] == [0, 0]
    for table in ("articles", "sightings", "rejects"):
        without = ("run_id", "ingested_at", "first_seen_at", "date")
        assert rows_of(str(tmp_path / "both"), table, without) == rows_of(str(tmp_path / "alone"), table, without)
    assert main(["check", str(tmp_path / "both")]) == 0


@pytest.mark.slow
def test_a_run_that_is_missed_is_made_up_for_by_the_next(server: FeedServer, tmp_path: Path) -> None:
    hours = {"01": (1, 2), "02": (1, 2, 3), "03": (2, 3, 4)}
    for hour, numbers in hours.items():
        serve(server, *numbers)
        for output in ("every", "missed"):
            if (output, hour) != ("missed", "02"):
                assert main(arguments(server, tmp_path / output, "--as_of", f"2025-03-22T{hour}:00:00Z")) == 0
    assert len(stored(tmp_path / "every")) == 4
    assert stored(tmp_path / "missed") == stored(tmp_path / "every")


@pytest.mark.slow
def test_a_machine_that_dies_in_a_run_does_it_once_when_it_is_tried_again(server: FeedServer, tmp_path: Path) -> None:
    serve(server, 1, 2)
    answer, asked = server.pages["/feed"], threading.Event()

    def hang(call: Call) -> None:
        asked.set()
        server.ended.wait(PATIENCE_S)

    server.pages["/feed"] = hang
    with start(server, tmp_path, "--run_id", "at-noon") as killed:
        assert asked.wait(PATIENCE_S)
        killed.kill()
    server.pages["/feed"] = answer
    again = arguments(server, tmp_path, "--run_id", "at-noon")
    assert (main(again), len(stored(tmp_path)), list((tmp_path / "_staging").iterdir())) == (0, 2, [])
    serve(server, 1, 2, 3)
    assert (main(again), len(stored(tmp_path))) == (0, 2)


def documented() -> dict[int, str]:
    """The exit codes of docs/operators.md."""
    section = (ROOT / "docs/operators.md").read_text().partition("\n## Exit codes\n")[2].partition("\n## ")[0]
    return {int(code): text for code, text in re.findall(r"^\| (\d+) \| (.+) \|$", section, re.M)}


ENDS = {
    "well": (0, ["ingest", "--input", "{in}/a.txt", "--output", "{out}/new"]),
    "damaged": (1, ["ingest", "--input", "{in}/a.txt", "--output", "{out}/damaged"]),
    "unsound": (1, ["check", "{out}/damaged"]),
    "no-such-option": (2, ["ingest", "--inputs", "{in}/a.txt", "--output", "{out}/new"]),
    "no-such-file": (2, ["ingest", "--input", "{in}/b.txt", "--output", "{out}/new"]),
    "feed-failed": (3, ["ingest", "--feeds", "http://127.0.0.1:9/feed", "--output", "{out}/new"]),
}


@pytest.mark.parametrize(("code", "given"), ENDS.values(), ids=ENDS.keys())
def test_a_command_ends_with_the_code_that_is_documented(code: int, given: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A title\n\nA sentence.")
    (tmp_path / "damaged/_manifests").mkdir(parents=True)
    (tmp_path / "damaged/_manifests/run.json").write_text("{")
    assert exit_code([argument.format(**{"in": tmp_path, "out": tmp_path}) for argument in given]) == code
    assert code in documented()


@pytest.mark.slow
def test_a_run_that_is_interrupted_says_so_and_leaves_nothing(server: FeedServer, tmp_path: Path) -> None:
    asked = threading.Event()
    server.pages["/feed"] = lambda call: (asked.set(), server.ended.wait(PATIENCE_S))
    with start(server, tmp_path) as process:
        assert asked.wait(PATIENCE_S)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said) == (130, "dateline: interrupted; run it again to complete it\n")
    assert list((tmp_path / "_staging").iterdir()) == []


def test_every_exit_code_is_documented() -> None:
    assert documented().keys() == {code for name, code in vars(exit_codes).items() if name.isupper() and name[0] != "_"}
