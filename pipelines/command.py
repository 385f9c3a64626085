"""The command line: `dateline ingest`, `dateline reclean`. Beam is imported only once there is something to run."""

import argparse
import logging
import sys

from pipelines.options import add_ingest_options, add_reclean_options, read_options
from pipelines.terminal import complain, say
from schemas.errors import AlreadyCommitted, DatelineError, UsageError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_EXAMPLES = """
examples:
  dateline ingest --input 'examples/**' --output out
  dateline ingest --feeds feeds.opml --output out --contact you@example.org
  dateline ingest --input 'archive/*.jsonl.gz' --output out --workers 0

Any option of Apache Beam may follow, such as --runner and what that runner needs.
Exit codes: 0 all well, 1 the run failed, 2 an option that cannot be used, 130 interrupted.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = make_parser()
    namespace, rest = parser.parse_known_args(arguments)
    try:
        return int(namespace.command(namespace, rest))
    except UsageError as error:
        complain(error)
        return USAGE
    except DatelineError as error:
        complain(error)
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted; run it again to complete it")
        return INTERRUPTED


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser("dateline", description="News to clean, deduplicated, tagged Parquet.")
    commands = parser.add_subparsers(required=True, metavar="command")
    ingest = commands.add_parser(
        "ingest",
        help="read feeds, texts and pages into a dataset",
        description="Read feeds, texts and pages; add what is new in them to a dataset.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_ingest_options(ingest)
    ingest.set_defaults(command=_run)
    reclean = commands.add_parser(
        "reclean",
        help="clean again what was kept as it came",
        description="Parse and clean again what runs with --keep_raw have kept, without the network; "
        "articles whose text now comes out differently get a new version.",
        allow_abbrev=False,
    )
    add_reclean_options(reclean)
    reclean.set_defaults(command=_run)
    return parser


def _run(namespace: argparse.Namespace, rest: list[str]) -> int:
    options = read_options(namespace, rest)
    # The local runner logs whatever it raises as well; what a cluster says of errors is worth reading.
    on_cluster = any(argument.startswith("--runner") for argument in rest)
    logging.getLogger().setLevel(logging.ERROR if on_cluster else logging.CRITICAL)
    from pipelines.run_ingest import run_ingest
    from pipelines.summary import summary_lines

    try:
        manifest = run_ingest(options)
    except AlreadyCommitted as done:
        say([f"dateline: {done}"])
        return OK
    say(summary_lines(options.output, manifest))
    return OK


if __name__ == "__main__":
    sys.exit(main())
