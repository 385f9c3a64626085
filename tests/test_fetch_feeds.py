"""Feeds into a pipeline."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.display import DisplayData

from schemas.records import Document, FeedState
from tests.feed_server import RSS, Call, FeedServer, serving
from tests.make import READ_AT
from transforms.fetch.feeds import Feed
from transforms.fetch.fetch_feeds import FetchFeeds, group_by_host
from transforms.fetch.outcomes import current_state
from transforms.fetch.settings import FetchSettings

SETTINGS = FetchSettings(allowed=("127.0.0.1/32", "::1/128"), backoff_s=0.01)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("groups", [1, 4])
def test_a_pipeline_gets_documents_states_and_counts(server: FeedServer, tmp_path: Path, groups: int) -> None:
    server.pages = {
        "/well": Call.answer,
        "/same": lambda call: call.answer(304, b""),
        "/not": lambda call: call.answer(404),
    }
    well, same, lost = (Feed(server.url(path)) for path in ("/well", "/same", "/not"))
    later = Feed(server.url("/later", "localhost"))
    states = {
        same.url: replace(current_state(same, None), etag='"1"'),
        later.url: replace(current_state(later, None), next_poll_at=READ_AT + 1),
    }
    root = beam.Pipeline(runner=FnApiRunner())
    feeds = [well, same, lost, later, replace(lost, off=True)]
    fetched = root | FetchFeeds(feeds, states, SETTINGS, READ_AT, str(tmp_path), groups)
    assert (fetched.documents.element_type, fetched.states.element_type) == (Document, FeedState)
    found = fetched.documents | "Show" >> beam.Map(lambda d: (d.source, d.data, d.failure))
    assert_that(found, equal_to([(well.url, RSS, ""), (lost.url, b"", "FetchFailed")]))
    kept = fetched.states | "ShowStates" >> beam.Map(lambda s: (s.url, s.status))
    assert_that(kept, equal_to([(well.url, 200), (same.url, 304), (lost.url, 404), (later.url, None)]), "States")
    result = root.run()
    result.wait_until_finish()
    counted = {
        c.key.metric.name: c.committed
        for c in result.metrics().query()["counters"]
        if c.key.metric.namespace == "dateline"
    }
    assert counted == {
        "feeds_polled": 3,
        "feeds_changed": 1,
        "feeds_unchanged": 1,
        "feeds_failed": 1,
        "feeds_skipped": 2,
    }


def test_groups_share_the_threads(server: FeedServer, tmp_path: Path) -> None:
    def page(call: Call) -> None:
        with server.count("any"):
            time.sleep(0.02)
            call.answer()

    server.pages = {"/1": page, "/2": page}
    with beam.Pipeline(runner=FnApiRunner()) as root:
        feeds = [Feed(server.url(path)) for path in server.pages]
        _ = root | FetchFeeds(feeds, {}, replace(SETTINGS, threads=2), READ_AT, str(tmp_path), groups=2)
    assert server.most["any"] == 1


def test_no_secret_is_part_of_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", "hunter3")
    feed = Feed("https://example.org/", secrets=["X: ${NEWS_TOKEN}"], credentials="me:${NEWS_TOKEN}")
    spelt_out = Feed("https://example.org/2", credentials="me:hunter2")
    root = beam.Pipeline(runner=FnApiRunner())
    _ = root | FetchFeeds([feed, spelt_out], {}, SETTINGS, READ_AT, "")
    proto = root.to_runner_api()
    assert b"hunter3" not in proto.SerializeToString()
    for transform in proto.components.transforms.values():
        assert "hunter" not in str(transform.display_data) + transform.unique_name
    assert "hunter" not in str(DisplayData.create_from(FetchFeeds([spelt_out], {}, SETTINGS, READ_AT, "")).items)


def test_the_feeds_of_a_host_stay_together() -> None:
    feeds = [(Feed(f"https://h{n % 9}.example.org/{n}"), None) for n in range(40)]
    groups = group_by_host(feeds, 4)  # type: ignore[arg-type]
    assert 1 < len(groups) <= 4
    assert sorted(feed.url for group in groups for feed, _ in group) == sorted(feed.url for feed, _ in feeds)
    hosts = [{feed.url.split("/")[2] for feed, _ in group} for group in groups]
    assert sum(map(len, hosts)) == len(set().union(*hosts)) == 9
    assert group_by_host([], 4) == []
