"""Kills runs at random moments, and compares what comes of it with undisturbed runs.

    .venv/bin/python -m benchmarks.faults.kills 100 [--seed 1]

A sequence of commands (ingests in chunks, with copies, versions and rejects, compactions and retags) is run
once in peace. Then each command of it is started and killed with signal 9 again and again, some at once when a commit
is decided, before it may end; when the sequence is over it starts anew on another dataset, until so many kills
have been made. Every dataset must hold the rows of the undisturbed one, pass `dateline check` and have nothing
left in its staging folder.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds

from benchmarks.faults.polls import write_polls
from schemas.tables import FEEDS, PARTITIONING, TABLES

DATELINE = [sys.executable, "-m", "pipelines.command"]
POLLS = 4
KILLS_EACH = 4  # of one command before it may end
LATEST_S = 6.0  # a command takes about so long
AT_COMMIT = 0.4  # the share of kills that wait for a commit to be decided
_LAYOUT = ("run_id", "ingested_at")  # of chunks and runs, whose number depends on the kills


def main() -> None:
    """Runs it from the command line. Raises AssertionError where a dataset differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_polls(root / "polls", POLLS)
        print(kill_and_compare(root, options.kills, random.Random(options.seed)))


def kill_and_compare(root: Path, kills: int, chooser: random.Random) -> str:
    """A line of report. Raises AssertionError, which names the table, where a dataset differs."""
    for command in commands(root, root / "undisturbed"):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wanted = rows_of(root / "undisturbed")
    made = decided = rounds = 0
    while made < kills:
        output = root / f"killed-{rounds}"
        for command in commands(root, output):
            for _ in range(min(KILLS_EACH, kills - made)):
                killed, at_commit = start_and_kill(command, output, chooser)
                made, decided = made + killed, decided + at_commit
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        compare(output, wanted)
        rounds += 1
    rows = ", ".join(f"{len(found):,} {table}" for table, found in wanted.items())
    return f"{made} kills in {rounds} datasets, {decided} of them in a commit: all hold {rows}, as undisturbed"


def commands(root: Path, output: Path) -> Iterator[list[str]]:
    """Each poll is ingested, and all that is stored tagged again and compacted."""
    for poll in range(POLLS):
        clock = f"2025-03-2{poll}T12:00:00Z"
        read = ["--input", f"{root}/polls/{poll}/*", "--output", str(output), "--chunk_bytes", "60000"]
        yield [*DATELINE, "ingest", *read, "--as_of", clock]
        yield [*DATELINE, "retag", str(output), "--again"]
        yield [*DATELINE, "compact", str(output), "--min_files", "2"]


def start_and_kill(command: list[str], output: Path, chooser: random.Random) -> tuple[bool, bool]:
    """Whether a command was killed before it ended, and whether a commit was decided then."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        end = time.monotonic() + chooser.uniform(0, LATEST_S)
        if chooser.random() < AT_COMMIT:
            wait_for_commit(process, output)
            end = time.monotonic() + chooser.uniform(0, 0.03)
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.0005)
        process.kill()
    killed = process.returncode < 0
    return killed, killed and is_decided(output)


def wait_for_commit(process: subprocess.Popen[bytes], output: Path) -> None:
    """Returns when a commit is decided, or the process has ended."""
    while process.poll() is None and not is_decided(output):
        time.sleep(0.0005)


def is_decided(output: Path) -> bool:
    """Whether the dataset has a commit that is decided and not finished."""
    return any(output.glob("_staging/*/intent.json"))


def compare(output: Path, wanted: dict[str, list[str]]) -> None:
    """AssertionError unless a dataset holds these rows, is sound, and has nothing staged."""
    found = rows_of(output)
    for table in wanted.keys() | found:
        assert found.get(table) == wanted.get(table), f"{output}: the rows of {table} differ"
    assert not list((output / "_staging").iterdir()), f"{output}: something is left in _staging"
    subprocess.run([*DATELINE, "check", str(output)], check=True, stdout=subprocess.DEVNULL)


def rows_of(output: Path) -> dict[str, list[str]]:
    """The rows of every table, in an order of their own."""
    found = {}
    for table in (table for table in TABLES if table is not FEEDS and (output / table.name).exists()):
        stored = ds.dataset(output / table.name, format="parquet", partitioning=PARTITIONING).to_table()
        found[table.name] = sorted(map(repr, stored.drop_columns(list(_LAYOUT)).to_pylist()))
    return found


if __name__ == "__main__":
    main()
