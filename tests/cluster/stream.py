"""Streams that tests start as an operator does, and what has come of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from schemas.tables import PARTITIONING

ROOT = Path(__file__).parents[2]
FLUSH_S = 5
TABLES = {  # by what its rows are told apart
    "articles": ["article_id", "version"],
    "sightings": ["article_id", "source", "url", "content_hash"],
    "rejects": ["reason", "detail"],
}
# Of a row, when it was stored and by which run.
CHANGING = ["run_id", "ingested_at", "first_seen_at", "pipeline_version"]
DATELINE = [sys.executable, "-m", "pipelines.command"]


class Stream:
    """`dateline ingest --streaming` in a process of its own, which logs beside its dataset."""

    def __init__(self, output: Path, arguments: list[str]) -> None:
        self.output = output
        self.log = output.with_suffix(".log")
        self.arguments = ["--streaming", "--flush", str(FLUSH_S), "--output", str(output), *arguments]
        self.start()

    def start(self, *arguments: str, code: Path = ROOT) -> None:
        """Begin, or begin once more after it has ended; by other code, if that is given."""
        command = [*DATELINE, "ingest", *self.arguments, *arguments]
        environment = os.environ | {"PYTHONPATH": str(code)}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=code, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self) -> None:
        """Ctrl-C: what has been read is committed. AssertionError if the command does not end well."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(180) == 0, self.tail()

    def kill(self) -> None:
        """Kill -9 of the command and of the servers that it has started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_for(self, reached: Callable[[], bool], seconds: float = 240) -> None:
        """Returns when something has come about. AssertionError if that takes longer, or the command ends first."""
        end = time.monotonic() + seconds
        while not reached():
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.tail()}"
            assert time.monotonic() < end, f"waited for {seconds} s: {self.tail()}"
            time.sleep(0.2)

    def wait_for_rows(self, number: int, seconds: float = 240) -> None:
        """Returns when so many rows are committed."""
        self.wait_for(lambda: rows_stored(self.output) >= number, seconds)

    def tail(self) -> str:
        return self.log.read_text()[-3000:]


@contextmanager
def streaming(output: Path, arguments: list[str]) -> Iterator[Stream]:
    """A stream that is killed at the end, if it has not been stopped."""
    stream = Stream(output, arguments)
    try:
        yield stream
    finally:
        if stream.process.poll() is None:
            stream.kill()


def rows_stored(output: Path) -> int:
    """How many rows the commits of a dataset have, of the tables that are compared."""
    manifests = [json.loads(path.read_text()) for path in output.glob("_manifests/*.json")]
    added = [each["tables"] for each in manifests if each["command"] != "compact"]
    return sum(tables[table]["rows"] for tables in added for table in TABLES if table in tables)


def batch(output: Path, *arguments: str) -> Path:
    """What one ingest makes of the same."""
    subprocess.run(
        [*DATELINE, "ingest", "--output", str(output), *arguments], cwd=ROOT, check=True, capture_output=True
    )
    return output


def batch_of(folder: Path, messages: list[bytes]) -> Path:
    """What one ingest makes of the same messages."""
    (folder / "messages.jsonl").write_bytes(b"\n".join(messages))
    return batch(folder / "batch", "--input", str(folder / "messages.jsonl"))


def assert_same_rows(output: Path, wanted: Path, tables: Iterable[str] = TABLES) -> None:
    """AssertionError where a table lacks a row of the other dataset, or has one that is not there, or is there once."""
    for table in tables:
        found, expected = (read_rows(each, table) for each in (output, wanted))
        lost, added = keys(table, expected) - keys(table, found), keys(table, found) - keys(table, expected)
        assert not lost, f"{table}: {lost.total()} rows are lost: {sorted(lost)[:3]}"
        assert not added, f"{table}: {added.total()} rows are too many: {sorted(added)[:3]}"
        differing = [name for name in found.column_names if found[name] != expected[name]]
        assert not differing, f"{table}: these columns differ: {differing}"
    subprocess.run([*DATELINE, "check", str(output)], cwd=ROOT, check=True)


def read_rows(output: Path, table: str) -> pa.Table:
    """The rows of a table in their order, without what differs from run to run."""
    # A reject is filed by when it was stored, and knows when it was read; its source is a file here, a topic there.
    left_out = [*CHANGING, "source", "date", "context"] if table == "rejects" else CHANGING
    stored = ds.dataset(output / table, format="parquet", partitioning=PARTITIONING).to_table()
    return stored.drop_columns(left_out).sort_by([(name, "ascending") for name in TABLES[table]])


def keys(table: str, rows: pa.Table) -> Counter[tuple[object, ...]]:
    """What tells rows apart, and how often it is there."""
    return Counter(zip(*(rows[name].to_pylist() for name in TABLES[table]), strict=True))
