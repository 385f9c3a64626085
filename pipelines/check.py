"""One check of a dataset, and one repair, from start to end, and what they say."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from pipelines.failures import readable_failures
from schemas.errors import DatasetBusy, Overlapped
from schemas.keys import DATASET_TABLES
from schemas.tables import ARTICLES, SIGHTINGS
from transforms.check import Examined, Mend, Problem, examine, require_dataset, set_broken_aside
from transforms.check.commits import list_manifests
from transforms.count_of import count_of
from transforms.write.commit import commit
from transforms.write.lock import hold_dataset
from transforms.write.manifests import CHECK, build_manifest
from transforms.write.run import Run, new_run_id
from transforms.write.staging import begin, check_output

# How often a check or repair starts anew because others have committed meanwhile.
ATTEMPTS = 5


def check_dataset(output: str) -> Examined:
    """Look at a dataset without changing it.

    Raises:
        UsageError: there is no dataset.
        NewerSchema: a later version of Dateline has written to it.
        DatasetBusy: others keep changing it.
    """
    require_dataset(output)
    for _ in range(ATTEMPTS):
        before = list_manifests(output)
        found = examine(output)
        if not found.damage or settled_manifests(output) == before:
            return found
    raise DatasetBusy(f"{output}: other runs kept committing during {ATTEMPTS} checks")


def settled_manifests(output: str) -> tuple[str, ...]:
    """The manifests when no commit goes on: the files of one are there before its manifest is."""
    if not os.access(f"{output}/_lock", os.W_OK):  # a remote dataset has no lock, one that is only read no commits
        return list_manifests(output)
    with hold_dataset(output):
        return list_manifests(output)


def repair_dataset(output: str, read_at: int) -> dict[str, Any] | None:
    """Put a dataset right in one commit; its manifest, or None where there was nothing to do.

    Raises as `check_dataset`, and:
        UsageError: the dataset cannot be written.
        DatelineError: the disk is full, or the like; nothing has changed.
        Overlapped: others keep committing.
    """
    run_id = new_run_id(read_at, CHECK)
    set_broken_aside(check_output(output), run_id)
    for _ in range(ATTEMPTS - 1):
        with suppress(Overlapped):
            return _repair(output, run_id, read_at)
    return _repair(output, run_id, read_at)


def _repair(output: str, run_id: str, read_at: int) -> dict[str, Any] | None:
    started = time.monotonic()
    with begin(output, run_id, read_at) as run, readable_failures(run):
        found = examine(run.output)
        if not found.damage:
            return None
        run = _after_all_rows(run, found)
        mend = Mend(found, run)
        mend.stage()
        timings = {CHECK: time.monotonic() - started}
        manifest = build_manifest(run, options={}, inputs=[], counts={}, timings=timings)
        problems = [asdict(problem) for problem in found.damage]
        manifest |= {"command": CHECK, "problems": problems} | mend.record()
        return commit(run, DATASET_TABLES, manifest, [mend.apply], own_rows=False)


def _after_all_rows(run: Run, found: Examined) -> Run:
    stamps = [found.rows[table.name]["ingested_at"] for table in (ARTICLES, SIGHTINGS)]
    newest = int(np.concatenate(stamps).max(initial=0))
    return replace(run, ingested_at=max(run.ingested_at, newest + 1))


def report_lines(found: Examined) -> Iterator[str]:
    """What a check found, in plain lines."""
    for problem in found.problems:
        yield f"{problem.where}: {problem.what}{_remedy(problem)}"
    rows = sum(listed.rows or 0 for path, listed in found.sound.items() if not path.startswith("_"))
    size = sum(listed.size for listed in found.sound.values())
    counted = {"run": len(found.commits.runs), "file": len(found.sound), "row": rows}
    yield ", ".join([*(count_of(count, what) for what, count in counted.items()), f"{size / 1e6:,.1f} MB"])
    if found.damage:
        yield f"{found.output} is not sound: {len(found.damage):,} of these; dateline check {found.output} --repair"
    else:
        yield f"{found.output} is sound"


def _remedy(problem: Problem) -> str:
    if problem.is_note:
        return " (no damage)"
    return f"; --repair {problem.repair}" if problem.repair else "; it cannot be repaired"


def repair_lines(manifest: dict[str, Any] | None) -> Iterator[str]:
    """What a repair did."""
    if manifest is None:
        yield "Nothing to repair"
        return
    yield f"Repaired as run {manifest['run_id']}:"
    for problem in manifest["problems"]:
        done = problem["repair"] or "it cannot be repaired"
        yield f"  {problem['where']}: {problem['what']}; {done}"


def as_json(found: Examined) -> dict[str, Any]:
    """What a check found, for programs."""
    return {"sound": not found.damage, "problems": [asdict(problem) for problem in found.problems]}
