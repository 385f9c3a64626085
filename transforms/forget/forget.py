"""A forgetting from start to commit."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from schemas.errors import DatelineError, UsageError
from schemas.keys import DATASET_TABLES
from schemas.tables import ARTICLES
from transforms.check.refuse_damage import refuse_lost_keys
from transforms.compact.plan import list_partitions
from transforms.count_of import count_of
from transforms.deduplicate.settings import date_of
from transforms.forget.doomed import find_doomed
from transforms.forget.packs import blank_packs
from transforms.forget.quarantine import drop_quarantined
from transforms.forget.raw import cut_raw, drop_old
from transforms.forget.rows import Removal
from transforms.forget.selection import Selection
from transforms.forget.told import unname_sources
from transforms.forget.tombstones import add_tombstones, look_up_tombstones, make_tombstones, taken_down
from transforms.write.commit import commit_steps
from transforms.write.manifests import FORGET, build_manifest
from transforms.write.run import Run, new_run_id
from transforms.write.staged import Staged
from transforms.write.staging import begin, check_output


@dataclass
class Forgot:
    """What has gone, or in a dry run would go."""

    rows: dict[str, int] = field(default_factory=dict)  # by table
    articles: int = 0
    raw_documents: int = 0  # dropped, or cut
    raw_files: int = 0
    waiting: int = 0  # rows of a stream's window
    quarantined: int = 0  # files
    manifests: int = 0  # that named a source
    hashes: int = 0  # that keep it from coming back
    examples: list[dict[str, str]] = field(default_factory=list, repr=False)  # article_id, url, source

    @property
    def is_nothing(self) -> bool:
        """Whether the dataset stays as it is."""
        return not any([*self.rows.values(), *(value for value in asdict(self).values() if isinstance(value, int))])


class _NotToBeDone(DatelineError):
    """Nothing is to be forgotten, or it was only asked what would be."""


def forget(output: str, selection: Selection, read_at: int, *, dry_run: bool = False) -> Forgot:
    """Take what is selected out of a dataset in one commit; with `dry_run` say what would go and change nothing.

    `read_at` is the clock, microseconds since the epoch. Nothing is committed where nothing is found and the hashes
    are there. The dataset's lock is held while its files are looked through and written anew.

    Raises:
        UsageError: `before` would take every article, and the selection is not `to_the_last`.
        DatasetError: a stored file cannot be read, or key files are gone.
        DatasetBusy: another process holds the dataset's lock.
        OSError: the files cannot be written.
    """
    output = check_output(output)
    refuse_lost_keys(output)
    forgot = Forgot()
    steps = forget_in_steps(output, new_run_id(read_at, FORGET), selection, read_at, forgot, dry_run=dry_run)
    with suppress(_NotToBeDone):
        for _ in steps:
            pass
    return forgot


def forget_in_steps(
    output: str, run_id: str, selection: Selection, read_at: int, forgot: Forgot, *, dry_run: bool = False
) -> Iterator[str]:
    """As `forget`, yielding the name of each step when it is done: the points at which a crash may come."""
    started = time.monotonic()
    with begin(output, run_id, read_at) as run:
        yield "begin"

        def prepare(staged: Staged) -> None:
            stage(staged, selection, forgot)
            if dry_run or forgot.is_nothing:
                raise _NotToBeDone
            _refuse_the_last(output, selection, forgot)
            staged.manifest["forgotten"] = {name: told for name, told in asdict(forgot).items() if name != "examples"}
            staged.manifest["timings"] = {FORGET: time.monotonic() - started}

        yield from commit_steps(run, DATASET_TABLES, _manifest(run, selection), [prepare], own_rows=False)


def _refuse_the_last(output: str, selection: Selection, forgot: Forgot) -> None:
    """Under the lock, so that no article is committed meanwhile."""
    if not selection.before or selection.to_the_last:
        return
    before = date_of(selection.before)
    days = [day for day, _ in list_partitions(output, ARTICLES)]
    if days and max(days) < before:
        gone = f"{count_of(forgot.articles, 'article')} in {count_of(sum(forgot.rows.values()), 'row')}"
        raise UsageError(f"--before: all is filed before {before}, {gone}; give --everything to forget it")


def _manifest(run: Run, selection: Selection) -> dict[str, Any]:
    """It must not name what is forgotten."""
    asked = {name: len(getattr(selection, name)) for name in ("urls", "ids", "sources")}
    options = asked | {"before": date_of(selection.before) if selection.before else ""}
    return build_manifest(run, options=options, inputs=[], counts={}, timings={}) | {"command": FORGET}


def stage(staged: Staged, selection: Selection, forgot: Forgot) -> None:
    """Prepares the commit: all files that hold any of it are listed for removal, and what is left of them staged."""
    doomed = find_doomed(staged.run.output, selection)
    removal = Removal(staged, selection, doomed)
    removal.take_articles()
    removal.take_joins()
    leaving = removal.leaving
    tombstones = make_tombstones(selection, doomed.ids, removal.take_keys(), leaving.keys)
    forgotten = look_up_tombstones(tombstones)
    removal.take_rejects(forgotten)
    removal.take_sources()
    forgot.hashes = add_tombstones(staged, tombstones)
    forgot.rows, forgot.articles, forgot.examples = dict(removal.rows), leaving.articles, leaving.examples
    if selection.before:
        forgot.raw_files = drop_old(staged, date_of(selection.before))
    else:
        pages = taken_down(leaving.own_urls) if selection.sources else forgotten
        forgot.raw_documents = cut_raw(staged, leaving.sources, pages, forgotten)
        forgot.waiting = blank_packs(staged, forgotten)
    forgot.quarantined = drop_quarantined(staged, selection, doomed, forgotten)
    forgot.manifests = unname_sources(staged, selection.sources)
