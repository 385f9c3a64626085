"""What the manifests of a dataset say that it holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError, NewerSchema
from schemas.tables import SCHEMA_VERSION
from transforms.check.problems import Problem, set_aside
from transforms.count_of import count_of
from transforms.ledger import OUTCOMES
from transforms.write import files
from transforms.write.cursor import count_lost_keys, cursor_path, last_ingested_at
from transforms.write.manifests import from_iso_time, iso_time, read_json

NEAR_DAYS = 3  # where a manifest does not say


class Listed(NamedTuple):
    """What a manifest says of a file; of a raw file no rows."""

    rows: int | None
    size: int


@dataclass
class Commits:
    """All commits, one after the other. Paths are below the dataset's folder, times microseconds since the epoch."""

    paths: tuple[str, ...]  # of the manifests
    files: dict[str, Listed] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)  # by which run
    runs: set[str] = field(default_factory=set)
    newest: int = 0
    near_days: dict[int, int] = field(default_factory=dict)  # by ingested_at
    has_losses: bool = False  # a repair has given rows up
    unreadable: list[str] = field(default_factory=list)  # manifests, the cursor, what is known of backfills
    problems: list[Problem] = field(default_factory=list)


def list_manifests(output: str) -> tuple[str, ...]:
    """The paths of a dataset's manifests, sorted."""
    return tuple(files.find(f"{output}/_manifests", "*.json"))


def read_commits(output: str) -> Commits:
    """Plays the manifests in order. NewerSchema names one that only a later version of Dateline reads."""
    commits = Commits(list_manifests(output))
    manifests = []
    for path in commits.paths:
        try:
            manifests.append(_read(path))
        except DatasetError as error:
            if isinstance(error, NewerSchema):
                raise
            what = f"the manifest {str(error).removeprefix(f'{path}: ')}"
            commits.problems.append(set_aside(path.removeprefix(f"{output}/"), what, "its run's files are taken in"))
            commits.unreadable.append(path)
    for manifest in sorted(manifests, key=lambda manifest: from_iso_time(manifest["ingested_at"])):
        _play(commits, manifest)
    _check_cursor(commits, output)
    _check_backfills(commits, output)
    return commits


def _read(path: str) -> dict[str, Any]:
    manifest = read_json(path)
    try:
        if int(version := manifest.get("schema_version", SCHEMA_VERSION)) > SCHEMA_VERSION:
            raise NewerSchema(
                f"{path}: schema_version is {version}, this version of Dateline knows {SCHEMA_VERSION} at most"
            )
        _play(Commits(()), manifest)  # alone: what it lacks is met
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"{path}: is none that Dateline wrote: {error!r}") from error
    return manifest


def _play(commits: Commits, manifest: dict[str, Any]) -> None:
    run_id = manifest["run_id"]
    commits.runs.add(run_id)
    commits.newest = from_iso_time(manifest["ingested_at"])
    commits.near_days[commits.newest] = manifest.get("options", {}).get("near_duplicate_days", NEAR_DAYS)
    commits.has_losses |= bool(manifest.get("quarantined") or manifest.get("lost"))
    for path in manifest["removed"]:
        commits.files.pop(path, None)
        commits.removed[path] = run_id
    for tables in (manifest["tables"], manifest.get("adopted", {})):
        for file in (file for table in tables.values() for file in table["files"]):
            commits.files[file["path"]] = Listed(file["rows"], file["bytes"])
    for file in manifest.get("raw", []):
        commits.files[file["path"]] = Listed(None, file["bytes"])
    where = f"_manifests/{run_id}.json"
    commits.problems += [Problem(where, what) for what in _miscounted(manifest)]


def _miscounted(manifest: dict[str, Any]) -> Iterator[str]:
    counts = manifest.get("counts", {})
    outcomes = sum(counts.get(name, 0) for name in OUTCOMES)
    if counts.get("reads", outcomes) != outcomes:
        yield f"counts do not add up: {count_of(counts['reads'], 'entry')} read, {outcomes:,} accounted for"
    for name, table in manifest["tables"].items():
        listed = sum(file["rows"] for file in table["files"])
        counted = counts.get(f"rows_{name}", listed) if name in ("articles", "sightings", "rejects") else table["rows"]
        if not listed == table["rows"] == counted:
            yield f"counts do not add up: {count_of(listed, 'row')} in the files of {name}, {counted:,} written"


def _check_cursor(commits: Commits, output: str) -> None:
    path = cursor_path(output)
    where = path.removeprefix(f"{output}/")
    try:
        at = last_ingested_at(output) if FileSystems.exists(path) else commits.newest
        lost = count_lost_keys(output)
    except DatasetError as error:
        commits.problems.append(set_aside(where, f"the cursor cannot be read: {error}", "it is found anew"))
        commits.unreadable.append(path)
        return
    if at < commits.newest:
        what = f"the cursor is at {iso_time(at)}, the newest commit at {iso_time(commits.newest)}"
        commits.problems.append(Problem(where, what, "moves the cursor"))
    if lost:
        what = f"{count_of(lost, 'key file')} missing of those that the newest commit left"
        commits.problems.append(Problem(where, what, "counts them anew"))


def _check_backfills(commits: Commits, output: str) -> None:
    for path in files.find(f"{output}/_manifests", "_backfill-*"):
        where = path.removeprefix(f"{output}/")
        try:
            what = f"run {read_json(path).get('run_id')} has not read all of its input: the same command goes on"
            commits.problems.append(Problem(where, what, is_note=True))
        except DatasetError as error:
            commits.problems.append(set_aside(where, str(error).removeprefix(f"{path}: "), "its command starts anew"))
            commits.unreadable.append(path)
