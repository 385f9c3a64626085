"""One retag from start to its commits, and what it says."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.beam_options import is_local, make_beam_options
from pipelines.failures import readable_failures
from pipelines.memory import release_memory
from pipelines.options import RetagOptions
from pipelines.progress import keep_saying
from pipelines.run_beam import run_beam
from schemas.errors import Overlapped
from schemas.tables import ARTICLES
from transforms.check.refuse_damage import refuse_lost_keys
from transforms.count_of import count_of
from transforms.group_by_size import group_by_size
from transforms.progress import read_counts
from transforms.retag import Retag, Stale, find_stale, swap
from transforms.tag.tagger import load_tagger
from transforms.write.commit import commit
from transforms.write.manifests import RETAG, build_manifest
from transforms.write.run import new_run_id, pipeline_version
from transforms.write.staging import begin, check_output, recover

# Bytes of the files that one commit replaces: what a kill undoes, and what has to fit on the disk meanwhile.
LOCAL_COMMIT_BYTES = 64 * 2**20
CLUSTER_COMMIT_BYTES = 4096 * 2**20

# How often files are looked for once more, because others have replaced some meanwhile.
ATTEMPTS = 5


@dataclass
class Retagged:
    """How far a retag has come."""

    of: int  # articles
    articles: int = 0
    files: int = 0


def retag_dataset(options: RetagOptions) -> Retagged:
    """Tag the chosen articles again, some files a commit: what is done stays done if a later commit fails.

    Other runs may read and commit meanwhile.

    Raises:
        UsageError: options or output cannot be used; nothing has run.
        DatasetError: a stored file cannot be read, or key files are gone.
        DatasetBusy: another process holds the dataset's lock.
        DatelineError: the files cannot be written.
        Overlapped: others keep replacing them.
    """
    beam_options = make_beam_options(options.beam_arguments, options.workers)
    load_tagger(options.entities)  # what it lacks is met before anything runs
    options = replace(options, output=check_output(options.output))
    recover(options.output)
    refuse_lost_keys(options.output)
    stale = _find(options)
    done = Retagged(sum(file.rows for file in stale))
    for _ in range(ATTEMPTS):
        missed = _retag_all(options, stale, beam_options, done)
        if not missed:
            return done
        stale = [file for file in _find(options) if file.day in missed]
    raise Overlapped(f"{options.output}: other runs kept replacing files of {min(missed)}; run it again")


def _find(options: RetagOptions) -> list[Stale]:
    return find_stale(options.output, pipeline_version(options.entities), options.days, options.again)


def _retag_all(options: RetagOptions, stale: list[Stale], beam_options: PipelineOptions, done: Retagged) -> set[str]:
    """Commits one group of files after the other; the days with files that others have replaced."""
    missed: set[str] = set()
    for group in group_by_size(stale, LOCAL_COMMIT_BYTES if is_local(beam_options) else CLUSTER_COMMIT_BYTES):
        manifest = _commit(options, group, beam_options, done)
        missed.update(manifest["retagged"]["missed"])
        done.articles += manifest["retagged"]["rows"]
        done.files += manifest["retagged"]["files"]
        release_memory()
    return missed


def _commit(options: RetagOptions, stale: list[Stale], beam_options: PipelineOptions, done: Retagged) -> dict[str, Any]:
    started = time.monotonic()
    with begin(options.output, new_run_id(options.read_at, RETAG), options.read_at) as run, readable_failures(run):
        run = replace(run, pipeline_version=pipeline_version(options.entities))
        retag = Retag(stale, run, options.entities)
        with keep_saying(run.staging, partial(describe, run.staging, done)):
            run_beam(beam_options, lambda root: root | retag)
        shown = {"entities": options.entities, "again": options.again}
        timings = {RETAG: time.monotonic() - started}
        manifest = build_manifest(run, options=shown, inputs=[], counts={}, timings=timings) | {"command": RETAG}
        return commit(run, [ARTICLES], manifest, [partial(swap, stale=stale)], own_rows=False)


def describe(staging: str, done: Retagged) -> str:
    """One line: how many articles have been tagged, of how many."""
    return f"{done.articles + read_counts(staging)['articles']:,} of {count_of(done.of, 'article')} tagged"


def retagged_lines(done: Retagged) -> Iterator[str]:
    """What a retag did."""
    yield (
        f"Retagged {count_of(done.articles, 'article')} in {count_of(done.files, 'file')}"
        if done.files
        else "Nothing to retag"
    )
