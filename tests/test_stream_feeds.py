"""Feeds into a stream."""

import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import orjson
import pyarrow.parquet as pq
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue
from apache_beam.typehints.native_type_compatibility import convert_to_beam_type

from schemas.records import Document
from tests.feed_server import RSS, Call, FeedServer, serving
from tests.make import READ_AT
from transforms.fetch.feed_states import states_table
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import current_state
from transforms.fetch.settings import FetchSettings
from transforms.stream.parcels import Parcel, unwrap
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.feed_cursors import pack_states, unpack_states
from transforms.stream.sources.feeds import Poller, PollFeeds, bucket_feeds
from transforms.stream.stopping import allow_start, ask_to_stop

SETTINGS = FetchSettings(allowed=("127.0.0.1/32", "::1/128"), backoff_s=0.01)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def stream(output: Path, tick_s: float = 0) -> StreamSettings:
    return StreamSettings(str(output), "stream", 300, tick_s)


def run(poll_feeds: PollFeeds, ticks: range, documents: list[object], parcels: list[object]) -> dict[str, int]:
    """Check what some ticks bring, with their times; give Beam's counters."""
    root = beam.Pipeline(runner=FnApiRunner())
    timed = root | beam.Create(ticks) | beam.Map(lambda tick: TimestampedValue(tick, tick)).with_output_types(int)
    found = timed | poll_feeds
    assert (found.documents.element_type, found.parcels.element_type) == (Document, convert_to_beam_type(Parcel))
    assert_that(found.documents | "Show" >> beam.Map(show_document), equal_to(documents))
    assert_that(found.parcels | "ShowParcels" >> beam.Map(show_parcel), equal_to(parcels), "Parcels")
    result = root.run()
    result.wait_until_finish()
    counters = result.metrics().query(MetricsFilter().with_namespace("dateline"))["counters"]
    return {counter.key.metric.name: counter.committed for counter in counters}


def show_document(document: Document, at=beam.DoFn.TimestampParam) -> object:  # type: ignore[no-untyped-def]
    return document.source, document.data, document.failure, float(at)


def show_parcel(parcel: Parcel, at=beam.DoFn.TimestampParam) -> object:  # type: ignore[no-untyped-def]
    found = unwrap([parcel])
    return [(state.url, state.status) for state in found.states], found.counts, float(at)


def test_ticks_bring_documents_states_and_counts(server: FeedServer, tmp_path: Path) -> None:
    """Requests outlive the bundles of a process, and here its pipeline."""
    server.pages = {"/well": Call.answer, "/lost": lambda call: call.answer(404)}
    well, lost, off = (Feed(server.url(path), off=path == "/off") for path in ("/well", "/lost", "/off"))
    poll_feeds = PollFeeds([well, lost, off], SETTINGS, stream(tmp_path))
    assert run(poll_feeds, range(7, 8), [], []) == {}
    while len(server.calls) < 2:
        time.sleep(0.01)
    time.sleep(0.5)
    counts = {"feeds_polled": 2, "feeds_changed": 1, "feeds_failed": 1}
    parcels = [([(well.url, 200), (lost.url, 404)], [], 8.0), ([], [counts], 8.0)]
    documents = [(well.url, RSS, "", 8.0), (lost.url, b"", "FetchFailed", 8.0)]
    assert run(poll_feeds, range(8, 12), documents, parcels) == counts
    assert len(server.calls) == 2


def test_no_secret_is_part_of_the_pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWS_TOKEN", "hunter3")
    feed = Feed("https://example.org/", secrets=["X: ${NEWS_TOKEN}"], credentials="me:${NEWS_TOKEN}")
    root = beam.Pipeline(runner=FnApiRunner())
    _ = root | beam.Create([1]) | PollFeeds([feed], SETTINGS, stream(tmp_path))
    proto = root.to_runner_api()
    assert b"hunter3" not in proto.SerializeToString()
    for transform in proto.components.transforms.values():
        assert "NEWS_TOKEN" not in str(transform.display_data) + transform.unique_name


def test_the_feeds_of_a_host_are_in_one_bucket() -> None:
    feeds = [Feed(f"https://h{n % 9}.example.org:{n % 2}1/{n}") for n in range(40)]
    buckets = bucket_feeds([*feeds, Feed("https://h.example.org/off", off=True)])
    assert sorted(feed.url for bucket in buckets.values() for feed in bucket) == sorted(feed.url for feed in feeds)
    hosts = [{feed.url.split(":")[1] for feed in bucket} for bucket in buckets.values()]
    assert sum(map(len, hosts)) == len(set().union(*hosts)) == 9


def test_ticks_in_a_burst_are_one(tmp_path: Path) -> None:
    poller = Poller({1: [], 2: []}, SETTINGS, stream(tmp_path, tick_s=60))
    assert [poller.is_early(bucket) for bucket in (1, 1, 2, 2, 1)] == [False, True, False, True, True]


def test_polling_stops_when_the_stream_is_to_end(tmp_path: Path) -> None:
    poller = Poller({1: []}, SETTINGS, stream(tmp_path))
    ask_to_stop(str(tmp_path))
    poller.bucket(1)
    assert poller.requests.is_stopping
    allow_start(str(tmp_path))


def test_what_the_dataset_knows_is_where_polling_starts(server: FeedServer, tmp_path: Path) -> None:
    server.pages["/"] = Call.answer
    feed = Feed(server.url("/"))
    known = replace(current_state(feed, None), etag='"1"', next_poll_at=READ_AT)
    (tmp_path / "feeds").mkdir()
    pq.write_table(states_table([known]), tmp_path / "feeds/part.parquet")
    poller = Poller({1: [feed]}, SETTINGS, stream(tmp_path))
    poller.bucket(1).tick(None, READ_AT - 1)
    poller.bucket(1).tick(None, READ_AT)
    while not server.calls:
        time.sleep(0.002)
    assert [headers["if-none-match"] for _, headers in server.calls] == ['"1"']


def test_a_bucket_that_is_not_seen_for_long_is_forgotten(tmp_path: Path) -> None:
    poller = Poller({1: [], 2: []}, SETTINGS, stream(tmp_path), forget_s=0.05)
    former = [poller.bucket(number) for number in (1, 2) if not poller.is_early(number)]
    time.sleep(0.06)
    assert not poller.is_early(2)
    assert [poller.bucket(2) is former[1], poller.bucket(1) is former[0]] == [True, False]


def test_the_thread_of_a_poller_that_is_gone_ends(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    poller = Poller({1: []}, SETTINGS, stream(tmp_path))
    (thread,) = set(threading.enumerate()) - before
    del poller
    thread.join(10)
    assert not thread.is_alive()


def test_a_cursor_holds_all_that_is_known() -> None:
    blank = current_state(Feed("https://example.org/1", "Harbour “news”"), None)
    known = replace(blank, url="https://example.org/2", etag='"1"', failures=3, next_poll_at=READ_AT, full_text=True)
    assert unpack_states(pack_states([blank, known])) == {blank.url: blank, known.url: known}


def test_a_cursor_of_other_code_is_understood() -> None:
    row = {"url": "https://example.org/", "etag": '"1"', "mood": "sunny"}
    blank = current_state(Feed(row["url"]), None)
    assert unpack_states(zlib.compress(orjson.dumps([row]))) == {row["url"]: replace(blank, etag='"1"')}
