"""`dateline retag`: tags stored articles again."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_entities, add_output, add_workers
from pipelines.exit_codes import OK
from pipelines.option_values import parse_days
from pipelines.options import RetagOptions, read_retag_options
from pipelines.terminal import say, set_logging

_DAYS = "only articles filed under these days, such as 2025-03-01..2025-03-31 (default: all)"
_AGAIN = "also articles that this version of Dateline has tagged"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    add_entities(parser)
    parser.add_argument("--days", type=parse_days, default=RetagOptions.days, metavar="FIRST[..LAST]", help=_DAYS)
    parser.add_argument("--again", action="store_true", help=_AGAIN)
    add_workers(parser)


def run(namespace: argparse.Namespace, rest: list[str]) -> int:
    """Tags again, and joins files that became small."""
    set_logging(rest)
    from pipelines.after_run import tidy_up
    from pipelines.retag import retag_dataset, retagged_lines
    from transforms.check import require_dataset

    require_dataset(namespace.output)
    options = read_retag_options(namespace, rest)
    say(retagged_lines(retag_dataset(options)))
    tidy_up(options.output, options.read_at)
    return OK


COMMAND = Command(
    "retag",
    "tag stored articles again",
    "Find entities, places and topics anew in articles that another version of Dateline, or another way to find "
    "entities, has tagged. All else in their rows stays as it is.",
    declare,
    run,
    takes_beam_options=True,
)
