"""Entries with the pages of a server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from schemas.records import Entry
from tests.feed_server import FeedServer, serving
from tests.make import READ_AT, entry, story
from transforms.deduplicate.stored.remembered import list_key_files
from transforms.fetch.settings import FetchSettings
from transforms.full_text import FetchPages, PageSettings
from transforms.full_text.entries import page_key

POLL = FetchSettings(allowed=("127.0.0.1/32",), read_s=2, total_s=5, deadline_s=10, delay_s=9)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages["/robots.txt"] = lambda call: call.answer(200, b"")
        yield running


def test_a_page_that_several_entries_link_to_is_asked_for_once(server: FeedServer, tmp_path: Path) -> None:
    body = b"<!doctype html><article>" + b"".join(b"<p>%b</p>" % story(n, 90).encode() for n in (1, 2))
    server.pages["/1"] = lambda call: call.answer(200, body, Content_Type="text/html")
    entries = [entry(title="", link=server.url(f"/1#{n}"), source=f"feed-{n}", guid=str(n)) for n in range(3)]
    settings = PageSettings(POLL, list_key_files(str(tmp_path)), READ_AT, str(tmp_path))
    with beam.Pipeline(runner="FnApiRunner") as root:
        found = root | beam.Create([*entries, entry(link="")]).with_output_types(Entry) | FetchPages(settings)
        assert found.entries.element_type is Entry
        shown = found.entries | "Show" >> beam.Map(lambda done: (done.source, done.from_page))
        assert_that(shown, equal_to([("feed-1", []), *((one.source, ["body"]) for one in entries)]), "Entries")
        keys = found.exact | "Count" >> beam.Map(lambda group: (group[0], sorted(group[1]["key"].to_pylist())))
        assert_that(keys, equal_to([(("", "pages0", 0), sorted(page_key(one) for one in entries))]), "Keys")
        assert_that(found.missed, equal_to([]), "Missed")
    assert [path for path, _ in server.calls] == ["/robots.txt", "/1"]


def test_sources_with_pages_to_ask_for_again_are_told(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.fetch.pages._DELAY_S", 0)
    answers = {"a": [429, 404], "b": [404], "c": [429, 429]}
    for status in (404, 429):
        server.pages[f"/{status}"] = lambda call: call.answer(int(call.path[1:]), b"")
    entries = [
        entry(link=server.url(f"/{status}"), source=source, guid=str(n))
        for source, statuses in answers.items()
        for n, status in enumerate(statuses)
    ]
    settings = PageSettings(replace(POLL, delay_s=0), list_key_files(str(tmp_path)), READ_AT, str(tmp_path))
    with beam.Pipeline(runner="FnApiRunner") as root:
        found = root | beam.Create(entries).with_output_types(Entry) | FetchPages(settings)
        assert_that(found.missed, equal_to(["a", "c"]))
