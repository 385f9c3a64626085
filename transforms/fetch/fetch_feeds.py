"""Feeds into a pipeline: documents for the parser, states for the feeds table."""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput

from schemas.records import Document, FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.poll import poll
from transforms.fetch.settings import FetchSettings
from transforms.progress import note

FeedGroup = list[tuple[Feed, FeedState | None]]


class FetchedFeeds(NamedTuple):
    """What `FetchFeeds` gives."""

    documents: PCollection[Document]
    states: PCollection[FeedState]


class FetchFeeds(beam.PTransform[PBegin, FetchedFeeds]):
    """Poll feeds once: `root | FetchFeeds(...)`.

    A feed that failed has a document too, with its `failure`. All feeds of a host are in one of `groups`
    groups; groups are polled in parallel, share `settings.threads`, and have the deadline each to itself,
    should there be fewer workers. Progress is noted in `staging`. Secrets that the environment holds are read
    by the worker, never part of the pipeline.
    """

    def __init__(
        self,
        feeds: list[Feed],
        states: dict[str, FeedState],
        settings: FetchSettings,
        read_at: int,
        staging: str,
        groups: int = 1,
    ) -> None:
        super().__init__()
        self._groups = group_by_host([(feed, states.get(feed.url)) for feed in feeds], groups)
        self._settings = replace(settings, threads=max(settings.threads // groups, 1))
        self._read_at = read_at
        self._staging = staging

    def expand(self, root: PBegin) -> Any:  # Beam warns of any type here but a PCollection
        """`root` is the pipeline. The documents are redistributed, so that no parsing slows the poll."""
        poll_feeds = _PollFeeds(self._settings, self._read_at, self._staging)
        polled = (
            root
            | "ListFeeds" >> beam.Create(self._groups, reshuffle=False)
            | "SpreadGroups" >> beam.Reshuffle()
            | "Poll" >> beam.ParDo(poll_feeds).with_outputs("states", main="polled")
        )
        documents = polled.polled | "SpreadDocuments" >> beam.Reshuffle().with_output_types(Document)
        return FetchedFeeds(documents, polled.states)


def group_by_host(feeds: FeedGroup, groups: int) -> list[FeedGroup]:
    """At most `groups` lists of feeds, none of them empty, with all the feeds of a host in one."""
    grouped: defaultdict[int, FeedGroup] = defaultdict(list)
    for feed, state in feeds:
        host = urlsplit(feed.url).hostname or ""
        grouped[zlib.crc32(host.encode()) % groups].append((feed, state))
    return list(grouped.values())


class _PollFeeds(beam.DoFn):
    def __init__(self, settings: FetchSettings, read_at: int, staging: str) -> None:
        self._settings = settings
        self._read_at = read_at
        self._staging = staging
        self._polled = Metrics.counter("dateline", "feeds_polled")
        self._outcomes = {
            outcome: Metrics.counter("dateline", f"feeds_{outcome}")
            for outcome in ("changed", "unchanged", "failed", "skipped", "gone")
        }

    def process(self, group: FeedGroup) -> Iterator[Document | TaggedOutput[Literal["states"], FeedState]]:
        for polled in poll(group, self._read_at, self._settings):
            self._outcomes[polled.outcome].inc()
            note(self._staging, feeds=1)
            if polled.outcome not in ("skipped", "gone"):
                self._polled.inc()
            if polled.document:
                yield polled.document
            if polled.state:
                yield TaggedOutput("states", polled.state)
