"""`dateline forget`: takes articles out of a dataset for good."""

import argparse

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import OK
from pipelines.option_values import parse_before
from pipelines.terminal import say

_URL = "the articles at this address, and their copies elsewhere; may be given more than once"
_ID = "the article with this article_id; may be given more than once"
_SOURCE = "all that came from this feed or file, and all that comes from it; may be given more than once"
_BEFORE = "all that is filed before this date, or earlier than so many days ago"
_EVERYTHING = "with --before: forget also where no article is left then"
_DRY_RUN = "say what would go, and change nothing"
_EPILOG = """
examples:
  dateline forget out --url https://example.org/2025/a-story --dry_run
  dateline forget out --source https://example.org/feed.xml
  dateline forget out --before 365d

What was forgotten does not come back: hashes hold it back, and nothing undoes that.
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    what = parser.add_argument_group("what to forget").add_mutually_exclusive_group(required=True)
    what.add_argument("--url", action="append", default=[], help=_URL)
    what.add_argument("--id", action="append", default=[], metavar="ARTICLE_ID", help=_ID)
    what.add_argument("--source", action="append", default=[], help=_SOURCE)
    what.add_argument("--before", type=parse_before, default=0, metavar="DATE|DAYSd", help=_BEFORE)
    parser.add_argument("--everything", action="store_true", help=_EVERYTHING)
    parser.add_argument("--dry_run", action="store_true", help=_DRY_RUN)


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Forgets, and says what has gone."""
    from pipelines.forget import forget_dataset, forgot_lines, select
    from transforms.check import require_dataset

    require_dataset(namespace.output)
    selection = select(namespace.url, namespace.id, namespace.source, namespace.before, namespace.everything)
    say(forgot_lines(forget_dataset(namespace.output, selection, dry_run=namespace.dry_run), dry_run=namespace.dry_run))
    return OK


COMMAND = Command(
    "forget",
    "take articles out for good",
    "Take articles out of a dataset: their rows, sightings, rejects and keys, what was kept of them as it came, and "
    "what waits in a stream. Hashes of their keys keep them from coming back.",
    declare,
    run,
    epilog=_EPILOG,
)
