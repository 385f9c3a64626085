"""`dateline explain`: says why an article has its topics."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.exit_codes import OK
from pipelines.option_values import clean_path
from pipelines.terminal import printable, say
from schemas.errors import UsageError


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    parser.add_argument("output", metavar="OUT", nargs="?", type=clean_path, default="", help="the dataset")
    parser.add_argument("article", metavar="ARTICLE_ID", nargs="?", default="", help="the article_id of one in it")
    parser.add_argument("--text", default="", metavar="FILE", help="explain the first article in this file instead")


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Explains a stored article, or one in a file."""
    if bool(namespace.text) == bool(namespace.output and namespace.article):
        raise UsageError("give a dataset and the article_id of an article in it, or --text FILE")
    from pipelines.explain import explain_file, explain_stored, explained_lines

    topics = explain_file(namespace.text) if namespace.text else explain_stored(namespace.output, namespace.article)
    say(map(printable, explained_lines(topics)))
    return OK


COMMAND = Command(
    "explain",
    "say why an article has its topics",
    "Say which topics an article has, and which of its words and categories spoke for each, in logits: 1 more "
    "makes a topic 2.7 times as likely against not.",
    declare,
    run,
)
