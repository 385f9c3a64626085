"""`dateline replay`: tries again what was rejected."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_how_to_judge, add_how_to_report, add_output
from pipelines.exit_codes import OK
from pipelines.options import read_options
from pipelines.terminal import say, set_logging
from schemas.errors import AlreadyCommitted, BadRecord

_REASON = "only rejects of this reason, such as LanguageNotWanted; may be given more than once (default: all)"
_SOURCE = "only rejects of this source, as their column has it; may be given more than once (default: all)"
_REASONS = sorted(reason.__name__ for reason in BadRecord.__subclasses__())


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--reason", action="append", default=[], choices=_REASONS, metavar="NAME", help=_REASON)
    parser.add_argument("--source", action="append", default=[], metavar="SOURCE", help=_SOURCE)
    add_how_to_judge(parser)
    add_how_to_report(parser)
    parser.set_defaults(reclean=False, replay=True, input=[], feeds=[], keep_raw=False)


def run(namespace: argparse.Namespace, rest: list[str]) -> int:
    """Tries again, and joins files that became small."""
    set_logging(rest)
    options = read_options(namespace, rest)
    from pipelines.after_run import tidy_up
    from pipelines.replay import replay, replayed_lines
    from pipelines.run_metrics import tell_run
    from transforms.check import require_dataset

    require_dataset(options.output)
    with tell_run(options.metrics, options.output) as told:
        try:
            done = replay(options, namespace.reason, namespace.source)
        except AlreadyCommitted as error:
            say([f"dateline: {error}"])
            return OK
        told.manifest = done.manifest
    say(replayed_lines(done))
    tidy_up(options.output, options.read_at, options.compact == "auto")
    return OK


COMMAND = Command(
    "replay",
    "try again what was rejected",
    "Parse and clean again what runs have rejected, after a fix or with other options than theirs. What now passes "
    "leaves the rejects in the commit that stores it.",
    declare,
    run,
    takes_beam_options=True,
)
