"""The ingest pipeline: feeds, texts and pages to a deduplicated, tagged dataset."""

from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.options import IngestOptions
from schemas.errors import BadRecord
from schemas.keys import DATASET_TABLES
from schemas.records import Document, FeedState
from schemas.tables import FEEDS
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate import Deduplicate, DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.remembered import KeyFiles
from transforms.fetch.feeds import Feed
from transforms.fetch.fetch_feeds import FetchFeeds
from transforms.fetch.gather_states import GatherStates
from transforms.fetch.settings import EVERYWHERE, FetchSettings
from transforms.parse_entries import parse_entries
from transforms.read_documents import ReadDocuments
from transforms.rejects import CollectRejects, RejectSettings, to_reject
from transforms.tag import Tag
from transforms.write.run import Run
from transforms.write.write_table import Group, WriteTable


@dataclass(frozen=True)
class Job:
    """An ingest with everything looked up that it starts from."""

    options: IngestOptions
    run: Run
    keys: KeyFiles
    feeds: list[Feed]
    feed_states: dict[str, FeedState]
    shards: int


def build_pipeline(root: beam.Pipeline, job: Job) -> None:
    """Wire the stages: read, parse, clean, deduplicate, tag, write."""
    options = job.options
    clean = CleanSettings(options.earliest_date, options.languages)
    duplicates = DuplicateSettings(options.near_duplicate_days, options.near_duplicates == "keep")

    documents, states = read(root, job)
    with ErrorHandler("ToReject" >> beam.Map(to_reject)) as errors:
        parse, tidy = beam.FlatMap(parse_entries, job.run.staging), beam.Map(to_article, clean)
        entries = documents | "Parse" >> parse.with_error_handler(errors, exc_class=BadRecord)
        articles = entries | "Clean" >> tidy.with_error_handler(errors, exc_class=BadRecord)
    rows = articles | Deduplicate(DeduplicateSettings(job.keys, duplicates, options.read_at, job.shards))
    rows["articles"] = rows["articles"] | Tag()
    rejects = errors.output() | CollectRejects(RejectSettings(job.keys, options.read_at, job.shards))

    for table in DATASET_TABLES:
        groups = [source[table.name] for source in (rows, rejects, states) if table.name in source]
        if groups:
            gather(groups, f"Gather {table.name}") | f"Write {table.name}" >> WriteTable(table, job.run)


def read(root: beam.Pipeline, job: Job) -> tuple[PCollection[Document], dict[str, PCollection[Group]]]:
    """Documents from files and feeds, and what was learnt of the feeds."""
    options = job.options
    documents, states = [], {}
    if options.inputs:
        documents.append(root | "ReadDocuments" >> ReadDocuments(options.inputs, options.read_at))
    if job.feeds:
        settings = FetchSettings(
            contact=options.contact,
            allowed=EVERYWHERE if options.allow_private else (),
            deadline_s=options.poll_deadline,
        )
        fetched = root | "FetchFeeds" >> FetchFeeds(job.feeds, job.feed_states, settings, options.read_at)
        # Flink cannot fuse a Flatten with the reading itself, so files are shuffled, as fetched documents are.
        documents = [files | "SpreadFiles" >> beam.Reshuffle() for files in documents] + [fetched.documents]
        states[FEEDS.name] = fetched.states | "GatherStates" >> GatherStates()
    return gather(documents, "AllDocuments"), states


def gather(sources: list[PCollection[Any]], label: str) -> PCollection[Any]:
    """All of them as one; a Flatten of one would have every element encoded once more."""
    return sources[0] if len(sources) == 1 else sources | label >> beam.Flatten()
