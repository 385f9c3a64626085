"""`dateline report`: one page that shows what a dataset holds."""

import argparse
import os

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_output
from pipelines.exit_codes import OK
from pipelines.option_values import clean_path
from pipelines.terminal import say
from schemas.errors import DatelineError, UsageError

_TO = "the page; one that is there is replaced (default: OUT-report.html, beside the dataset)"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    add_output(parser)
    parser.add_argument("--to", metavar="FILE", type=clean_path, default="", help=_TO)


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Counts the dataset, and writes the page."""
    try:
        from pipelines.report.page import render_page
    except ModuleNotFoundError as error:
        raise UsageError(f"dateline report needs {error.name}: pip install 'dateline[report]'") from error
    from transforms.check import require_dataset
    from transforms.report import gather_findings
    from transforms.write.files import write_whole

    require_dataset(namespace.output)
    to = namespace.to or f"{namespace.output.rstrip('/')}-report.html"
    if os.path.isdir(to):
        raise UsageError(f"--to {to}: is a folder; name a file")
    page = render_page(gather_findings(namespace.output)).encode()
    try:
        write_whole(to, page)
    except OSError as error:
        raise DatelineError(f"--to {to}: {error}") from error
    say([f"Report   {to}"])
    return OK


COMMAND = Command(
    "report",
    "make a page that shows what a dataset holds",
    "Make one HTML page, without scripts and for use without a network, of what a dataset holds: articles by day and "
    "source, languages, topics, names, stories and who carried them first, copies, rejects and gaps.",
    declare,
    run,
)
