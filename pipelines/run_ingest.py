"""One ingest from start to commit: what the command and the tests call."""

import os
import time
from contextlib import closing, suppress
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from apache_beam.io.filesystem import FileMetadata
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.backfill import Part, close_backfill, open_backfill, refuse_finished, run_chunks
from pipelines.beam_options import is_local, make_beam_options
from pipelines.failures import readable_failures
from pipelines.ingest import Job, build_pipeline
from pipelines.options import IngestOptions
from pipelines.progress import Behind, show_progress
from pipelines.run_beam import run_beam
from schemas.errors import Overlapped, UsageError
from schemas.keys import DATASET_TABLES
from transforms.check.refuse_damage import refuse_damage
from transforms.chunks.chunk import Chunk
from transforms.chunks.cut import cut_files, weigh_file
from transforms.chunks.unpack_lines import LineUnpacker
from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.overlap import refuse_overlap
from transforms.deduplicate.stored.remembered import list_key_files, remember
from transforms.fetch.feed_lists import read_feed_list
from transforms.fetch.feed_states import read_feed_states
from transforms.fetch.feeds import Feed
from transforms.fetch.proxies import check_proxies
from transforms.fetch.settings import user_agent
from transforms.group_by_size import group_by_size
from transforms.ledger import reconcile
from transforms.progress import count_processes
from transforms.read_documents import DEFAULT_LIMITS, find_inputs
from transforms.reclean import RECLEAN, find_raw
from transforms.tag.tagger import load_tagger
from transforms.write.check_rows import check_rows
from transforms.write.commit import Prepare, commit
from transforms.write.feeds_table import replace_feeds
from transforms.write.manifests import build_manifest
from transforms.write.raw import list_raw
from transforms.write.run import Run, check_run_id, new_run_id, pipeline_version
from transforms.write.staging import begin, check_output

# Writers of articles on a cluster; each writes the days that fall to it.
CLUSTER_SHARDS = 32

# How often a run starts anew because others stored the same entries meanwhile.
ATTEMPTS = 5

_SHOWN = (
    "near_duplicates", "near_duplicate_days", "page_profile", "boilerplate", "entities", "languages", "earliest_date",
    "date_from", "full_text", "keep_raw", "workers",
)  # fmt: skip


def run_ingest(options: IngestOptions) -> dict[str, Any]:
    """Run the pipeline and commit what it wrote; the manifest.

    Raises UsageError for options, inputs or outputs that cannot be used, before anything runs; DatasetError
    for a stored dataset that cannot be trusted; AlreadyCommitted for a run id that has committed; Overlapped
    if other runs keep storing the same entries.
    """
    beam_options = make_beam_options(options.beam_arguments, options.workers)
    user_agent(options.contact)
    if options.feeds or options.full_text or options.proxy:
        check_proxies(options.proxy)
    load_tagger(options.entities)
    feeds = {feed.url: feed for location in options.feeds for feed in read_feed_list(location)}
    found = find_inputs(options.inputs)
    if options.reclean and not list_raw(options.output):
        raise UsageError(f"{options.output}: there is nothing to clean again; dateline ingest --keep_raw keeps it")
    output = check_output(options.output)
    run_id = check_run_id(options.run_id or new_run_id(options.read_at))
    refuse_finished(output, run_id)
    chunks = _plan(options, found) if is_local(beam_options) and options.chunk_bytes else []
    if len(chunks) < 2:
        return _ingest(options, run_id, beam_options, list(feeds.values()))
    backfill = open_backfill(output, options, run_id, found, chunks)
    options = replace(options, read_at=backfill.read_at)
    with closing(LineUnpacker(DEFAULT_LIMITS)) as unpacker:

        def run_chunk(number: int, behind: Behind) -> dict[str, Any]:
            part = Part(backfill, number, behind, unpacker)
            # Feeds belong to the first chunk: its clock is the least far behind.
            return _ingest(options, backfill.id_of(number), beam_options, [] if number else list(feeds.values()), part)

        manifest = run_chunks(output, backfill, run_chunk)
    close_backfill(output, options)
    return manifest


def _plan(options: IngestOptions, found: list[FileMetadata]) -> list[Chunk]:
    """The chunks of the input; none if its files' sizes say that it is no larger than one."""
    if sum(weigh_file(file.path, file.size_in_bytes) for file in found) <= options.chunk_bytes:
        return []
    limits = replace(DEFAULT_LIMITS, slice=min(DEFAULT_LIMITS.slice, options.chunk_bytes))
    return group_by_size(cut_files(found, limits, options.date_from), options.chunk_bytes)


def _ingest(
    options: IngestOptions, run_id: str, beam_options: PipelineOptions, feeds: list[Feed], part: Part | None = None
) -> dict[str, Any]:
    attempt = partial(_attempt, options, run_id, beam_options, feeds, part)
    for _ in range(ATTEMPTS - 1):
        with suppress(Overlapped):
            return attempt()
    return attempt()


def _attempt(
    options: IngestOptions, run_id: str, beam_options: PipelineOptions, feeds: list[Feed], part: Part | None
) -> dict[str, Any]:
    started = time.monotonic()
    with begin(options.output, run_id, options.read_at) as run, readable_failures(run):
        run = replace(run, pipeline_version=pipeline_version(options.entities))
        refuse_damage(run.output)
        keys = list_key_files(run.output, run.staging)
        feeds = feeds_left(feeds, remember(keys).forgotten, not (options.inputs or options.reclean))
        raw = find_raw(run.output) if options.reclean else None
        job = Job(options, run, keys, feeds, read_feed_states(run.output), count_shards(options, beam_options), raw)
        if part:
            job = replace(job, parts=part.unpack(run.staging))
        with show_progress(run.staging, part.behind if part else None):
            counts = run_pipeline(job, beam_options)
        manifest = _manifest(run, job, counts, time.monotonic() - started) | (part.describe() if part else {})
        return commit(run, DATASET_TABLES, manifest, prepare_steps(job))


def feeds_left(feeds: list[Feed], forgotten: Forgotten, are_all: bool) -> list[Feed]:
    """The feeds that were not forgotten; UsageError where there are none, and they are all that is read."""
    left = [feed for feed in feeds if not forgotten.has_source(feed.url)]
    if are_all and not left:
        raise UsageError("all feeds given have been forgotten: there is nothing to read")
    return left


def prepare_steps(job: Job) -> list[Prepare]:
    """What prepares the commit of a job."""
    not_overtaken = partial(refuse_overlap, listed=job.keys, near_days=job.options.near_duplicate_days)
    return [not_overtaken, check_rows, merge_keys, merge_joins, replace_feeds]


def run_pipeline(job: Job, beam_options: PipelineOptions) -> dict[str, int]:
    """Run to the end; every counter by name. Raises DatelineError where entries read and outcomes differ."""
    counts = run_beam(beam_options, partial(build_pipeline, job=job))
    reconcile(counts)
    return counts


def count_shards(options: IngestOptions, beam_options: PipelineOptions) -> int:
    """Writers of articles."""
    return (options.workers or os.cpu_count() or 1) if is_local(beam_options) else CLUSTER_SHARDS


def shown_options(options: IngestOptions) -> dict[str, Any]:
    """The options that a manifest names."""
    return {name: value for name, value in asdict(options).items() if name in _SHOWN}


def _manifest(run: Run, job: Job, counts: dict[str, int], seconds: float) -> dict[str, Any]:
    inputs = [{"pattern": pattern} for pattern in job.options.inputs] + [{"feed": feed.url} for feed in job.feeds]
    inputs += [{"raw": path.removeprefix(f"{run.output}/")} for path in (job.raw.paths if job.raw else [])]
    shown, timings = shown_options(job.options), {"pipeline": seconds}
    manifest = build_manifest(run, options=shown, inputs=inputs, counts=counts, timings=timings)
    command = RECLEAN if job.raw else "ingest"
    return manifest | {"command": command, "processes": count_processes(run.staging)}
