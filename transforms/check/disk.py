"""The files of a dataset against what its manifests list."""

from dataclasses import dataclass, field

from schemas.cursors import CURSORS
from schemas.errors import DatasetError, UsageError
from schemas.keys import DATASET_TABLES
from schemas.tables import FEEDS, STORY_JOINS
from transforms.check.commits import Commits, Listed
from transforms.check.problems import COME_BACK, Problem, set_aside, what_is_lost
from transforms.count_of import count_of
from transforms.write import files
from transforms.write.intent import read_intent, waiting_moves
from transforms.write.raw import RAW, is_raw
from transforms.write.staged import only_file
from transforms.write.staging import is_dead, staging_folders
from transforms.write.stored import open_stored, table_of

_FOLDERS = sorted({table.name.partition("/")[0] for table in DATASET_TABLES} | {RAW})


@dataclass
class Disk:
    """Files by what they are, as paths below the dataset's folder."""

    kept: dict[str, Listed] = field(default_factory=dict)  # there, and to be read
    adopted: set[str] = field(default_factory=set)  # there, but not as a manifest says
    missing: list[str] = field(default_factory=list)  # from where they are listed
    lost: list[str] = field(default_factory=list)  # missing, and nowhere else
    aside: list[str] = field(default_factory=list)  # to be moved out of the way
    unstaged: list[str] = field(default_factory=list)  # staging folders whose intent cannot be carried out
    problems: list[Problem] = field(default_factory=list)


def require_dataset(output: str) -> None:
    """Raises UsageError where there is nothing of a dataset, or where no installed filesystem can tell."""
    try:
        is_there = any(files.find(f"{output}/{folder}") for folder in ("_manifests", *_FOLDERS))
    except ValueError as error:  # a scheme that no installed filesystem knows
        raise UsageError(f"{output}: {error}") from error
    if not is_there:
        raise UsageError(f"{output}: no dataset is here")


def compare_files(output: str, commits: Commits) -> Disk:
    """What is there and what is not; only the footers of files that differ are read."""
    disk = Disk()
    sizes = {
        path.removeprefix(f"{output}/"): size
        for folder in _FOLDERS
        for path, size in files.find_sizes(f"{output}/{folder}").items()
    }
    disk.missing = sorted(commits.files.keys() - sizes.keys())
    names = {(path.rpartition("/")[2], commits.files[path].size): path for path in disk.missing}
    unlisted = sizes.keys() - commits.files.keys()
    moved = {path: names.get((path.rpartition("/")[2], sizes[path]), "") for path in unlisted}
    disk.lost = sorted(set(disk.missing).difference(moved.values()))
    for path in disk.lost:
        disk.problems.append(Problem(path, "the file is missing", f"takes it off the list; {what_is_lost(path)}"))
    for path, size in sorted(sizes.items()):
        listed = commits.files.get(path)
        if listed and listed.size == size:
            disk.kept[path] = listed
        elif former := moved.get(path):
            disk.kept[path] = commits.files[former]
            disk.adopted.add(path)
            disk.problems.append(Problem(path, f"the file was {former}", "takes it in where it is"))
        elif listed:
            _take_changed(disk, path, listed, size)
        elif not path.rpartition("/")[2].startswith(".") or path.endswith(".parquet"):
            _take_unlisted(disk, output, path, size, commits)
    _check_staging(disk, output)
    return disk


def _take_changed(disk: Disk, path: str, listed: Listed, size: int) -> None:
    what = f"the file has {count_of(size, 'byte')}, {listed.size:,} written"
    disk.kept[path] = Listed(None, size)
    disk.adopted.add(path)
    disk.problems.append(Problem(path, what, "lists it as it is, if it can be read"))


def _take_unlisted(disk: Disk, output: str, path: str, size: int, commits: Commits) -> None:
    if run := _lost_run(output, path, commits):
        disk.kept[path] = Listed(None, size)
        disk.adopted.add(path)
        disk.problems.append(Problem(path, f"the manifest of its run {run} is missing", "takes the file in"))
    else:
        by = commits.removed.get(path)
        what = f"run {by} removed the file, and it is there" if by else "the file is in no manifest"
        disk.aside.append(path)
        disk.problems.append(set_aside(path, what, ""))


def _lost_run(output: str, path: str, commits: Commits) -> str:
    """The run that wrote a file, if no manifest tells of it; empty where the file is none of Dateline's."""
    if is_raw(path) or not path.endswith(".parquet") or table_of(f"{output}/{path}") is None:
        return ""
    try:
        with open_stored(f"{output}/{path}") as file:
            run = (file.schema_arrow.metadata or {}).get(b"run_id", b"").decode(errors="replace")
    except DatasetError:
        return ""
    is_its_own = f"part-{run}" in path or path in map(only_file, (FEEDS, STORY_JOINS, CURSORS))
    return run if run not in commits.runs and is_its_own else ""


def _check_staging(disk: Disk, output: str) -> None:
    for staging in staging_folders(output):
        where = staging.removeprefix(f"{output}/")
        if not is_dead(staging):
            disk.problems.append(Problem(where, "a run is at work", is_note=True))
        elif files.find(staging, "intent.json"):
            disk.problems.append(_pending(disk, output, staging, where))
        else:
            disk.problems.append(Problem(where, "left by a run that died; the next run sweeps it", "sweeps it", True))


def _pending(disk: Disk, output: str, staging: str, where: str) -> Problem:
    try:
        intent = read_intent(staging)
        waiting_moves(output, staging, intent["files"])
    except DatasetError as error:
        disk.unstaged.append(staging)
        return set_aside(where, f"a commit that was decided cannot be carried out: {error}", COME_BACK)
    return Problem(where, f"the commit of run {intent['run_id']} was decided and not finished", "finishes it")
