"""The ingest pipeline: feeds, texts and pages to a deduplicated, tagged dataset."""

from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.options import IngestOptions
from schemas.errors import BadRecord
from schemas.keys import DATASET_TABLES, EXACT
from schemas.records import Entry, FeedState
from schemas.tables import FEEDS
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate import Deduplicate, DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.stored.remembered import KeyFiles
from transforms.fetch.feeds import Feed
from transforms.fetch.fetch_feeds import FetchFeeds
from transforms.fetch.gather_states import GatherStates
from transforms.fetch.settings import EVERYWHERE, FetchSettings
from transforms.full_text import FetchPages, PageSettings
from transforms.keep_raw import KeepRaw
from transforms.parse_entries import parse_entries
from transforms.read_documents import ReadDocuments
from transforms.read_files import FileRange
from transforms.reclean import DropOvertaken, Raw, Recall
from transforms.rejects import CollectRejects, RejectSettings, to_reject
from transforms.replay import NoteRejects, RestoreRejects, Tried
from transforms.tag.tag import Tag
from transforms.write.run import Run
from transforms.write.write_table import Group, WriteTable

# Entries, and what was learnt of feeds and pages: rows by table.
Entries = tuple[PCollection[Entry], dict[str, PCollection[Group]]]


@dataclass(frozen=True)
class Job:
    """An ingest with everything looked up that it starts from."""

    options: IngestOptions
    run: Run
    keys: KeyFiles
    feeds: list[Feed]
    feed_states: dict[str, FeedState]
    shards: int
    raw: Raw | None = None  # what to clean once more, where nothing else is read
    tried: Tried | None = None  # rejects to try once more, likewise
    parts: list[FileRange] | None = None  # of the input, where this is one of several chunks


def build_pipeline(root: beam.Pipeline, job: Job) -> None:
    """Wire the stages: read, parse, clean, deduplicate, tag, write."""
    options = job.options
    clean = CleanSettings(options.earliest_date, options.languages)
    duplicates = DuplicateSettings(options.near_duplicate_days, options.near_duplicates == "keep")

    with ErrorHandler("ToReject" >> beam.Map(to_reject)) as errors:
        read_all = beam.FlatMap(parse_entries, job.run.staging, options.page_profile)
        parse = read_all.with_error_handler(errors, exc_class=BadRecord)
        tidy = beam.Map(to_article, clean).with_error_handler(errors, exc_class=BadRecord)
        entries, states = recall(root, job, parse) if job.raw or job.tried else read(root, job, parse)
        articles = entries | "Clean" >> tidy
    if kept := job.raw or job.tried:
        articles = articles | DropOvertaken(job.keys, options.near_duplicate_days, kept.commits)
    keep = options.boilerplate == "keep"
    rows = articles | Deduplicate(DeduplicateSettings(job.keys, duplicates, options.read_at, job.shards, keep))
    rows["articles"] = rows["articles"] | Tag(options.entities)
    rejects = errors.output() | CollectRejects(RejectSettings(job.keys, options.read_at, job.shards))
    if job.tried:
        errors.output() | NoteRejects(job.run.staging)

    for table in DATASET_TABLES:
        groups = [source[table.name] for source in (rows, rejects, states) if table.name in source]
        if groups:
            gather(groups, f"Gather {table.name}") | f"Write {table.name}" >> WriteTable(table, job.run)


def read(root: beam.Pipeline, job: Job, parse: beam.PTransform[Any, Any]) -> Entries:
    """Entries from files and feeds, with the pages they link to where those are wanted."""
    options = job.options
    documents, fetched, states, polls = [], [], {}, {}
    if options.inputs:
        reading = ReadDocuments(options.inputs, options.read_at, date_from=options.date_from, parts=job.parts)
        documents.append(root | "ReadDocuments" >> reading)
    if job.feeds:
        asked = FetchFeeds(job.feeds, job.feed_states, fetch_settings(options), options.read_at, job.run.staging)
        polled = root | "FetchFeeds" >> asked
        # Flink cannot fuse a Flatten with the reading itself, so files are shuffled, as fetched documents are.
        documents = [files | "SpreadFiles" >> beam.Reshuffle() for files in documents] + [polled.documents]
        fetched.append(polled.documents)
        polls["states"] = polled.states
    entries = gather(documents, "AllDocuments") | "Parse" >> parse
    if options.full_text:
        place = (options.read_at, job.run.staging, job.shards)
        settings = PageSettings(fetch_settings(options), job.keys, *place, options.page_profile)
        entries, states[EXACT.name], pages, polls["missed"] = entries | "FetchPages" >> FetchPages(settings)
        fetched.append(pages)
    if job.feeds:
        states[FEEDS.name] = polls | "GatherStates" >> GatherStates()
    if options.keep_raw and fetched:
        tuple(fetched) | "KeepRaw" >> KeepRaw(job.run, job.keys, job.shards)
    return entries, states


def recall(root: beam.Pipeline, job: Job, parse: beam.PTransform[Any, Any]) -> Entries:
    """Entries from what was kept, or from rejects."""
    options, staging = job.options, job.run.staging
    if job.tried:
        recalled = root | "RestoreRejects" >> RestoreRejects(job.tried.paths, staging)
    else:
        assert job.raw
        recalled = root | "Recall" >> Recall(job.raw.paths, staging, options.read_at, options.page_profile)
    parsed = recalled.unread | "Parse" >> parse
    return gather([recalled.entries, parsed], "AllRecalled"), {}


def fetch_settings(options: IngestOptions) -> FetchSettings:
    """How feeds and pages are fetched."""
    allowed = EVERYWHERE if options.allow_private else ()
    wanted = {"full_text": options.full_text, "poll_gone": options.poll_gone}
    return FetchSettings(options.contact, allowed, options.proxy, deadline_s=options.poll_deadline, **wanted)


def gather(sources: list[PCollection[Any]], label: str) -> PCollection[Any]:
    """All of them as one; a Flatten of one would have every element encoded once more.

    They are redistributed: Flink runs what follows a Flatten once for each source, and Beam's client keeps the
    counters of the last alone.
    """
    gathered: PCollection[Any] = sources[0]
    if len(sources) > 1:
        gathered = sources | label >> beam.Flatten() | f"Spread {label}" >> beam.Reshuffle()
    return gathered
