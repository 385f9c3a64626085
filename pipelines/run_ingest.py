"""One ingest from start to commit: what the command and the tests call."""

import os
import time
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipelines.beam_options import is_local, make_beam_options
from pipelines.counts import count_all, reconcile
from pipelines.ingest import Job, build_pipeline
from pipelines.options import IngestOptions
from pipelines.progress import show_progress
from schemas.errors import DatelineError
from schemas.keys import DATASET_TABLES
from schemas.tables import TABLES
from transforms.deduplicate.merge_keys import merge_keys
from transforms.deduplicate.overlap import drop_committed
from transforms.deduplicate.remembered import list_key_files, remember
from transforms.fetch.feed_lists import read_feed_list
from transforms.fetch.feed_states import read_feed_states
from transforms.progress import count_processes
from transforms.read_documents import check_inputs
from transforms.write.commit import commit
from transforms.write.feeds_table import replace_feeds
from transforms.write.manifests import build_manifest, iso_time
from transforms.write.run import Run, new_run_id
from transforms.write.staging import begin
from transforms.write.stored import check_footers

# Writers of articles on a cluster; each writes the days that fall to it.
CLUSTER_SHARDS = 32


def run_ingest(options: IngestOptions) -> dict[str, Any]:
    """Run the pipeline and commit what it wrote; the manifest.

    Raises UsageError for options, inputs or outputs that cannot be used, before anything runs; DatasetError
    for a stored dataset that cannot be trusted; AlreadyCommitted for a run id that has committed.
    """
    beam_options = make_beam_options(options.beam_arguments, options.workers)
    feeds = [feed for location in options.feeds for feed in read_feed_list(location)]
    matched = check_inputs(options.inputs)
    started = time.monotonic()
    with begin(options.output, options.run_id or new_run_id(options.read_at), options.read_at) as run:
        for table in TABLES:
            check_footers(run.output, table.name)
        keys = list_key_files(run.output)
        remember(keys)
        job = Job(options, run, keys, feeds, read_feed_states(run.output), _shards(options, beam_options))
        with show_progress(run.staging):
            counts = run_pipeline(job, beam_options)
        timings = {"pipeline": time.monotonic() - started}
        manifest = _manifest(run, job, matched, counts, timings)
        return commit(run, DATASET_TABLES, manifest, [partial(drop_committed, listed=keys), merge_keys, replace_feeds])


def run_pipeline(job: Job, beam_options: PipelineOptions) -> dict[str, int]:
    """Run to the end; every counter by name. Raises DatelineError where entries read and outcomes differ."""
    pipeline = beam.Pipeline(options=beam_options)
    build_pipeline(pipeline, job)
    result = pipeline.run()
    state = result.wait_until_finish()
    if state != PipelineState.DONE:
        raise DatelineError(f"the pipeline ended as {state}; nothing was committed")
    counts = count_all(result)
    reconcile(counts)
    return counts


def _shards(options: IngestOptions, beam_options: PipelineOptions) -> int:
    return (options.workers or os.cpu_count() or 1) if is_local(beam_options) else CLUSTER_SHARDS


def _manifest(run: Run, job: Job, matched: int, counts: dict[str, int], timings: dict[str, float]) -> dict[str, Any]:
    options = job.options
    shown = {
        "near_duplicates": options.near_duplicates,
        "near_duplicate_days": options.near_duplicate_days,
        "languages": options.languages,
        "earliest_date": iso_time(options.earliest_date),
        "workers": options.workers,
    }
    inputs = [{"pattern": pattern} for pattern in options.inputs] + [{"feed": feed.url} for feed in job.feeds]
    manifest = build_manifest(run, options=shown, inputs=inputs, counts=counts, timings=timings)
    return manifest | {"files_matched": matched, "processes": count_processes(run.staging)}
