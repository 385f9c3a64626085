"""What an operator's machine does to a dataset: each fault is told in a line, and leaves the dataset as it was."""

import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from pipelines.command import main
from tests.dataset import NOON, add_articles, contents
from tests.make import story
from tests.small_dataset import make_dataset, make_inputs, tables
from transforms.chunks.unpack_lines import LineUnpacker
from transforms.read_files import FileRange, ReadLimits
from transforms.write.files import write_whole
from transforms.write.lock import hold, is_held
from transforms.write.sorted_rows import map_rows
from transforms.write.staging import begin

ROOT = Path(__file__).parent.parent
# No file may grow beyond so many bytes: the system says so to a write, as it does of a full disk.
FULL = 3_000
ROWS = np.dtype([("key", np.uint64), ("article", np.uint64), ("day", np.int32), ("alias", np.bool_)])


@pytest.fixture
def output(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of three runs."""
    return Path(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_inputs(tmp_path_factory.getbasetemp())


def limit_files(size: int = FULL) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def dateline(*arguments: str, before: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, in which `before` is called first."""
    command = [sys.executable, "-m", "pipelines.command", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=before)


def lose_a_key_file(output: Path) -> None:
    next(output.glob("_keys/exact/*")).unlink()


def leave(output: Path) -> None:
    """Does no damage."""


COMMANDS = {
    "ingest": (leave, ["ingest", "--input", "{inputs}/later/*", "--output", "{output}"]),
    "compact": (leave, ["compact", "{output}"]),
    "repair": (lose_a_key_file, ["check", "{output}", "--repair"]),
    "backfill": (leave, ["ingest", "--input", "{inputs}/later/*", "--output", "{output}", "--chunk_bytes", "2K"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("damage", "command"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_full_disk_is_told_and_costs_nothing(
    damage: Callable[[Path], None], command: list[str], output: Path, inputs: Path
) -> None:
    damage(output)
    before = tables(output)
    given = [argument.format(inputs=inputs, output=output) for argument in command]
    stopped = dateline(*given, before=limit_files)
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1].startswith("dateline: ")
    assert f"File too large: '{output}/_staging/" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert tables(output) == before
    assert list(output.glob("_staging/*")) == []
    assert main(given) == 0
    assert main(["check", str(output)]) == 0


def in_a_child(work: Callable[[], object]) -> str:
    """What OSError some work raises where nothing more can be written."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        limit_files(0)
        try:
            work()
        except OSError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)  # whatever is raised: the child must not run the tests that follow
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return pipe.read()


def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "part.staged")
    assert "File too large: '" + path in in_a_child(lambda: write_whole(path, b"some bytes"))


def test_a_full_disk_is_told_by_the_lock(tmp_path: Path) -> None:
    path = str(tmp_path / "_lock")
    assert in_a_child(lambda: hold(path).__enter__()).endswith(f"File too large: '{path}'")


def test_a_full_disk_is_no_damage_of_the_packed_file_that_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "lines.gz"
    path.write_bytes(gzip.compress(b'{"title": "A"}\n' * 9))
    parts = [FileRange(os.fsencode(path), 0, 60)]
    told = in_a_child(lambda: LineUnpacker(ReadLimits()).copy(parts, str(tmp_path)))
    assert f"File too large: '{tmp_path}/_lines-0" in told


def test_keys_that_a_full_disk_has_cut_off_are_never_taken_for_all(output: Path) -> None:
    paths = sorted(map(str, output.glob("_keys/exact/*")))
    told = in_a_child(lambda: map_rows(paths, ROWS, str(output / "_staging")))
    assert f"File too large: '{output}/_staging/" in told
    assert list(output.glob("_staging/*")) == []


def test_a_full_disk_before_anything_has_begun_is_told_in_a_line(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: str) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr("transforms.write.staging.hold", refuse)
    assert main(["compact", str(output)]) == 1
    assert capsys.readouterr().err.startswith("dateline: [Errno 28] No space left on device: ")


READ_ONLY = {
    "ingest": (["ingest", "--input", "{inputs}/later/*", "--output", "{output}"], 2),
    "ingest of what is not there": (["ingest", "--input", "{inputs}/later/*", "--output", "{output}/new"], 2),
    "compact": (["compact", "{output}"], 2),
    "check": (["check", "{output}"], 1),
    "repair": (["check", "{output}", "--repair"], 2),
}


@contextmanager
def only_to_be_read(folder: Path) -> Iterator[None]:
    """Nobody may write to a folder and what is in it; root neither, where it may mount."""
    if os.geteuid():
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield
        for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
            path.chmod(0o755)
        return
    bind = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(bind, capture_output=True).returncode:
        pytest.skip("no mount is allowed")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("command", "code"), READ_ONLY.values(), ids=READ_ONLY.keys())
def test_a_folder_that_may_only_be_read_is_named(
    command: list[str], code: int, output: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_a_key_file(output)
    (output / "_staging/dead").mkdir()
    (output / "_staging/dead/_alive").touch()
    before = tables(output)
    with only_to_be_read(output):
        assert main([text.format(inputs=inputs, output=output) for text in command]) == code
    told = capsys.readouterr()
    if code == 2:
        assert f"output {str(output)!r}"[:-1] in told.err
        assert "cannot be written: [Errno " in told.err
    else:
        assert "keys missing" in told.out
        assert "left by a run that died" in told.out
    assert tables(output) == before


def test_looking_at_a_lock_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "_alive"
    assert not is_held(str(path))
    assert not path.exists()
    path.touch(mode=0o444)
    with hold(str(tmp_path / "other")):
        assert is_held(str(tmp_path / "other"))
    assert not is_held(str(path))


def test_a_clock_that_goes_back_keeps_the_order_of_commits(tmp_path: Path) -> None:
    for number, clock in enumerate((NOON, NOON - 86_400_000_000, 5, NOON + 60)):
        add_articles(str(tmp_path), f"r{number}", range(3 * number, 3 * number + 3), clock)
    assert len(contents(str(tmp_path))["articles"]) == 12
    with begin(str(tmp_path), "last", 0) as run:
        assert run.ingested_at == NOON + 61


def test_an_ingest_whose_clock_is_before_the_last_adds_nothing_twice(output: Path, inputs: Path) -> None:
    before = tables(output)
    clock = ("--as_of", "2025-03-01T00:00:00Z", "--compact", "never")
    assert main(["ingest", "--input", f"{inputs}/[123]/*", "--output", str(output), *clock]) == 0
    assert tables(output) == before
    assert main(["check", str(output)]) == 0


FOREIGN = {
    "a file of another program": ("articles/date=2025-03-21/notes.csv", 0),
    "a database": ("articles/news.duckdb", 0),
    "an unfinished copy": ("sightings/date=2025-03-22/.part.parquet.swp", 0),
    "a Parquet file of another program": ("articles/date=2025-03-21/notes.parquet", 1),
    "a Parquet file beside the partitions": ("articles/notes.parquet", 1),
    "a Parquet file among the keys": ("_keys/exact/notes.parquet", 1),
}


@pytest.mark.parametrize(("name", "code"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_file_is_left_alone_or_named(
    name: str, code: int, output: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tables(output)
    (output / name).write_bytes(b"PAR1 some other thing PAR1")
    assert main(["ingest", "--input", f"{inputs}/1/*", "--output", str(output), "--compact", "never"]) == code
    assert (f"{output}/{name}: " in capsys.readouterr().err) == bool(code)
    assert (output / name).read_bytes() == b"PAR1 some other thing PAR1"
    main(["check", str(output), "--repair"])
    assert main(["check", str(output)]) == 0
    assert tables(output) == before


def test_copies_published_at_one_time_are_one_article(tmp_path: Path) -> None:
    """A flood in which all but one word is the same, and the time tells nothing of which came first."""
    text = story(3, 220)
    lines = [
        f'{{"url": "https://example.org/{n}", "title": "Results of the day", "body": "{text} {n}", '
        f'"source": "wire-{n % 7}", "published_at": "2025-03-12T08:00:00Z"}}\n'
        for n in range(1_500)
    ]
    (tmp_path / "flood.jsonl").write_text("".join(lines))
    given = ["--input", str(tmp_path / "flood.jsonl"), "--as_of", "2025-03-22T12:00:00Z", "--run_id", "r"]
    assert main(["ingest", "--output", str(tmp_path / "out"), *given]) == 0
    found = tables(tmp_path / "out")
    assert (len(found["articles"]), len(found["sightings"])) == (1, 7)
