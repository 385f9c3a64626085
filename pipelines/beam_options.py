"""Beam's own options: passed on as they are, but a flag that nobody knows is an error."""

import argparse
from collections.abc import Iterator
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions, _BeamArgumentParser
from apache_beam.runners.runner import create_runner

from schemas.errors import UsageError

# Flags of the runners themselves, which Beam passes on without declaring them.
RUNNER_FLAGS = (
    "--checkpointing_interval",
    "--checkpointing_mode",
    "--disable_metrics",
    "--externalized_checkpoints_enabled",
    "--finish_bundle_before_checkpointing",
    "--max_bundle_size",
    "--max_bundle_time_mills",
    "--number_of_execution_retries",
    "--object_reuse",
    "--retain_externalized_checkpoints_on_cancellation",
    "--savepoint_path",
    "--state_backend",
    "--state_backend_storage_path",
)

# What a worker imports before it decodes anything: a record whose class it does not know would be a named tuple.
_FIRST_IMPORT = "transforms"


def make_beam_options(arguments: list[str], workers: int) -> PipelineOptions:
    """Options for the pipeline; `workers` is the number of local processes, 0 for one on each core.

    Raises UsageError naming an unknown flag or value, or a combination that cannot run.
    """
    _refuse_unknown(arguments)
    arguments = [*arguments, f"--beam_plugin={_FIRST_IMPORT}"]
    options = PipelineOptions(arguments)
    standard = options.view_as(StandardOptions)
    if standard.streaming:
        raise UsageError("--streaming: of all commands, ingest alone goes on without end")
    if workers != 1 and not is_local(options):
        raise UsageError(f"--workers {workers} is for local runs; {standard.runner} has options of its own")
    if workers != 1:
        spread = ["--direct_running_mode=multi_processing", f"--direct_num_workers={workers}"]
        return PipelineOptions([*arguments, *spread, "--default_sdk_harness_log_level=ERROR"])
    return options


def is_local(options: PipelineOptions) -> bool:
    """Whether the pipeline runs in processes of this machine that `--workers` counts."""
    runner = options.view_as(StandardOptions).runner or "DirectRunner"
    return runner.rpartition(".")[2] in ("DirectRunner", "FnApiRunner")


def _refuse_unknown(arguments: list[str]) -> None:
    parser = _BeamArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for options in set(_all_options(PipelineOptions)):
        if "_add_argparse_args" in options.__dict__:
            options._add_argparse_args(parser)
    for flag in RUNNER_FLAGS:
        parser.add_argument(flag, nargs="?")
    try:
        known, unknown = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise UsageError(str(error)) from error
    if unknown:
        raise UsageError(f"unknown option {unknown[0]}; see --help")
    try:
        create_runner(known.runner or "DirectRunner")
    except (ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"--runner {known.runner}: {error}") from error


def _all_options(options: type[Any]) -> Iterator[type[Any]]:
    for child in options.__subclasses__():
        yield child
        yield from _all_options(child)
