"""`dateline feeds`: tells how each feed does."""

import argparse
import json
import shutil
import time

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import OK
from pipelines.terminal import say


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--json", action="store_true", help="print an array of JSON objects, one for each feed")


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Reads what the dataset says of feeds, and prints it."""
    from pipelines.feeds import as_json, health_lines, health_rows
    from transforms.check import require_dataset
    from transforms.feeds_health.health import read_health

    require_dataset(namespace.output)
    now = time.time_ns() // 1000
    health = read_health(namespace.output, now)
    if namespace.json:
        say([json.dumps(as_json(health), indent=2)])
    else:
        say(health_lines(health_rows(health), now, shutil.get_terminal_size((0, 0)).columns))
    return OK


COMMAND = Command(
    "feeds",
    "tell how each feed does",
    "Tell of each feed that was polled: when it was last fetched and last had a new entry, when it is polled next; "
    "its entries a day and the share of them that are copies of known articles, both of the last 30 days; its failed "
    "polls in a row and why the last one failed; where it has moved to. Feeds that are gone are polled no more: those "
    "that answered 410, and those that have failed for 90 days.",
    declare,
    run,
)
