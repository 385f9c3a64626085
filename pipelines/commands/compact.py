"""`dateline compact`: joins the small files of a dataset."""

import argparse
import time
from dataclasses import replace

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import OK
from pipelines.option_values import parse_several
from pipelines.terminal import say

_MIN_FILES = "join the files of partitions that have so many under 128 MB (default: 2)"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--min_files", type=parse_several, default=2, metavar="N", help=_MIN_FILES)


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Joins files, and says what that saved."""
    from pipelines.compact import compact_dataset, saved_lines
    from pipelines.iceberg import sync_after
    from transforms.check import require_dataset
    from transforms.compact import EVERYTHING

    require_dataset(namespace.output)
    choice = replace(EVERYTHING, min_files=namespace.min_files)
    saved = compact_dataset(namespace.output, choice, time.time_ns() // 1000)
    say(saved_lines(saved) if saved else ["Nothing to compact"])
    sync_after(namespace.output)
    return OK


COMMAND = Command(
    "compact",
    "join the small files of a dataset",
    "Join the small files of each partition into sorted ones of up to 512 MB and drop repeated rows, while others "
    "read and write. A run does so itself for partitions with many small files.",
    declare,
    run,
)
