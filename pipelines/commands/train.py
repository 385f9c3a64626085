"""`dateline train`: builds the models anew."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.exit_codes import OK
from pipelines.terminal import say

_PROFILE = "fast: the linear model that comes with the package (default); accurate: the transformer"
_DATA = "a folder with tagged sentences in ner/ and text in unlabelled/"
_TO = "where to write the model (default: where the profile looks for it)"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    parser.add_argument("what", choices=("entities", "topics"), help="what the model finds")
    parser.add_argument("--profile", choices=("fast", "accurate"), default="fast", help=_PROFILE)
    parser.add_argument("--data", required=True, metavar="FOLDER", help=_DATA)
    parser.add_argument("--to", default=None, metavar="FOLDER", help=_TO)


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Trains, and says where the model is."""
    from pipelines.train import train_model

    written = train_model(namespace.what, namespace.profile, namespace.data, namespace.to, lambda line: say([line]))
    say([f"Written: {written}"])
    return OK


COMMAND = Command(
    "train",
    "build the models anew",
    "Train a model that comes with the project on tagged text, and write it where it is looked for.",
    declare,
    run,
)
