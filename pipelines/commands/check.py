"""`dateline check`: verifies a dataset, and repairs it."""

import argparse
import json
import time

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import FAILED, OK
from pipelines.terminal import say

_REPAIR = "put right what can be put right, in one commit; what cannot be read is moved to OUT/_quarantine"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--repair", action="store_true", help=_REPAIR)
    parser.add_argument("--json", action="store_true", help="say what is wrong as JSON")


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Verifies, repairs where that is asked for, and verifies again."""
    from pipelines.check import as_json, check_dataset, repair_dataset, repair_lines, report_lines
    from pipelines.iceberg import sync_after

    output = namespace.output
    found = check_dataset(output)
    if namespace.repair and found.damage:
        done = repair_lines(repair_dataset(output, time.time_ns() // 1000))
        if not namespace.json:
            say(done)
        sync_after(output)
        found = check_dataset(output)
    say([json.dumps(as_json(found))] if namespace.json else report_lines(found))
    return FAILED if found.damage else OK


COMMAND = Command(
    "check",
    "verify a dataset, and repair it",
    "Verify a dataset: its files against its manifests, schema, pages, order, repeated rows, dates, references and "
    "keys. Exit code 0: it is sound; 1: it is not.",
    declare,
    run,
)
