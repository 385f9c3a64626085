"""The steps around a commit, as a runner runs them, on bounded input with the times of ticks."""

import threading
import time
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.coders import registry
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.transforms.window import FixedWindows, IntervalWindow, TimestampedValue
from apache_beam.utils.windowed_value import PANE_INFO_UNKNOWN

from schemas.cursors import Cursor
from schemas.records import Article, Reject
from tests.make import article, story
from tests.runs import rows_of
from transforms.stream.commit_windows import CommitGroups, CommitWindows, heartbeat
from transforms.stream.count_elements import CountElements
from transforms.stream.in_order import InOrder
from transforms.stream.packs import list_packs, packs_at_hand, read_pack, write_pack
from transforms.stream.parcels import unwrap, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.stage_articles import StageArticles, sketch_batch
from transforms.stream.stage_rejects import StageRejects
from transforms.write.cursors_table import read_cursors

END = 1_742_638_500  # 2025-03-22T10:15Z
FLUSH_S = 60


def news(number: int) -> Article:
    return article(url=f"https://example.org/{number}", title=f"Number {number} in Paris", body=story(number))


def garbage(kind: str, number: int) -> Reject:
    return Reject("parse", "NotAFeed", "no", "in/a", b"%d" % number, kind, 1)


def at_tick(element: Any, window: int) -> TimestampedValue:
    return TimestampedValue(element, END - 1 + window * FLUSH_S)


def in_windows(root: beam.Pipeline, name: str, kind: type, *windows: list[Any]) -> Any:
    """The elements of each window."""
    elements = [(element, window) for window, given in enumerate(windows) for element in given]
    created = root | f"Create{name}" >> beam.Create(elements)
    stamped = created | f"Stamp{name}" >> beam.MapTuple(at_tick).with_output_types(kind)
    return stamped | f"Window{name}" >> beam.WindowInto(FixedWindows(FLUSH_S))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("stages") / "out")


@pytest.fixture(scope="module")
def ran(output: str) -> dict[str, int]:
    """The counters of a stream of three windows, the last of which is empty."""
    settings = StreamSettings(output, "s", FLUSH_S)
    root = beam.Pipeline(runner="FnApiRunner", argv=[])
    articles = in_windows(root, "Articles", Article, [news(1), news(2)], [news(2), news(3), news(3)])
    articles, counts = articles | "Count" >> CountElements("reads")
    staged = articles | StageArticles(settings)
    rejects = in_windows(root, "Rejects", Reject, [garbage("document", n % 3) for n in range(900)])
    beats = in_windows(root, "Ticks", int, [1], [2], [3]) | beam.Map(heartbeat)
    parcels = (staged, counts, rejects | StageRejects(settings), beats) | beam.Flatten()
    parcels | CommitWindows(settings)
    result = root.run()
    result.wait_until_finish()
    found = result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]
    return {counter.key.metric.name: counter.committed for counter in found}


def test_each_window_is_a_run(ran: dict[str, int], output: str) -> None:
    runs = {row["title"]: row["run_id"] for row in rows_of(output, "articles", ())}
    first, second = "s.20250322T101500Z", "s.20250322T101600Z"
    assert runs == {
        "Number 1 in Paris": first,
        "Number 2 in Paris": first,
        "Number 3 in Paris": second,
    }
    assert len(rows_of(output, "rejects")) == 3
    assert not list_packs(output)
    assert len(list(Path(output, "_manifests").glob("*.json"))) == 2


def test_articles_are_tagged_before_they_wait(output: str) -> None:
    assert all(row["places"] for row in rows_of(output, "articles"))


def test_the_runner_counts_what_became_of_them(ran: dict[str, int]) -> None:
    expected = {"new_articles": 3, "repeats": 2, "rejects": 900, "rejects_NotAFeed": 900, "windows": 2}
    assert {name: ran[name] for name in expected} == expected


def test_the_last_status_is_that_of_a_window_without_entries(output: str) -> None:
    assert '"window_end": "2025-03-22T10:17:00.000000Z"' in Path(output, "_stream", "status.json").read_text()


def test_windows_that_ended_together_are_committed_in_their_order(tmp_path: Path) -> None:
    commit_groups = CommitGroups(StreamSettings(str(tmp_path), "s", FLUSH_S))
    commit_groups.start_bundle()
    for number in (3, 1, 2):
        window = IntervalWindow(END + (number - 1) * FLUSH_S, END + number * FLUSH_S)
        parcels = [wrap("cursors", [Cursor("in/*", "in/a", number)])]
        commit_groups.process((0, parcels), window, PANE_INFO_UNKNOWN)
    runs = [run.value for run in commit_groups.finish_bundle()]
    assert runs == ["s.20250322T101600Z", "s.20250322T101700Z", "s.20250322T101800Z"]
    assert read_cursors(str(tmp_path), "in/*") == [Cursor("in/*", "in/a", 3)]


def test_of_threads_that_wait_the_lowest_is_first() -> None:
    in_order, passed = InOrder(), list[int]()

    def go(number: int) -> None:
        with in_order.turn(number):
            passed.append(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in (3, 1, 2)]
    with in_order.turn(9):
        for thread in threads:
            thread.start()
        while len(in_order._waiting) < len(threads):
            time.sleep(0.001)
        assert passed == []
    for thread in threads:
        thread.join()
    assert passed == [1, 2, 3]


@pytest.mark.parametrize("step", [StageArticles, StageRejects], ids=["articles", "rejects"])
def test_runners_in_other_languages_know_the_coders(step: Any) -> None:
    root, settings = beam.Pipeline(), StreamSettings("out", "s", FLUSH_S)
    kind = Article if step is StageArticles else Reject
    parcels = root | beam.Create([]).with_output_types(kind) | step(settings)
    assert str(registry.get_coder(parcels.element_type)) == "TupleCoder[StrUtf8Coder, BytesCoder]"


@pytest.mark.parametrize("size", [9, 90_000], ids=["small", "compressed"])
def test_a_pack_holds_rows_and_is_no_parquet(tmp_path: Path, size: int) -> None:
    rows = pa.table({"authors": pa.array([["a"], []], pa.list_(pa.string())), "body": ["x" * size, None]})
    (name,) = unwrap([write_pack(str(tmp_path), "articles", rows)]).articles
    with packs_at_hand(str(tmp_path), [name]) as (path,):
        assert read_pack(path).equals(rows)
    assert list(list_packs(str(tmp_path))) == [name]
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_batch_of_nothing_is_no_pack(tmp_path: Path) -> None:
    assert list(sketch_batch([], str(tmp_path), near_days=3)) == []
