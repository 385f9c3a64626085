"""A stream from its start to its end, which somebody else decides: what the command calls."""

import logging
import os
import re
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipelines.backfill import join_manifests
from pipelines.only_stream import only_stream
from pipelines.options import IngestOptions
from pipelines.run_ingest import feeds_left
from pipelines.stream import StreamJob, build_stream
from pipelines.stream_job import run_until_interrupted
from pipelines.stream_metrics import serve_metrics
from pipelines.stream_options import make_stream_options
from schemas.errors import UsageError
from transforms.check.refuse_damage import refuse_damage
from transforms.deduplicate import DuplicateSettings
from transforms.deduplicate.stored.remembered import list_key_files, read_forgotten
from transforms.fetch.feed_lists import read_feed_list
from transforms.fetch.feeds import Feed
from transforms.fetch.proxies import check_proxies
from transforms.fetch.settings import EVERYWHERE, FetchSettings, user_agent
from transforms.read_documents import find_inputs
from transforms.stream.settings import StreamSettings
from transforms.stream.sources.kafka_client import check_topics, read_config
from transforms.tag.tagger import load_tagger
from transforms.write import files
from transforms.write.manifests import read_json
from transforms.write.run import check_run_id, new_run_id
from transforms.write.staging import check_output, recover

TICK_S = 1
_SUMMED_WINDOWS = 288  # a day of five minutes each; a year's would take minutes to read

_SHOWN = (
    "near_duplicates", "near_duplicate_days", "page_profile", "boilerplate", "entities", "languages", "earliest_date",
    "date_from", "flush", "poll_every",
)  # fmt: skip


def run_stream(options: IngestOptions) -> dict[str, Any] | None:
    """Run until interrupted, then to the end of the window that has begun; one manifest of all windows, if any.

    Raises UsageError for options, sources or outputs that cannot be used, before anything runs, and DatasetBusy where
    another stream runs to the dataset; DatelineError where the runner fails or is gone: what it had not committed is
    read again by the next start.
    """
    run_id = options.run_id or new_run_id(options.read_at, "stream")
    beam_options = make_stream_options(options.beam_arguments, options.workers, TICK_S, job_name(run_id))
    _refuse_relative([*options.inputs, *options.watch], beam_options)
    job = prepare(options, run_id)
    with only_stream(job.stream.output, beam_options), serve_metrics(options.metrics_port, job.stream):
        show_warnings()
        pipeline = beam.Pipeline(options=beam_options)
        build_stream(pipeline, job)
        run_until_interrupted(pipeline, job.stream)
    return sum_up(job.stream)


def prepare(options: IngestOptions, run_id: str) -> StreamJob:
    """Everything looked up that a stream starts from; what an earlier one left is completed."""
    user_agent(options.contact)
    if options.feeds or options.proxy:
        check_proxies(options.proxy)
    load_tagger(options.entities)
    find_inputs(options.inputs)
    lists = {location: read_feed_list(location) for location in options.feeds}
    feeds = {feed.url: feed for several in lists.values() for feed in several}
    kafka_config = read_config(options.kafka_config) if options.kafka_config else {}
    check_topics(options.kafka, kafka_config)
    output = check_output(options.output)
    check_run_id(f"{run_id}.20250322T101500Z-99")  # the longest that it will have
    recover(output)
    refuse_damage(output)
    are_all = not (options.inputs or options.watch or options.kafka)
    polled = feeds_left(list(feeds.values()), read_forgotten(list_key_files(output)), are_all)
    allowed = EVERYWHERE if options.allow_private else ()
    fetch = FetchSettings(options.contact, allowed, options.proxy, poll_every_s=options.poll_every)
    stream = _settings(options, output, run_id, _show_inputs(options, lists))
    return StreamJob(options, stream, polled, fetch, kafka_config)


def _show_inputs(options: IngestOptions, lists: dict[str, list[Feed]]) -> list[dict[str, str]]:
    """What is read, as the manifest of each window shows it: of a list of feeds its name, of a URL no password."""
    feeds = [several[0].url if len(several) == 1 else location for location, several in lists.items()]
    named = {"feeds": feeds, "pattern": options.inputs, "watch": options.watch, "kafka": options.kafka}
    return [{kind: each} for kind, several in named.items() for each in several]


def _settings(options: IngestOptions, output: str, run_id: str, inputs: list[dict[str, str]]) -> StreamSettings:
    return StreamSettings(
        output=output,
        run_id=run_id,
        flush_s=options.flush,
        tick_s=TICK_S,
        duplicates=DuplicateSettings(options.near_duplicate_days, options.near_duplicates == "keep"),
        keep_boilerplate=options.boilerplate == "keep",
        entities=options.entities,
        compact=options.compact == "auto",
        shown={name: getattr(options, name) for name in _SHOWN},
        inputs=inputs,
    )


def _refuse_relative(patterns: list[str], beam_options: PipelineOptions) -> None:
    runner = beam_options.view_as(StandardOptions).runner.rpartition(".")[2]
    for pattern in patterns:
        if runner != "PrismRunner" and files.is_local(pattern) and not os.path.isabs(pattern):
            raise UsageError(f"{pattern}: the workers of {runner} run in other folders; give it from / on")


def job_name(run_id: str) -> str:
    """What the runner calls a stream; Dataflow takes small letters, digits and hyphens alone."""
    return re.sub("[._]", "-", f"dateline-{run_id}".lower())


def show_warnings() -> None:
    """Let workers in this process say on stderr what they wait for."""
    said = logging.StreamHandler()
    said.setFormatter(logging.Formatter("dateline: %(message)s"))
    for name in ("transforms.stream", "transforms.write", "kafka"):
        logger = logging.getLogger(name)
        logger.addHandler(said)
        logger.setLevel(logging.WARNING)
        logger.propagate = False


def sum_up(stream: StreamSettings) -> dict[str, Any] | None:
    """What the windows of this stream did, as one manifest; of very many, tables and counts of the last ones alone.

    Then `windows` says of how many these are.
    """
    paths = files.find(f"{stream.output}/_manifests", f"{stream.run_id}.*.json")
    if not paths:
        return None
    joined = join_manifests(stream.run_id, list(map(read_json, paths[-_SUMMED_WINDOWS:])))
    return joined | ({"windows": len(paths)} if len(paths) > _SUMMED_WINDOWS else {})
