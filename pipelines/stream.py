"""The pipeline without end: sources polled at a tick, to windows that are committed one after the other."""

from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.transforms.window import FixedWindows

from pipelines.options import IngestOptions
from schemas.errors import BadRecord
from transforms.clean import CleanSettings, to_article
from transforms.fetch.feeds import Feed
from transforms.fetch.settings import FetchSettings
from transforms.parse_entries import parse_entries
from transforms.rejects import to_reject
from transforms.stream.commit_windows import CommitWindows, heartbeat
from transforms.stream.count_elements import CountElements
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.feeds import PollFeeds
from transforms.stream.sources.folders import WatchFolders
from transforms.stream.sources.kafka import PollKafka
from transforms.stream.sources.sourced import Sourced
from transforms.stream.stage_articles import StageArticles
from transforms.stream.stage_rejects import StageRejects
from transforms.stream.ticks import Ticks

# Whatever is later would be dropped. Until then a runner remembers each window, in some 200 bytes.
_LATENESS_S = 3_600


@dataclass(frozen=True)
class StreamJob:
    """A stream with everything looked up that it starts from."""

    options: IngestOptions
    stream: StreamSettings
    feeds: list[Feed]
    fetch: FetchSettings
    kafka_config: dict[str, str]


def build_stream(root: beam.Pipeline, job: StreamJob) -> None:
    """Wire the stages: poll, parse, clean, stage, and commit each window."""
    options, stream = job.options, job.stream
    clean = CleanSettings(options.earliest_date, options.languages)

    ticks = root | "Ticks" >> Ticks(stream.tick_s)
    sources = poll(ticks, job)
    known = (*[source.parcels for source in sources], ticks | "Heartbeat" >> beam.Map(heartbeat))
    notes = known | "AllNotes" >> beam.Flatten() | "WindowNotes" >> into_windows(stream)
    documents = tuple(source.documents for source in sources) | "AllDocuments" >> beam.Flatten()
    windowed = documents | "Spread" >> beam.Reshuffle() | "Window" >> into_windows(stream)
    read, read_counts = windowed | "CountDocuments" >> CountElements("documents")

    with ErrorHandler("ToReject" >> beam.Map(to_reject)) as errors:
        read_all = beam.FlatMap(parse_entries, "", options.page_profile)
        parse = read_all.with_error_handler(errors, exc_class=BadRecord)
        tidy = beam.Map(to_article, clean).with_error_handler(errors, exc_class=BadRecord)
        entries, counts = read | "Parse" >> parse | "CountReads" >> CountElements("reads")
        articles = entries | "Clean" >> tidy
    staged = articles | "StageArticles" >> StageArticles(stream)
    rejects = errors.output() | "StageRejects" >> StageRejects(stream)
    parcels = (staged, rejects, read_counts, counts, notes) | "AllParcels" >> beam.Flatten()
    parcels | "CommitWindows" >> CommitWindows(stream)


def into_windows(stream: StreamSettings) -> beam.PTransform[Any, Any]:
    """Windows of the ticks' time. Nothing should be late; what a runner takes for late is a commit of its own."""
    return beam.WindowInto(FixedWindows(stream.flush_s), allowed_lateness=_LATENESS_S)


def poll(ticks: PCollection[int], job: StreamJob) -> list[Sourced]:
    """What each kind of source gives."""
    options, stream = job.options, job.stream
    sources = []
    if job.feeds:
        sources.append(ticks | "PollFeeds" >> PollFeeds(job.feeds, job.fetch, stream))
    if options.watch or options.inputs:
        folders = WatchFolders(options.watch, stream, options.date_from, once=options.inputs)
        sources.append(ticks | "WatchFolders" >> folders)
    if options.kafka:
        sources.append(ticks | "PollKafka" >> PollKafka(options.kafka, stream, job.kafka_config))
    return sources
