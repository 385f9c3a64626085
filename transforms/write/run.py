"""A run: what every row that it writes is stamped with, and where its files wait for the commit."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import quote, unquote

from schemas import profiles
from schemas.errors import UsageError

RUN_ID = re.compile(r"[A-Za-z0-9-][A-Za-z0-9._-]{0,99}")
STAGED = ".staged"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a pipeline over one dataset. Times are microseconds since the epoch, UTC."""

    output: str  # the dataset's folder, on any Beam filesystem
    run_id: str
    staging: str  # this attempt's own folder under OUT/_staging
    read_at: int  # the run's clock, read once
    ingested_at: int  # later than that of every commit before it
    follows: int  # ingested_at of the newest commit when the run began; 0 for none
    pipeline_version: str


def pipeline_version(entities: str = profiles.DEFAULT) -> str:
    """The installed version of Dateline, and what finds entities if that is not the default: 0.1.0+accurate."""
    installed = version("dateline")
    return installed if entities == profiles.DEFAULT else f"{installed}+{entities}"


def check_run_id(run_id: str) -> str:
    """The run id, if it can be part of a file's name.

    Raises:
        UsageError: it is empty, longer than 100 characters, starts with a dot or an underscore, or holds
            anything but ASCII letters, digits, dots, underscores and hyphens.
    """
    if not RUN_ID.fullmatch(run_id):
        raise UsageError(
            f"run id {run_id[:120]!r}: use up to 100 letters, digits, dots, underscores and hyphens, "
            "no dot or underscore first"
        )
    return run_id


def new_run_id(read_at: int, *command: str) -> str:
    """A run id that sorts by the run's clock, such as 20250322T101500Z-1f9a2c, or ...Z-compact-1f9a2c of a command."""
    clock = f"{datetime.fromtimestamp(read_at // 1_000_000, UTC):%Y%m%dT%H%M%SZ}"
    return "-".join([clock, *command, secrets.token_hex(3)])


def staged_path(staging: str, target: str) -> str:
    """Where a file waits, in one folder with all others, to become `target` below the dataset's folder."""
    return f"{staging}/{quote(target, safe='=')}{STAGED}"


def target_of(path: str) -> str:
    """What a staged file is to become: the inverse of `staged_path`."""
    return unquote(path.rpartition("/")[2].removesuffix(STAGED))
