"""The intent of a commit. Once it exists the commit is carried out, by this process or by a later one.

An intent is a file in the run's staging folder. It lists the files to rename, those to remove and the
manifest. Each step can be done again, so whoever finds an intent starts at its beginning.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from transforms.write import files
from transforms.write.cursor import move_cursor
from transforms.write.manifests import iso_time, manifest_path, read_json, write_json
from transforms.write.run import staged_path
from transforms.write.staged import Staged

FORMAT = 1
_SHAPE = {"run_id": str, "ingested_at": int, "files": list, "removed": list, "manifest": dict}
LARGE_FOLDER = 256  # files; Linux gives the names of some 400 at once
LISTING_S = 1.0


def intent_path(staging: str) -> str:
    """Where the intent of a staging folder is, if it has one."""
    return f"{staging}/intent.json"


def write_intent(staged: Staged) -> None:
    """Decides a commit. The staged files are made safe from a loss of power first."""
    run = staged.run
    removed = sorted(staged.removed.difference(staged.targets))
    manifest = {
        **staged.manifest,
        "status": "committed",
        "ingested_at": iso_time(run.ingested_at),
        "tables": staged.contents(),
        "raw": staged.raw_contents(),
        "removed": removed,
    }
    intent = {
        "format": FORMAT,
        "run_id": run.run_id,
        "ingested_at": run.ingested_at,
        "files": staged.targets,
        "removed": removed,
        "manifest": manifest,
    }
    paths = [staged_path(run.staging, target) for target in staged.targets]
    files.sync([*paths, run.staging, f"{run.output}/_staging"])
    write_json(intent_path(run.staging), intent)


def roll_forward(output: str, staging: str) -> Iterator[str]:
    """Carries out the intent of a staging folder, under the lock; yields the name of each step as it is done.

    Raises:
        DatasetError: the intent cannot be read or is of a later version, or a file that it names is gone.
    """
    intent = read_intent(staging)
    yield from rename_files(output, staging, intent["files"])
    let_listings_end(intent["removed"])
    yield from remove_files([f"{output}/{path}" for path in intent["removed"]])
    move_cursor(output, intent["ingested_at"])
    yield "cursor"
    write_json(manifest_path(output, intent["run_id"]), intent["manifest"])
    yield "manifest"
    files.remove_tree(staging)
    yield "sweep"


def read_intent(staging: str) -> dict[str, Any]:
    """The intent of a staging folder; DatasetError for one that this version does not know."""
    path = intent_path(staging)
    intent = read_json(path)
    if intent.get("format") != FORMAT:
        raise DatasetError(f"{path}: format {intent.get('format')!r} is not known; a later version may know it")
    if not all(isinstance(intent.get(name), kind) for name, kind in _SHAPE.items()):
        raise DatasetError(f"{path}: is none that Dateline wrote")
    return intent


def rename_files(output: str, staging: str, targets: list[str]) -> Iterator[str]:
    """Renames staged files to their targets, those not renamed before, and makes the renames safe."""
    folders = {f"{output}/{target}".rpartition("/")[0] for target in targets} | {f"{output}/_manifests"}
    for folder in folders:
        files.make_folder(folder)
    for batch in files.batches(waiting_moves(output, staging, targets), output):
        files.replace([source for source, _ in batch], [target for _, target in batch])
        yield "rename"
    files.sync({parent for folder in folders for parent in _up_to(output, folder)})


def _up_to(output: str, folder: str) -> Iterator[str]:
    """A folder and those above it, the dataset's included: each may have been made a moment ago."""
    while folder.startswith(f"{output}/"):
        yield folder
        folder = folder.rpartition("/")[0]
    yield output


def waiting_moves(output: str, staging: str, targets: list[str]) -> list[tuple[str, str]]:
    """The renames still to do; DatasetError for a file that is neither staged nor there."""
    staged = set(files.find(staging))
    moves = [(staged_path(staging, target), f"{output}/{target}") for target in targets]
    waiting = [move for move in moves if move[0] in staged]
    for source, target in set(moves).difference(waiting):
        if not FileSystems.exists(target):
            raise DatasetError(f"{target}: neither there nor staged as {source}")
    return waiting


def let_listings_end(removed: list[str]) -> None:
    """Waits between the new files of large folders and the removal of the old ones.

    The system lists such a folder in several steps: whoever passed the place of a new file before it was there,
    and comes to that of the old one when it is gone, would miss their rows.
    """
    folders = Counter(path.rpartition("/")[0] for path in removed)
    if max(folders.values(), default=0) >= LARGE_FOLDER:
        time.sleep(LISTING_S)


def remove_files(paths: list[str]) -> Iterator[str]:
    """Removes files, those not removed before, and makes that safe: one that came back would hold rows twice."""
    for path in paths:
        if FileSystems.exists(path):
            files.remove([path])
            yield "remove"
    folders = {path.rpartition("/")[0] for path in paths}
    files.sync(folder for folder in folders if os.path.isdir(folder))
