"""An input larger than a chunk, through the whole pipeline: the rows of one run, whatever stops it on the way."""

import gzip
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

import pipelines.run_ingest
from pipelines.backfill import Backfill, join_manifests, run_chunks
from pipelines.command import main
from pipelines.progress import Behind
from pipelines.summary import summary_lines
from schemas.errors import AlreadyCommitted
from tests.feed_server import Call, serving
from tests.make import story
from tests.runs import rows_of
from transforms.chunks.chunk import Piece
from transforms.ledger import OUTCOMES
from transforms.read_files import FileRange
from transforms.write.manifests import manifest_path, read_json, write_json

ROOT = Path(__file__).parent.parent
COMMAND = ("--as_of", "2025-03-24T12:00:00Z", "--compact", "never")
CHUNK = "40000"
COPIED = range(0, 40, 5)
# None that has a later version: a text that comes back after a chunk with that is taken for a return to it.
AGAIN = [number for number in range(20, 35) if number - 2 not in COPIED]


def line(number: int, **given: str) -> bytes:
    """An article of about 500 bytes."""
    fields = {
        "url": f"https://example.org/{number}",
        "title": f"Story {number} of the harbour",
        "body": story(number, 60),
        "published_at": f"2025-03-{10 + number % 3}T12:{number % 60:02}:00Z",
        "source": "wire",
    }
    return orjson.dumps(fields | given) + b"\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three chunks: of lines, packed lines, texts; copies, new versions, near-duplicates and rejects among them."""
    folder = tmp_path_factory.mktemp("input")
    (folder / "a.jsonl").write_bytes(b"".join(map(line, range(30))) + b"{no json\n")
    # Published later: which of two that were published at once represents them depends on the chunks.
    others = {"published_at": "2025-03-12T23:00:00Z"}
    copies = [line(n, url=f"https://other.example.org/{n}", source="other", **others) for n in COPIED]
    near = [line(n + 1, url="", title=f"Story {n + 1} of our harbour", source="third", **others) for n in COPIED]
    later = [line(n + 2, body=story(n + 100, 60), updated_at="2025-03-20T12:00:00Z") for n in COPIED]
    packed = b"".join([*map(line, range(30, 50)), *copies, *near, *later, *map(line, AGAIN), b"[]\n"])
    (folder / "b.gz").write_bytes(gzip.compress(packed))
    (folder / "c.txt").write_text(f"A text of its own\n\n{story(500, 80)}")
    (folder / "d.txt").write_text(" ")
    return folder


def ingest(folder: Path, output: Path, *arguments: str) -> int:
    """The exit code of one command."""
    return main(["ingest", "--input", f"{folder}/*", "--output", str(output), *COMMAND, *arguments])


def contents(output: Path) -> dict[str, Any]:
    """What no order of runs may change."""
    articles = [(row["article_id"], row["version"], row["content_hash"]) for row in rows_of(str(output), "articles")]
    sightings = [(row["article_id"], Path(row["source"]).name, row["url"]) for row in rows_of(str(output), "sightings")]
    rejects = [(row["reason"], row["detail"], Path(row["source"]).name) for row in rows_of(str(output), "rejects")]
    return {"articles": sorted(articles), "sightings": sorted(sightings, key=repr), "rejects": sorted(rejects)}


def manifests(output: Path) -> list[dict[str, Any]]:
    return [read_json(str(path)) for path in sorted(output.glob("_manifests/*.json"))]


def outcomes(output: Path) -> dict[str, int]:
    """Of all runs together."""
    counts = [manifest["counts"] for manifest in manifests(output)]
    return {name: sum(count[name] for count in counts) for name in ("reads", *OUTCOMES)}


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("whole")
    assert ingest(folder, output, "--chunk_bytes", "0", "--run_id", "r") == 0
    return output


@pytest.fixture(scope="module")
def chunked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("chunked")
    assert ingest(folder, output, "--chunk_bytes", CHUNK, "--run_id", "r") == 0
    return output


def test_in_chunks_the_same_is_stored_as_in_one_go(whole: Path, chunked: Path) -> None:
    assert len(manifests(chunked)) >= 3
    assert len(manifests(whole)) == 1
    assert contents(chunked) == contents(whole)
    counts = outcomes(chunked)
    assert counts == outcomes(whole)
    assert min(counts.values()) > 0


def test_each_manifest_says_which_part_it_is(folder: Path, chunked: Path) -> None:
    places = [manifest["backfill"] for manifest in manifests(chunked)]
    of = len(places)
    assert [place["chunk"] for place in places] == list(range(1, of + 1))
    assert {(place["run_id"], place["of"]) for place in places} == {("r", of)}
    assert [manifest["run_id"] for manifest in manifests(chunked)] == [f"r.{number}" for number in range(1, of + 1)]
    assert places[0]["from"] == {"path": f"{folder}/a.jsonl", "byte": 0}
    assert places[-1]["to"] == {"path": f"{folder}/d.txt"}


def test_when_it_is_done_nothing_is_remembered_of_it(chunked: Path) -> None:
    assert not list(chunked.glob("_manifests/_backfill*"))
    assert list(chunked.glob("_staging/*")) == []


@pytest.mark.parametrize("chunk_bytes", [CHUNK, "64MB"])
def test_its_run_id_commits_once(folder: Path, chunked: Path, chunk_bytes: str, capsys: Any) -> None:
    before = contents(chunked)
    assert ingest(folder, chunked, "--chunk_bytes", chunk_bytes, "--run_id", "r") == 0
    assert "run r has committed" in capsys.readouterr().out
    assert contents(chunked) == before


def test_the_summary_is_of_all_chunks(whole: Path, chunked: Path) -> None:
    (alone,) = manifests(whole)
    joined = join_manifests("r", manifests(chunked))
    told, expected = (
        [line for line in summary_lines(str(output), found) if str(output) not in line and "documents" not in line]
        for output, found in ((chunked, joined), (whole, alone))
    )
    assert told == expected


@pytest.fixture
def own_folder(folder: Path, tmp_path: Path) -> Path:
    """A copy of the input, to be changed."""
    return Path(shutil.copytree(folder, tmp_path / "input"))


@pytest.fixture
def stopped(own_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Path:
    """A dataset whose backfill ran out of disk in its second chunk."""
    run, calls = pipelines.run_ingest.run_pipeline, 0

    def run_once(*given: Any) -> dict[str, int]:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        return run(*given)

    monkeypatch.setattr(pipelines.run_ingest, "run_pipeline", run_once)
    assert ingest(own_folder, tmp_path / "out", "--chunk_bytes", CHUNK, "--run_id", "r") == 1
    told = capsys.readouterr().err
    assert "chunk 2 of" in told
    assert "No space left on device" in told
    monkeypatch.setattr(pipelines.run_ingest, "run_pipeline", run)
    return tmp_path / "out"


def test_the_same_command_goes_on_where_it_was(
    own_folder: Path, stopped: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = manifests(stopped)
    later = ("--as_of", "2025-03-25T12:00:00Z")  # given once more, the last one counts
    assert ingest(own_folder, stopped, "--chunk_bytes", CHUNK, "--run_id", "r", *later) == 0
    assert "goes on: 1 of" in capsys.readouterr().err
    assert contents(stopped) == contents(whole)
    assert outcomes(stopped) == outcomes(whole)
    assert {manifest["started_at"] for manifest in manifests(stopped)} == {first["started_at"]}


def test_a_chunk_that_was_committed_elsewhere_is_told_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backfill = Backfill("r", 0, 1, [[Piece(FileRange(b"a"), 5)], [Piece(FileRange(b"b"), 5)]])
    (tmp_path / "_manifests").mkdir()

    def commit(number: int, behind: Behind) -> None:
        write_json(manifest_path(str(tmp_path), backfill.id_of(number)), {"counts": {"reads": 2}, "tables": {}})
        if not number:
            raise AlreadyCommitted("run r.1 has committed before")

    assert run_chunks(str(tmp_path), backfill, commit)["counts"] == {"reads": 4}
    assert capsys.readouterr().err == "dateline: run r.1 has committed before\n"


@pytest.mark.slow
def test_an_input_that_has_changed_is_planned_anew(
    own_folder: Path, stopped: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_folder / "e.txt").write_text(f"One more text\n\n{story(501, 80)}")
    assert ingest(own_folder, stopped, "--chunk_bytes", CHUNK, "--run_id", "r") == 0
    assert "its input has changed" in capsys.readouterr().err
    more = contents(stopped)
    assert {name: len(rows) for name, rows in more.items()} == {
        name: len(rows) + (name != "rejects") for name, rows in contents(whole).items()
    }
    assert set(contents(whole)["articles"]) < set(more["articles"])
    assert [place["chunk"] for place in (found["backfill"] for found in manifests(stopped))][:2] == [1, 1]


@pytest.fixture
def two_texts(tmp_path: Path) -> Path:
    """A chunk each, of 2 KB."""
    (tmp_path / "input").mkdir()
    for number in (1, 2):
        (tmp_path / f"input/{number}.txt").write_text(f"Text {number}\n\n{story(number, 150)}")
    return tmp_path / "input"


@pytest.mark.slow
def test_feeds_are_polled_in_one_chunk(two_texts: Path, tmp_path: Path) -> None:
    with serving() as server:
        server.pages = {"/feed": Call.answer}
        feeds = ("--feeds", server.url("/feed"), "--allow_private", "--chunk_bytes", "2K")
        assert ingest(two_texts, tmp_path / "out", *feeds) == 0
        assert [path for path, _ in server.calls] == ["/feed"]
    assert [found["counts"].get("feeds_polled", 0) for found in manifests(tmp_path / "out")] == [1, 0]


def test_with_another_runner_there_are_no_chunks(two_texts: Path, tmp_path: Path) -> None:
    assert ingest(two_texts, tmp_path / "out", "--chunk_bytes", "2K", "--runner", "BundleBasedDirectRunner") == 0
    assert ["backfill" in found for found in manifests(tmp_path / "out")] == [False]


def start(folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "pipelines.command", "ingest", "--input", f"{folder}/*", "--output", str(output)]
    return subprocess.Popen(
        [*command, *COMMAND, "--chunk_bytes", "25000", "--run_id", "r"], cwd=ROOT, stdout=subprocess.DEVNULL
    )


@pytest.mark.slow
def test_kills_leave_the_rows_of_an_undisturbed_run(folder: Path, whole: Path, tmp_path: Path) -> None:
    chooser = random.Random(7)
    for _ in range(5):
        with start(folder, tmp_path) as process:
            time.sleep(chooser.uniform(2, 5))
            process.send_signal(signal.SIGKILL)
    with start(folder, tmp_path) as process:
        assert process.wait() == 0
    assert contents(tmp_path) == contents(whole)
    assert outcomes(tmp_path) == outcomes(whole)
    assert list((tmp_path / "_staging").iterdir()) == list(tmp_path.glob("_manifests/_backfill*")) == []
