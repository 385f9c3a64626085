"""Windows of a stream: rows equal to those of batches, whatever comes twice, late, or not at all."""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from pipelines import run_stream
from pipelines.check import check_dataset
from pipelines.stream_job import tell_windows
from pipelines.summary import summary_lines
from schemas.cursors import Cursor
from schemas.errors import DatasetError, DatelineError
from schemas.records import Article, FeedState, Reject
from tests.make import article, micros, story
from tests.object_store import OBJECTS
from tests.runs import ingest_articles, rows_of, untagged
from transforms.deduplicate.sketch import sketch
from transforms.deduplicate.stored import merge_keys
from transforms.deduplicate.stored.remembered import remember
from transforms.rejects import rejects_table
from transforms.stream import commit_window as module
from transforms.stream import keep_trying
from transforms.stream.commit_window import commit_window
from transforms.stream.packs import list_packs, write_pack
from transforms.stream.parcels import Parcel, unwrap, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.status import Committed, status_path
from transforms.stream.unsettled import Unsettled
from transforms.write import lock
from transforms.write.commit import commit_steps
from transforms.write.cursors_table import read_cursors
from transforms.write.feeds_table import read_feeds
from transforms.write.manifests import read_manifest
from transforms.write.stored import list_files, read_stored

END = 1_742_638_500  # 2025-03-22T10:15Z
FLUSH_S = 300
CLOCKS = ("run_id", "ingested_at", "first_seen_at", "options")


def news(number: int, text: int = 0, source: str = "feed-1", **given: Any) -> Article:
    url = given.pop("url", f"https://example.org/{number}")
    published = micros("2025-03-20") + number * 20_000_000_000
    return article(url=url, title=f"Number {number}", body=story(text or number), source=source, published_at=published)


# The second gives article 1 another text and has copies, the third the first text again.
WINDOWS = [
    [news(1), news(2), news(3), news(2, source="feed-2", url="https://b.example/2")],
    [news(1, 11), news(2), news(4), news(3, source="feed-3", url="https://c.example/3")],
    [news(1), news(5)],
]


@pytest.fixture
def settings(tmp_path: Path) -> StreamSettings:
    return StreamSettings(str(tmp_path / "out"), "s", FLUSH_S)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(keep_trying, "FIRST_WAIT_S", 0.02)
    yield
    OBJECTS.clear()


def pack(output: str, articles: list[Article]) -> Parcel:
    """The articles with no tags found, so that no tagger is needed."""
    return write_pack(output, "articles", untagged((None, sketch(articles)))[1])


def reads(count: int) -> Parcel:
    return wrap("counts", {"reads": count, "documents": 1})


def parcels_of(output: str, articles: list[Article]) -> list[Parcel]:
    """Two packs where there is more than one article."""
    parts = [part for part in (articles[:1], articles[1:]) if part]
    return [*(pack(output, part) for part in parts), reads(len(articles))]


def commit_articles(settings: StreamSettings, articles: list[Article], window: int = 0) -> Committed:
    return commit_window(settings, END + window * FLUSH_S, parcels_of(settings.output, articles))


def rows(output: str) -> dict[str, Any]:
    """All rows but for when and by which run, and under which day a sighting was made."""
    found = {name: rows_of(output, name, CLOCKS) for name in ("articles", "_keys/exact", "_keys/signatures", "_lines")}
    return found | {"sightings": rows_of(output, "sightings", (*CLOCKS, "date"))}


def manifests(output: str) -> list[str]:
    return sorted(path.stem for path in Path(output, "_manifests").glob("*.json"))


def names(parcels: list[Parcel]) -> list[str]:
    return unwrap(parcels).articles


def outcomes(committed: Committed) -> tuple[int, ...]:
    """New articles, new versions, duplicates, repeats, rejects."""
    return tuple(committed.counts[name] for name in module.OUTCOMES)


def test_windows_equal_batches(settings: StreamSettings, tmp_path: Path) -> None:
    batches = str(tmp_path / "batches")
    counted = [outcomes(commit_articles(settings, articles, n)) for n, articles in enumerate(WINDOWS)]
    for number, articles in enumerate(WINDOWS):
        ingest_articles(batches, f"r{number}", articles)
    assert rows(settings.output) == rows(batches)
    assert counted == [(3, 0, 1, 0, 0), (1, 1, 1, 1, 0), (1, 0, 0, 1, 0)]
    assert manifests(settings.output) == ["s.20250322T101500Z", "s.20250322T102000Z", "s.20250322T102500Z"]
    assert not list_packs(settings.output)


def test_a_manifest_says_what_the_window_was_made_of(settings: StreamSettings) -> None:
    parcels = [*parcels_of(settings.output, WINDOWS[0]), wrap("cursors", [Cursor("in/*", "in/a", 7, 5)])]
    committed = commit_window(settings, END, parcels)
    manifest = read_manifest(settings.output, committed.run_id)
    assert (manifest["command"], manifest["stream"]) == ("stream", "s")
    assert manifest["window"] == {"start": "2025-03-22T10:10:00.000000Z", "end": "2025-03-22T10:15:00.000000Z"}
    assert manifest["packs"] == names(parcels)
    assert manifest["cursors"] == [{"source": "in/*", "item": "in/a", "position": 7, "modified": 5}]
    assert manifest["counts"]["reads"] == 4
    assert committed.duplicates == {"same_text": 1}


def test_the_same_window_again_adds_nothing(settings: StreamSettings) -> None:
    parcels = parcels_of(settings.output, WINDOWS[0])
    commit_window(settings, END, parcels)
    before = rows(settings.output)
    assert commit_window(settings, END, parcels).run_id == ""
    assert rows(settings.output) == before
    assert manifests(settings.output) == ["s.20250322T101500Z"]


def test_what_comes_again_in_other_packs_is_repeats_and_what_is_new_is_stored(settings: StreamSettings) -> None:
    gone = parcels_of(settings.output, WINDOWS[0])
    commit_window(settings, END, gone)
    again = commit_window(settings, END, [gone[0], pack(settings.output, [*WINDOWS[0][1:], news(9)]), reads(5)])
    assert again.run_id == "s.20250322T101500Z-2"
    assert outcomes(again) == (1, 0, 0, 3, 0)
    third = commit_window(settings, END, [*gone, pack(settings.output, [news(9), news(10)])])
    assert (third.run_id, outcomes(third)) == ("s.20250322T101500Z-3", (1, 0, 0, 1, 0))
    assert check_dataset(settings.output).damage == []


def test_packs_that_a_crash_has_left_are_not_taken_in_again(settings: StreamSettings, tmp_path: Path) -> None:
    parcels = parcels_of(settings.output, WINDOWS[0])
    shutil.copytree(f"{settings.output}/_stream", tmp_path / "kept")
    commit_window(settings, END, parcels)
    shutil.copytree(tmp_path / "kept", f"{settings.output}/_stream", dirs_exist_ok=True)
    assert commit_window(settings, END, parcels).run_id == ""
    assert not list_packs(settings.output)


def test_a_pack_that_is_gone_and_was_never_committed_is_named(settings: StreamSettings) -> None:
    parcels = parcels_of(settings.output, WINDOWS[0])
    commit_window(settings, END, parcels)
    with pytest.raises(DatasetError, match=names(parcels)[0]):
        commit_window(settings, END + FLUSH_S, parcels)


def test_a_stream_goes_on_from_the_state_of_one_of_another_name(settings: StreamSettings) -> None:
    parcels = [*parcels_of(settings.output, WINDOWS[0]), wrap("cursors", [Cursor("in/*", "in/a", 7, 5)])]
    commit_window(settings, END, parcels)
    renamed = replace(settings, run_id="t")
    assert commit_window(renamed, END, parcels).run_id == ""
    more = commit_window(renamed, END, [*parcels, pack(settings.output, [news(9)]), reads(1)])
    assert (more.run_id, outcomes(more)) == ("t.20250322T101500Z", (1, 0, 0, 0, 0))
    assert check_dataset(settings.output).problems == []


def test_what_is_late_comes_piece_by_piece(settings: StreamSettings) -> None:
    commit_window(settings, END, [wrap("counts", {})])
    late = [*parcels_of(settings.output, WINDOWS[0]), wrap("cursors", [Cursor("in/*", "in/a", 7, 5)])]
    runs = [commit_window(settings, END, [parcel], is_late=True).run_id for parcel in late]
    assert runs == ["s.20250322T101500Z", "s.20250322T101500Z-2", "", ""]
    assert len(rows(settings.output)["articles"]) == 3
    assert check_dataset(settings.output).problems == []


def test_a_damaged_pack_is_named(settings: StreamSettings) -> None:
    parcels = parcels_of(settings.output, WINDOWS[0])
    Path(settings.output, "_stream", names(parcels)[1]).write_bytes(b"ARROW1 but not so")
    with pytest.raises(DatasetError, match=names(parcels)[1]):
        commit_window(settings, END, parcels)


def test_half_a_window_that_is_late(settings: StreamSettings) -> None:
    """Neither half is refused; cursors wait for entries that are to come."""
    first, second, counted = parcels_of(settings.output, WINDOWS[0])
    cursors = wrap("cursors", [Cursor("in/*", "in/a", 7, 5)])
    assert outcomes(commit_window(settings, END, [first, counted, cursors])) == (1, 0, 0, 0, 0)
    assert read_cursors(settings.output, "in/*") == []
    assert outcomes(commit_window(settings, END, [second], is_late=True)) == (2, 0, 1, 0, 0)
    assert commit_window(settings, END + 3 * FLUSH_S, [wrap("counts", {}), cursors]).run_id
    assert len(read_cursors(settings.output, "in/*")) == 1
    unsettled = [read_manifest(settings.output, run_id)["unsettled"] for run_id in manifests(settings.output)]
    assert unsettled == [3, -3, 0]
    assert check_dataset(settings.output).problems == []


def test_counts_that_are_late(settings: StreamSettings) -> None:
    first, second, counted = parcels_of(settings.output, WINDOWS[0])
    assert outcomes(commit_window(settings, END, [first, second])) == (3, 0, 1, 0, 0)
    assert commit_window(settings, END, [counted], is_late=True).run_id == ""
    assert commit_window(settings, END + 3 * FLUSH_S, []).run_id == ""


def test_outcomes_of_what_a_dead_process_has_read_end_nothing(
    settings: StreamSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, counted = parcels_of(settings.output, WINDOWS[0])
    commit_window(settings, END, [first, counted])
    monkeypatch.setattr(module, "_unsettled", Unsettled())
    assert commit_window(settings, END, [second], is_late=True).run_id
    assert commit_window(settings, END + 3 * FLUSH_S, []).run_id == ""


def test_entries_that_never_have_an_outcome_end_the_stream(settings: StreamSettings) -> None:
    commit_window(settings, END, [*parcels_of(settings.output, WINDOWS[0]), reads(1)])
    commit_articles(settings, WINDOWS[1], 1)
    with pytest.raises(DatelineError, match=f"1 entry read in the window to {END} without an outcome"):
        commit_window(settings, END + 3 * FLUSH_S, [])


def test_a_second_writer_between_look_up_and_commit(settings: StreamSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [partial(ingest_articles, settings.output, "other", WINDOWS[0][:2])]

    def commit(*given: Any) -> Any:
        if others:
            others.pop()()
        return committing(*given)

    committing = module.commit
    monkeypatch.setattr(module, "commit", commit)
    assert outcomes(commit_articles(settings, WINDOWS[0])) == (1, 0, 1, 2, 0)
    assert len(rows(settings.output)["articles"]) == 3


def test_a_second_writer_that_joins_the_files_of_keys(
    settings: StreamSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the window was judged by is on the disk no more, and the cache holds what others have looked at."""
    monkeypatch.setattr(merge_keys, "MANY_FILES", 1)
    commit_articles(settings, [news(7)], -1)

    def commit(*given: Any) -> Any:
        if others:
            others.pop()()
            remember.cache_clear()
        return committing(*given)

    others = [partial(ingest_articles, settings.output, "other", WINDOWS[0][:2])]
    committing = module.commit
    monkeypatch.setattr(module, "commit", commit)
    assert outcomes(commit_articles(settings, WINDOWS[0])) == (1, 0, 1, 2, 0)
    assert len(rows(settings.output)["articles"]) == 4


class Killed(BaseException):
    pass


@pytest.mark.parametrize("last_step", ["lock", "prepare", "intent", "rename", "cursor", "manifest", "sweep"])
def test_killed_while_it_commits(settings: StreamSettings, monkeypatch: pytest.MonkeyPatch, last_step: str) -> None:
    def die(*given: Any) -> None:
        if last_step in commit_steps(*given):
            raise Killed

    commit_articles(settings, WINDOWS[0], -1)
    parcels = parcels_of(settings.output, WINDOWS[1])
    with monkeypatch.context() as patched:
        patched.setattr(module, "commit", die)
        with pytest.raises(Killed):
            commit_window(settings, END, parcels)
    commit_window(settings, END, parcels)
    assert len(rows(settings.output)["articles"]) == 5
    assert manifests(settings.output) == ["s.20250322T101000Z", "s.20250322T101500Z"]
    assert not list_packs(settings.output)
    commit_articles(settings, WINDOWS[2], 1)
    assert check_dataset(settings.output).problems == []


def hinder(folder: Path, log: pytest.LogCaptureFixture) -> threading.Thread:
    """A file in the place of a folder, until that is noticed: nothing can be written there."""
    folder.rename(f"{folder}.away")
    folder.touch()

    def end() -> None:
        end_s = time.monotonic() + 60
        while "; trying again in 0.02 s" not in log.text and time.monotonic() < end_s:
            time.sleep(0.01)
        folder.unlink()
        folder.with_suffix(".away").rename(folder)

    thread = threading.Thread(target=end)
    thread.start()
    return thread


@pytest.mark.parametrize("folder", ["_stream", "_staging", "articles"])
def test_a_folder_that_cannot_be_written_for_a_moment(
    settings: StreamSettings, folder: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "transforms.stream")  # commands that ran before may have set the root's
    commit_articles(settings, WINDOWS[0])
    parcels = [] if folder == "_stream" else parcels_of(settings.output, WINDOWS[1])
    ending = hinder(Path(settings.output, folder), caplog)
    commit_window(settings, END + FLUSH_S, parcels or parcels_of(settings.output, WINDOWS[1]))
    ending.join()
    assert f"out/{folder}" in caplog.text
    assert status(settings)["since_start"]["counts"]["new_articles"] == 4
    assert len(rows(settings.output)["articles"]) == 5
    assert check_dataset(settings.output).problems == []


def test_a_folder_that_can_never_be_written(settings: StreamSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_trying, "PATIENCE_S", 0.05)
    Path(settings.output).parent.mkdir(exist_ok=True)
    Path(settings.output).touch()
    with pytest.raises(OSError, match="out"):
        pack(settings.output, WINDOWS[0])


def garbage(number: int, kind: str = "document") -> Reject:
    return Reject("parse", "NotAFeed" if number % 2 else "TooLarge", "no", "in/a", b"%d" % number, kind, 1)


def test_a_flood_of_garbage(settings: StreamSettings) -> None:
    flood = [garbage(number % 700) for number in range(1200)]
    parcels = [write_pack(settings.output, "rejects", rejects_table(flood[at : at + 500])) for at in (0, 500, 1000)]
    committed = commit_window(settings, END, [*parcels, reads(1200)])
    assert outcomes(committed) == (0, 0, 0, 0, 1200)
    assert committed.rejects == {"NotAFeed": 600, "TooLarge": 600}
    assert len(rows_of(settings.output, "rejects")) == 700
    again = [write_pack(settings.output, "rejects", rejects_table([garbage(3), garbage(701)])), reads(2)]
    assert commit_window(settings, END + FLUSH_S, again).counts["rows_rejects"] == 1


def status(settings: StreamSettings) -> dict[str, Any]:
    return json.loads(Path(settings.output, "_stream", "status.json").read_bytes())  # type: ignore[no-any-return]


def test_an_empty_window_leaves_its_status_alone(settings: StreamSettings) -> None:
    assert commit_window(settings, END, [wrap("counts", {})]) == Committed(lag_s=status(settings)["window"]["lag_s"])
    assert status(settings)["window_end"] == "2025-03-22T10:15:00.000000Z"
    assert not Path(settings.output, "_manifests").exists()


def a_feed(name: str, failures: int = 0, at: int = 1) -> FeedState:
    error = "timed out" if failures else ""
    return FeedState(name, "", "", "", "", "", "", None, error, failures, at, None, None, None, None)


def test_feeds_and_cursors_are_committed_with_the_rows(settings: StreamSettings) -> None:
    states = [wrap("states", [a_feed("https://a.example", at=1)]), wrap("states", [a_feed("https://a.example", 2, 9)])]
    cursors = [wrap("cursors", [Cursor("in/*", "in/a", 7, 5)]), wrap("levels", {"kafka_behind": 5})]
    commit_window(settings, END, [*parcels_of(settings.output, WINDOWS[0]), *states, *cursors])
    assert read_feeds(settings.output)["failures"].to_pylist() == [2]
    assert read_cursors(settings.output, "in/*") == [Cursor("in/*", "in/a", 7, 5)]
    assert commit_window(settings, END + FLUSH_S, states).run_id
    assert check_dataset(settings.output).problems == []


def test_the_status_adds_windows_up_and_names_the_feeds_that_fail(settings: StreamSettings) -> None:
    feeds = [a_feed(f"https://{n}.example", failures=n) for n in range(8)]
    feeds.append(replace(a_feed("https://gone.example", failures=9), gone_at=1))
    levels = [wrap("levels", {"kafka_behind": level}) for level in (3, 9, 5)]
    commit_window(settings, END, [*parcels_of(settings.output, WINDOWS[0]), wrap("states", feeds)])
    commit_window(settings, END + FLUSH_S, [*parcels_of(settings.output, WINDOWS[1]), *levels])
    told = status(settings)
    assert told["window"]["counts"]["new_articles"] == 1
    assert told["window"]["levels"] == {"kafka_behind": 9}
    assert told["since_start"]["windows"] == 2
    assert told["since_start"]["counts"]["new_articles"] == 4
    assert told["since_start"]["duplicates"] == {"same_text": 2}
    assert (told["feeds"]["known"], told["feeds"]["failing"], told["feeds"]["gone"]) == (9, 7, 1)
    assert [feed["failures"] for feed in told["feeds"]["worst"]] == [7, 6, 5, 4, 3]
    another = StreamSettings(settings.output, "another", FLUSH_S)
    commit_articles(another, WINDOWS[2])
    assert status(settings)["since_start"]["windows"] == 1


@pytest.mark.parametrize(("most", "said"), [(2, "The last 2 of 3 windows:"), (3, "")], ids=["many", "few"])
def test_the_summary_is_of_the_last_windows(
    settings: StreamSettings, monkeypatch: pytest.MonkeyPatch, most: int, said: str
) -> None:
    for number, articles in enumerate(WINDOWS):
        commit_articles(settings, articles, number)
    monkeypatch.setattr(run_stream, "_SUMMED_WINDOWS", most)
    manifest = run_stream.sum_up(settings)
    assert manifest is not None
    assert manifest["counts"]["reads"] == sum(map(len, WINDOWS[-most:]))
    assert next(islice(summary_lines(settings.output, manifest), 1, None)) == said


def test_the_status_says_since_when_there_was_no_news(settings: StreamSettings) -> None:
    commit_articles(settings, WINDOWS[0])
    assert (news := status(settings))["last_new_article_at"] == news["written_at"]
    assert commit_window(settings, END + FLUSH_S, [wrap("counts", {})]).run_id == ""
    assert status(settings)["last_new_article_at"] == news["last_new_article_at"]
    assert status(settings)["since_start"]["from"] == "2025-03-22T10:10:00.000000Z"


DAMAGED = {
    "nothing": "",
    "half a status": '{"stream": "s", "window_end": "2025',
    "no object": "[]",
    "another object": '{"stream": "s"}',
    "bytes that are no text": "\udcff",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_status_is_written_anew(settings: StreamSettings, content: str) -> None:
    commit_articles(settings, WINDOWS[0])
    Path(status_path(settings.output)).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert tell_windows(settings, 0) == 0
    commit_articles(settings, WINDOWS[1], 1)
    assert status(settings)["since_start"]["windows"] == 1
    assert tell_windows(settings, 0) == END + FLUSH_S


def test_a_dataset_that_is_held_is_waited_for(
    settings: StreamSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in ("transforms.stream", "transforms.write"):
        caplog.set_level(logging.WARNING, logger)
    monkeypatch.setattr(lock, "COMMIT_WAIT_S", 0.1)
    monkeypatch.setattr(lock, "TELL_S", 0.02)
    monkeypatch.setattr(keep_trying, "PATIENCE_S", 0.1)
    parcels = parcels_of(settings.output, WINDOWS[0])
    with ThreadPoolExecutor(1) as thread:
        with lock.hold(f"{settings.output}/_lock"):
            committing = thread.submit(commit_window, settings, END, parcels)
            end_s = time.monotonic() + 60
            while caplog.text.count("for 0.1 s; waiting on") < 2 and time.monotonic() < end_s:
                time.sleep(0.01)
        assert committing.result().counts["new_articles"] == 3
    assert f"_lock has been held by process {os.getpid()} for 0 s; waiting for it" in caplog.text


def test_rows_without_tags_get_them(settings: StreamSettings) -> None:
    told = article(title="Paris", body="The mayor of Paris, Anne Hidalgo, met Emmanuel Macron in Berlin on Monday.")
    parcels = [write_pack(settings.output, "articles", sketch([told])), pack(settings.output, [news(3)]), reads(2)]
    commit_window(settings, END, parcels)
    found = {row["title"]: row["entities"] for row in rows_of(settings.output, "articles")}
    assert found["Number 3"] == []
    assert "Paris" in {entity["name"] for entity in found["Paris"]}


def test_an_object_store() -> None:
    settings = StreamSettings("objects://bucket/out", "s", FLUSH_S)
    parcels = parcels_of(settings.output, WINDOWS[0])
    assert commit_window(settings, END, parcels).run_id == "s.20250322T101500Z"
    assert commit_window(settings, END, parcels).run_id == ""
    commit_articles(settings, WINDOWS[1], 1)
    stored = [read_stored(path).num_rows for path in list_files(settings.output, "articles")]
    assert sum(stored) == 5
    assert not list_packs(settings.output)


def test_orphans_are_swept_after_a_week(settings: StreamSettings) -> None:
    pack(settings.output, WINDOWS[0])
    ((name, _),) = list_packs(settings.output).items()
    recent = names([pack(settings.output, WINDOWS[0])])
    week_ago = time.time() - 8 * 86_400

    os.utime(f"{settings.output}/_stream/{name}", (week_ago, week_ago))
    commit_window(settings, END, [])
    assert list(list_packs(settings.output)) == recent


@pytest.mark.parametrize("joins", [True, False])
def test_small_files_are_joined_as_windows_go_by(settings: StreamSettings, joins: bool) -> None:
    settings = replace(settings, compact=joins)
    stories = [news(number) for number in range(8)]
    for number, each in enumerate(stories):
        commit_articles(settings, [each], number - len(stories))
    files = list(Path(settings.output).glob("sightings/**/*.parquet"))
    assert len(files) == (1 if joins else 8)
    assert len(rows(settings.output)["sightings"]) == 8
    assert check_dataset(settings.output).problems == []
