"""The runner's options for a stream: those that must agree with each other are set here."""

import os
import shutil
from itertools import pairwise

from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    PipelineOptions,
    PrismRunnerOptions,
    StandardOptions,
)

from pipelines.beam_options import make_beam_options
from schemas.errors import UsageError

# These run without end; the in-process runner does not, past a grouping.
RUNNERS = ("PrismRunner", "FlinkRunner", "DataflowRunner")

# Flink's runner passes on no watermark while a bundle lasts, so that must be much less than a tick. A bundle that a
# checkpoint ends has its output held back, but not the watermark: that output would be late, and dropped. So bundles
# are ended before.
_BUNDLE_MS = 100
_CHECKPOINT_MS = 10_000

_NO_PRISM = (
    "Prism, which runs streams on one machine, is not at hand: name it by --prism_location, or put `prism` on the PATH "
    "(go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0); Beam could not download it: {}"
)


def make_stream_options(arguments: list[str], workers: int, tick_s: int, name: str) -> PipelineOptions:
    """Options for a job without end of a name. Raises UsageError for a runner or a flag with which it stands still."""
    given = _values(arguments)
    standing = {"--runner": "PrismRunner", "--job_name": name, "--prism_log_level": "error"}
    if given.get("--runner", "").endswith("FlinkRunner"):
        standing |= _flink_flags(given, tick_s)
    added = [f"{flag}={value}".removesuffix("=") for flag, value in standing.items() if flag not in given]
    options = make_beam_options([*arguments, *added], workers)
    options.view_as(StandardOptions).streaming = True
    runner = options.view_as(StandardOptions).runner.rpartition(".")[2]
    if runner not in RUNNERS:
        raise UsageError(f"--runner {runner}: it cannot run without end; {', '.join(RUNNERS)} can")
    if runner == "PrismRunner":
        _find_prism(options)
    return options


def _values(arguments: list[str]) -> dict[str, str]:
    """The value of each flag, told as Beam tells it: `--flag=value`, `--flag value`, or none."""
    values = {}
    for argument, following in pairwise([*arguments, "-"]):
        flag, is_whole, value = argument.partition("=")
        if flag.startswith("-"):
            values[flag] = value if is_whole or following.startswith("-") else following
    return values


def flink_master(options: PipelineOptions) -> str:
    """Where the Flink cluster is that the job runs on, as host:port or URL; empty for another runner."""
    is_flink = (options.view_as(StandardOptions).runner or "").endswith("FlinkRunner")
    master = options.view_as(FlinkRunnerOptions).flink_master
    return master if is_flink and not master.startswith("[") else ""


def _flink_flags(given: dict[str, str], tick_s: int) -> dict[str, str]:
    bundle = given.get("--max_bundle_time_mills", str(_BUNDLE_MS))
    if not bundle.isdigit() or not 0 < int(bundle) < tick_s * 1000:
        raise UsageError(f"--max_bundle_time_mills={bundle}: give fewer milliseconds than a tick has, {tick_s * 1000}")
    return {
        "--max_bundle_time_mills": bundle,
        "--checkpointing_interval": str(_CHECKPOINT_MS),
        "--finish_bundle_before_checkpointing": "",  # else output that a checkpoint cuts off is late, and dropped
    }


def _find_prism(options: PipelineOptions) -> None:
    """Names the binary in the options; UsageError where there is none and Beam cannot download it."""
    prism = options.view_as(PrismRunnerOptions)
    if prism.prism_location:
        if "://" not in prism.prism_location and not os.path.isfile(prism.prism_location):
            raise UsageError(f"--prism_location {prism.prism_location}: there is no such file")
        return
    prism.prism_location = shutil.which("prism")
    if not prism.prism_location:
        from apache_beam.runners.portability.prism_runner import PrismJobServer

        try:
            prism.prism_location = PrismJobServer.local_bin(PrismJobServer(options).path_to_binary())
        except (RuntimeError, OSError, ValueError) as error:
            raise UsageError(_NO_PRISM.format(error)) from error
