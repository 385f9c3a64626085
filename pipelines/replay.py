"""One replay from start to its commits, and what it says."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from apache_beam.options.pipeline_options import PipelineOptions
from numpy.typing import NDArray

from pipelines.backfill import join_manifests, sum_counts
from pipelines.beam_options import make_beam_options
from pipelines.failures import readable_failures
from pipelines.ingest import Job
from pipelines.memory import release_memory
from pipelines.options import IngestOptions
from pipelines.progress import show_progress
from pipelines.run_ingest import ATTEMPTS, count_shards, prepare_steps, run_pipeline, shown_options
from pipelines.summary import became_lines
from schemas.errors import Overlapped
from schemas.keys import DATASET_TABLES
from transforms.check.refuse_damage import refuse_damage
from transforms.count_of import count_of
from transforms.deduplicate.stored.remembered import list_key_files, remember
from transforms.replay import Choice, choose, leave, stage_tried
from transforms.tag.tagger import load_tagger
from transforms.write.commit import commit
from transforms.write.cursor import last_ingested_at
from transforms.write.manifests import REPLAY, build_manifest
from transforms.write.run import Run, new_run_id, pipeline_version
from transforms.write.staging import begin, check_output, recover


@dataclass
class Replayed:
    """What a replay did. `left_out`: rejects that cannot be tried, by reason."""

    tried: int = 0
    left: Counter[str] = field(default_factory=Counter)  # by reason
    left_out: Counter[str] = field(default_factory=Counter)
    manifests: list[dict[str, Any]] = field(default_factory=list, repr=False)  # of its commits

    @property
    def manifest(self) -> dict[str, Any] | None:
        """One of all commits; None where there are none."""
        return join_manifests(self.manifests[0]["run_id"], self.manifests) if self.manifests else None


def replay(options: IngestOptions, reasons: list[str], sources: list[str]) -> Replayed:
    """Try rejects again, some `chunk_bytes` of them a commit: those of any of these reasons and sources, or all.

    What comes out as it had gone in stays a reject. Other runs may read and commit meanwhile.

    Raises:
        UsageError: options or output cannot be used; nothing has run.
        DatasetError: a stored file cannot be read, or key files are gone.
        DatasetBusy: another process holds the dataset's lock.
        AlreadyCommitted: a run of this id has committed.
        Overlapped: other runs keep storing the same entries.
    """
    beam_options = make_beam_options(options.beam_arguments, options.workers)
    load_tagger(options.entities)
    options = replace(options, output=check_output(options.output))
    recover(options.output)
    choice = Choice(reasons, sources, last_ingested_at(options.output), np.zeros(0, np.uint64))
    done = Replayed()
    while len(keys := _try_some(options, choice, beam_options, done)):
        choice = replace(choice, without=np.concatenate([choice.without, keys]))
        options = replace(options, run_id="")
        release_memory()
    return done


def _try_some(
    options: IngestOptions, choice: Choice, beam_options: PipelineOptions, done: Replayed
) -> NDArray[np.uint64]:
    """Commit what the next rejects have become; their keys, none where there are no more."""
    attempt = partial(_attempt, options, choice, beam_options, done)
    for _ in range(ATTEMPTS - 1):
        with suppress(Overlapped):
            return attempt()
    return attempt()


def _attempt(
    options: IngestOptions, choice: Choice, beam_options: PipelineOptions, done: Replayed
) -> NDArray[np.uint64]:
    started, run_id = time.monotonic(), options.run_id or new_run_id(options.read_at, REPLAY)
    with begin(options.output, run_id, options.read_at) as run, readable_failures(run):
        refuse_damage(run.output)
        chosen = choose(run.output, choice, options.chunk_bytes)
        done.left_out = chosen.left_out
        if not len(chosen.keys):
            return chosen.keys
        run = replace(run, pipeline_version=pipeline_version(options.entities))
        keys = list_key_files(run.output, run.staging)
        remember(keys)
        again = stage_tried(chosen, run)
        job = Job(options, run, keys, [], {}, count_shards(options, beam_options), tried=again)
        with show_progress(run.staging):
            counts = run_pipeline(job, beam_options)
        manifest = _manifest(run, options, choice, counts, time.monotonic() - started)
        manifest = commit(run, DATASET_TABLES, manifest, [*prepare_steps(job), partial(leave, tried=again)])
    done.tried += manifest["replayed"]["tried"]
    done.left.update(manifest["replayed"]["left"])
    done.manifests.append(manifest)
    return chosen.keys


def _manifest(
    run: Run, options: IngestOptions, choice: Choice, counts: dict[str, int], seconds: float
) -> dict[str, Any]:
    shown = shown_options(options) | {"reasons": choice.reasons, "sources": choice.sources}
    manifest = build_manifest(run, options=shown, inputs=[], counts=counts, timings={"pipeline": seconds})
    return manifest | {"command": REPLAY}


def replayed_lines(done: Replayed) -> Iterator[str]:
    """What a replay did."""
    left = done.left.total()
    yield f"Tried    {count_of(done.tried, 'reject')}: {left:,} gone, {done.tried - left:,} unchanged"
    yield from _by_reason(done.left)
    if done.manifests:
        yield from became_lines(sum_counts(done.manifests))
    if done.left_out:
        yield f"Kept out {count_of(done.left_out.total(), 'reject')} not stored whole: read the source again"
        yield from _by_reason(done.left_out)


def _by_reason(rejects: Counter[str]) -> Iterator[str]:
    return (f"{count:>9,}  {reason}" for reason, count in sorted(rejects.items()))
