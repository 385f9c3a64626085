"""Folders that grow: what is read of them, when, and how often."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue

from schemas.cursors import Cursor
from schemas.errors import UsageError
from schemas.records import Document
from transforms.read_files import ReadLimits
from transforms.stream.commit_window import commit_window
from transforms.stream.parcels import unwrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources import folders_watch
from transforms.stream.sources.folders import FoundFile, LookForFiles, WatchFolders, split_found
from transforms.stream.sources.folders_listing import is_unfinished, make_keys
from transforms.stream.sources.folders_watch import Watch, look
from transforms.stream.stopping import ask_to_stop
from transforms.write.cursors_table import read_cursors


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders_watch, "LOOK_S", 0.002)


class Bag(list[bytes]):
    """The runner's bag state."""

    read = list.__iter__
    add = list.append


class Value:
    """The runner's state of one value."""

    content: bytes | None = None

    def read(self) -> bytes | None:
        return self.content

    def write(self, content: bytes) -> None:
        self.content = content


class Runner:
    """Runs ticks of one pattern, as a runner does; `state` outlives a worker."""

    def __init__(
        self, output: Path, pattern: str, state: tuple[Bag, Value] | None = None, is_once: bool = False
    ) -> None:
        self.pattern = pattern
        self.state = state or (Bag(), Value())
        self.look_for_files = LookForFiles(str(output), frozenset([pattern] if is_once else []))
        self.look_for_files.setup()
        self.parcels: list[Any] = []

    def tick(self) -> list[str]:
        """The names of the files that one tick has read."""
        found = []
        for out in self.look_for_files.process((self.pattern, 0), *self.state):
            if isinstance(out, FoundFile):
                found.append(os.path.basename(os.fsdecode(out.name)))
            else:
                self.parcels.append(out.value)
        return found

    def looks(self, count: int = 4) -> list[str]:
        """The files of some looks."""
        found = self.tick()
        watch = self.look_for_files._watches[self.pattern]
        for _ in range(2 * count):  # a look starts at one tick and ends at another
            while watch.is_idle() and not watch._is_over:
                time.sleep(0.001)
            found += self.tick()
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def runner(tmp_path: Path, folder: Path) -> Runner:
    return Runner(tmp_path / "out", f"{folder}/*")


UNFINISHED = [".a.txt", "a.txt~", "~$a.docx", "a.tmp", "a.TXT.PART", "a.txt.crdownload", ".a.txt.Xy12", "a.txt.swp"]


@pytest.mark.parametrize("name", UNFINISHED)
def test_a_name_that_tools_write_under_is_left_alone(name: str) -> None:
    assert is_unfinished(f"in/{name}")


@pytest.mark.parametrize("name", ["a.txt", "temporary.html", "part", "a.tmp.txt"])
def test_other_names_are_read(name: str) -> None:
    assert not is_unfinished(f".hidden.tmp/{name}")


def test_a_new_file_is_read_once(runner: Runner, folder: Path) -> None:
    assert runner.looks() == []
    (folder / "a.txt").write_text("One")
    assert runner.looks() == ["a.txt"]
    assert runner.looks() == []
    (folder / "b.txt").write_text("Two")
    (folder / "c.part").write_text("Thr")
    assert runner.looks() == ["b.txt"]


def test_its_parcels_say_what_was_read(runner: Runner, folder: Path) -> None:
    (folder / "a.txt").write_text("One")
    os.utime(folder / "a.txt", ns=(0, 1_700_000_000_123_456_000))
    runner.looks()
    contents = unwrap(runner.parcels)
    assert contents.counts == [{"files": 1, "looks_failed": 0}]
    assert contents.cursors == [Cursor(runner.pattern, f"{folder}/a.txt", 3, 1_700_000_000_123_456)]


def test_a_file_is_read_when_it_rests(folder: Path) -> None:
    path = folder / "a.txt"
    before = make_keys([])
    for text in ("H", "He", "Hel"):
        path.write_text(text)
        found = look(f"{folder}/*", make_keys([]), before, is_once=False)
        assert not found.whole
        before = found.unseen
    assert [file.path for _, file in look(f"{folder}/*", make_keys([]), before, is_once=False).whole] == [str(path)]


CHANGES: dict[str, Callable[[Path], object]] = {
    "it grew": lambda path: path.write_text("One and more"),
    "another time": lambda path: os.utime(path, (1, 1)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_changed_is_read_again(runner: Runner, folder: Path, change: Callable[[Path], object]) -> None:
    (folder / "a.txt").write_text("One")
    assert runner.looks() == ["a.txt"]
    change(folder / "a.txt")
    assert runner.looks() == ["a.txt"]


def test_a_file_that_vanishes_is_a_reject_of_reading(folder: Path) -> None:
    (document,) = read(FoundFile(os.fsencode(folder / "gone.txt"), 3, 1.0))
    assert document.failure == "UnreadableFile"


def test_a_file_that_vanishes_between_looks_is_not_read(folder: Path) -> None:
    (folder / "a.txt").write_text("One")
    before = look(f"{folder}/*", make_keys([]), make_keys([]), is_once=False).unseen
    (folder / "a.txt").unlink()
    assert not look(f"{folder}/*", make_keys([]), before, is_once=False).whole


def test_large_json_lines_are_read_in_slices(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b'{"title": "x"}\n' * 100)
    documents = list(read(FoundFile(os.fsencode(folder / "a.jsonl"), 1500, 1.0)))
    assert len(documents) > 5
    assert b"".join(document.data for document in documents) == b'{"title": "x"}\n' * 100


def read(found: FoundFile) -> Iterator[Document]:
    from transforms.stream.sources.folders import _read_now

    limits = ReadLimits(document=1000, slice=200)
    for part in split_found(found, limits, ""):
        yield from _read_now(part, limits)


def test_a_name_that_is_no_text_is_read(runner: Runner, folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.txt")).write_text("One")
    (folder / os.fsdecode(b"\xfe.txt")).write_text("One")
    assert len(runner.looks()) == 2
    assert {cursor.item for cursor in unwrap(runner.parcels).cursors} == {
        f"{folder}/\\udcff.txt",
        f"{folder}/\\udcfe.txt",
    }


def test_another_worker_goes_on_from_the_state(runner: Runner, folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text("One")
    runner.looks()
    other = Runner(tmp_path / "out", runner.pattern, runner.state)
    (folder / "b.txt").write_text("Two")
    assert other.looks() == ["b.txt"]
    (folder / "c.txt").write_text("Three")
    assert runner.looks() == ["c.txt"]  # the first one's memory is behind the state


def test_a_tick_that_is_taken_back_is_read_again(runner: Runner, folder: Path) -> None:
    (folder / "a.txt").write_text("One")
    before = Bag(runner.state[0]), runner.state[1].read()
    assert runner.looks() == ["a.txt"]
    runner.state = (before[0], Value())
    assert runner.looks() == ["a.txt"]


def test_without_state_it_goes_on_from_the_dataset(
    runner: Runner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_text("One")
    runner.looks()
    stored = unwrap(runner.parcels).cursors
    monkeypatch.setattr("transforms.stream.sources.folders.read_cursors", lambda output, source: stored)
    (folder / "b.txt").write_text("Two")
    assert Runner(tmp_path / "out", runner.pattern).looks() == ["b.txt"]


def test_input_is_read_once_as_it_is(tmp_path: Path, folder: Path) -> None:
    (folder / "a.txt").write_text("One")
    (folder / ".b.tmp").write_text("Two")
    runner = Runner(tmp_path / "out", f"{folder}/*", is_once=True)
    assert sorted(runner.looks()) == [".b.tmp", "a.txt"]
    (folder / "c.txt").write_text("Three")
    assert runner.looks() == []


def test_input_that_matches_nothing_is_an_error(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match="matches no file from"):
        Runner(tmp_path / "out", f"{folder}/*", is_once=True).looks()


def test_many_files_go_a_tick_at_a_time(runner: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders_watch, "_MOST_FILES", 3)
    monkeypatch.setattr(folders_watch, "_MOST_BYTES", 10)
    for number in range(7):
        (folder / str(number)).write_text("x")
    (folder / "large").write_text("x" * 100)
    taken = [found for _ in range(40) if (found := runner.tick()) or time.sleep(0.003)]
    assert max(map(len, taken)) == 3
    assert sorted(name for names in taken for name in names) == [*map(str, range(7)), "large"]


def test_a_look_that_fails_is_counted_and_tried_again(
    runner: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders_watch, "_REST", 1)
    (folder / "a.txt").write_text("One")
    with monkeypatch.context() as broken:
        broken.setattr("transforms.stream.sources.folders_listing.match_files", _no_disk)
        runner.looks()
    assert sum(counts["looks_failed"] for counts in unwrap(runner.parcels).counts) > 0
    assert runner.looks() == ["a.txt"]


def _no_disk(pattern: str) -> Any:
    raise OSError(5, "Input/output error", pattern)


def test_nothing_is_looked_up_once_it_is_to_stop(runner: Runner, folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text("One")
    ask_to_stop(str(tmp_path / "out"))
    assert runner.looks() == []


def test_pieces_of_state_become_one_and_files_that_are_gone_are_forgotten(
    runner: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.stream.sources.folders._MOST_PIECES", 3)
    for number in range(6):
        (folder / f"{number}.txt").write_text("x")
        assert runner.looks() == [f"{number}.txt"]
        if number == 1:
            (folder / "0.txt").unlink()
    assert len(runner.state[0]) < 5
    assert sum(map(len, runner.state[0])) == 5 * 8
    assert runner.looks() == []


def test_the_cursors_of_files_that_are_gone_leave_the_dataset(
    runner: Runner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.stream.sources.folders._MOST_PIECES", 3)
    output = str(tmp_path / "out")
    for number in range(6):
        (folder / f"{number}.txt").write_text("x")
        assert runner.looks() == [f"{number}.txt"]
        commit_window(StreamSettings(output, "s", 5), 5 * number + 5, runner.parcels)
        runner.parcels.clear()
        if number == 1:
            (folder / "0.txt").unlink()
    stored = read_cursors(output, runner.pattern)
    assert [os.path.basename(cursor.item) for cursor in stored] == [f"{number}.txt" for number in range(1, 6)]


def test_a_folder_that_seems_empty_is_not_forgotten() -> None:
    with ThreadPoolExecutor(1) as threads:
        watch = Watch("in/*", threads)
    watch.load(b"mark", [np.array([5, 7], np.uint64), np.array([6], np.uint64)])
    assert watch.forget_gone().tolist() == [5, 6, 7]


def _stamp(tick: int) -> Any:
    return TimestampedValue(tick, tick)


def test_in_a_pipeline(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_idle = Watch.is_idle

    def wait(watch: Watch) -> bool:  # there is no time between the ticks of this test
        while is_idle(watch) and not watch._is_over:
            time.sleep(0.001)
        return is_idle(watch)

    monkeypatch.setattr(Watch, "is_idle", wait)
    (folder / "a.txt").write_text("One")
    (tmp_path / "b.txt").write_text("Two")
    stream = StreamSettings(str(tmp_path / "out"), "run", 5)
    with beam.Pipeline(runner="apache_beam.runners.portability.fn_api_runner.FnApiRunner") as root:
        ticks = root | beam.Create(range(8)) | beam.Map(_stamp).with_output_types(int)
        sourced = ticks | "Watch" >> WatchFolders([f"{folder}/*"], stream, once=[str(tmp_path / "b.txt")])
        texts = sourced.documents | beam.Map(lambda document: document.data)
        assert_that(texts, equal_to([b"One", b"Two"]), "documents")
        cursors = sourced.parcels | beam.FlatMap(lambda parcel: unwrap([parcel]).cursors)
        items = cursors | beam.Map(lambda cursor: (cursor.source, cursor.item))
        wanted = [(f"{folder}/*", f"{folder}/a.txt"), (str(tmp_path / "b.txt"),) * 2]
        assert_that(items, equal_to(wanted), "cursors")
