"""`dateline iceberg`: registers a dataset's files as Iceberg tables."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import OK
from pipelines.terminal import say

_CATALOG = "a catalog of ~/.pyiceberg.yaml (default: one of SQLite, in OUT/_iceberg)"
_NAMESPACE = "of the tables in the catalog (default: dateline); another for each dataset"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--catalog", metavar="NAME", help=_CATALOG)
    parser.add_argument("--namespace", metavar="NAME", help=_NAMESPACE)


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Registers what is not registered, and says how much that was."""
    from pipelines.iceberg import sync_dataset
    from transforms.check import require_dataset

    require_dataset(namespace.output)
    say(sync_dataset(namespace.output, namespace.catalog, namespace.namespace))
    return OK


COMMAND = Command(
    "iceberg",
    "register a dataset as Iceberg tables",
    "Register the files of a dataset, where they are, as Iceberg tables with a partition for each day. From then on "
    "the tables follow each command that changes the dataset; while a stream runs, run this from time to time.",
    declare,
    run,
)
