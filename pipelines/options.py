"""What the commands were asked to do, and what is refused before anything runs."""

import argparse
import time
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Literal

from schemas import profiles
from schemas.errors import UsageError


@dataclass(frozen=True)
class IngestOptions:
    """What a command was asked to do. Times and dates are microseconds since the epoch, UTC."""

    inputs: list[str]
    feeds: list[str]
    output: str
    run_id: str
    read_at: int
    near_duplicates: str = "drop"
    near_duplicate_days: int = 3
    page_profile: Literal["accurate", "fast"] = "accurate"
    boilerplate: str = "remove"
    entities: str = profiles.DEFAULT
    languages: list[str] = field(default_factory=list)
    earliest_date: int = 631_152_000_000_000
    date_from: str = ""
    contact: str = ""
    proxy: str = field(default="", repr=False)
    allow_private: bool = False
    poll_deadline: float = 600
    poll_gone: bool = False
    full_text: bool = False
    keep_raw: bool = False
    reclean: bool = False  # read what was kept, and nothing else
    streaming: bool = False
    watch: list[str] = field(default_factory=list)
    kafka: list[str] = field(default_factory=list)  # host:port/topic
    kafka_config: str = ""
    flush: int = 300  # seconds
    poll_every: float = 60.0  # seconds
    workers: int = 1
    chunk_bytes: int = 48_000_000  # 0: no chunks
    compact: str = "auto"
    metrics: str = ""
    metrics_port: int = 0  # 0: none
    beam_arguments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RetagOptions:
    """What `dateline retag` was asked to do."""

    output: str
    read_at: int  # microseconds since the epoch, UTC
    days: tuple[date, date] = (date.min, date.max)  # the first and the last
    again: bool = False
    entities: str = profiles.DEFAULT
    workers: int = 1
    beam_arguments: list[str] = field(default_factory=list)


_OF_STREAMS = ("watch", "kafka", "kafka_config", "flush", "poll_every", "metrics_port")
_OF_RUNS_THAT_END = ("metrics", "poll_gone", "full_text", "keep_raw", "as_of", "poll_deadline", "chunk_bytes")
_EARLIEST_CLOCK, _LATEST_CLOCK = 1970, 2200


def read_options(namespace: argparse.Namespace, beam_arguments: list[str]) -> IngestOptions:
    """The options of `ingest`, `reclean` and `replay` from arguments. Raises UsageError naming what is missing."""
    _refuse_unfit(namespace)
    if not namespace.reclean and namespace.keep_raw and not (namespace.feeds or namespace.full_text):
        raise UsageError("--keep_raw keeps what is fetched: give --feeds or --full_text")
    as_of = namespace.as_of or datetime.now(UTC)
    read_at = int(as_of.timestamp()) * 1_000_000 + as_of.microsecond
    if not _EARLIEST_CLOCK <= as_of.year < _LATEST_CLOCK:
        raise UsageError(f"--as_of {as_of.isoformat()}: give a year from {_EARLIEST_CLOCK} to {_LATEST_CLOCK - 1}")
    inputs = [path.removeprefix("file://") for path in namespace.input]
    return IngestOptions(inputs, read_at=read_at, beam_arguments=beam_arguments, **_given(namespace, IngestOptions))


def _refuse_unfit(namespace: argparse.Namespace) -> None:
    given = vars(namespace)
    if not any(given.get(name) for name in ("reclean", "replay", "input", "feeds", "watch", "kafka")):
        raise UsageError("nothing to read: give --input or --feeds, or with --streaming --watch or --kafka")
    is_stream = given.get("streaming")
    for name in _OF_RUNS_THAT_END if is_stream else _OF_STREAMS:
        if given.get(name):
            why = (
                "is for runs that end: a stream cannot do it" if is_stream else "is for a stream: give --streaming, too"
            )
            raise UsageError(f"--{name} {why}")
    if given.get("kafka_config") and not given["kafka"]:
        raise UsageError("--kafka_config is for --kafka, which is not given")


def read_retag_options(namespace: argparse.Namespace, beam_arguments: list[str]) -> RetagOptions:
    """The options of `retag` from parsed arguments."""
    return RetagOptions(
        read_at=time.time_ns() // 1000, beam_arguments=beam_arguments, **_given(namespace, RetagOptions)
    )


def _given(namespace: argparse.Namespace, options: type[IngestOptions | RetagOptions]) -> dict[str, Any]:
    return {each.name: getattr(namespace, each.name) for each in fields(options) if each.name in namespace}
