"""What a dataset keeps to be cleaned once more, and which commits its texts came from."""

from dataclasses import dataclass

from transforms.write import files
from transforms.write.manifests import COMPACT, FORGET, RETAG, from_iso_time, read_json
from transforms.write.raw import list_raw

RECLEAN = "reclean"  # the command, as a manifest names it


@dataclass(frozen=True)
class Commits:
    """Commits by their ingested_at (microseconds): that of what was read at a time, and those that read nothing new."""

    by_clock: dict[int, int]
    recleaned: frozenset[int]


@dataclass(frozen=True)
class Raw:
    """The raw files of a dataset, and its commits."""

    paths: list[str]
    commits: Commits


def find_raw(output: str) -> Raw:
    """Raises DatasetError, naming the file, for a manifest that cannot be read."""
    return Raw(list_raw(output), list_commits(output, (RECLEAN,)))


def list_commits(output: str, rereading: tuple[str, ...]) -> Commits:
    """The last commit of each run's clock, and those of commands that read nothing new; DatasetError as `find_raw`."""
    by_clock: dict[int, int] = {}
    recleaned = set()
    for manifest in map(read_json, files.find(f"{output}/_manifests", "*.json")):
        if manifest.get("command") in (COMPACT, FORGET, RETAG):
            continue
        clock, committed = from_iso_time(manifest["started_at"]), from_iso_time(manifest["ingested_at"])
        by_clock[clock] = max(committed, by_clock.get(clock, 0))
        if manifest.get("command") in rereading:
            recleaned.add(committed)
    return Commits(by_clock, frozenset(recleaned))
