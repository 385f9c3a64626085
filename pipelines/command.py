"""The command line: `dateline ingest` and its companions. Beam is imported only once there is something to run."""

import argparse
import json
import logging
import sys
import time
from dataclasses import replace

from pipelines.options import (
    add_check_options,
    add_compact_options,
    add_ingest_options,
    add_reclean_options,
    read_options,
)
from pipelines.terminal import complain, say
from schemas.errors import AlreadyCommitted, DatasetError, DatelineError, NewerSchema, UsageError

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
    except NewerSchema as error:
        complain(error)
        return FAILED
    except DatasetError as error:
        complain(f"{error}; dateline check {namespace.output} says what is wrong, --repair puts it right")
        return FAILED
    except DatelineError as error:
        complain(error)
        return FAILED
    except OSError as error:
        complain(f"{error}; a commit is whole or not made: run it again when that is put right")
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
    compact = commands.add_parser(
        "compact",
        help="join the small files of a dataset",
        description="Join the small files of each partition into sorted ones of up to 512 MB and drop repeated rows, "
        "while others read and write. A run does so itself for partitions with many small files.",
        allow_abbrev=False,
    )
    add_compact_options(compact)
    compact.set_defaults(command=_compact)
    check = commands.add_parser(
        "check",
        help="verify a dataset, and repair it",
        description="Verify a dataset: its files against its manifests, schema, pages, order, repeated rows, dates, "
        "references and keys. Exit code 0: it is sound; 1: it is not.",
        allow_abbrev=False,
    )
    add_check_options(check)
    check.set_defaults(command=_check)
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
    if options.compact == "auto":
        _compact_after(options.output, options.read_at)
    return OK


def _compact_after(output: str, read_at: int) -> None:
    """Compact after an ingest, which stays well done if this fails: that is said, and the next one tries again."""
    from pipelines.compact import compact_dataset, saved_lines
    from transforms.compact import AFTER_INGEST

    try:
        saved = compact_dataset(output, AFTER_INGEST, read_at)
    except DatelineError as error:
        complain(f"the run has committed, but its small files were not joined: {error}")
        return
    if saved:
        say(saved_lines(saved))


def _compact(namespace: argparse.Namespace, rest: list[str]) -> int:
    if rest:
        raise UsageError(f"unknown option {rest[0]}; see --help")
    logging.getLogger().setLevel(logging.ERROR)
    from pipelines.compact import compact_dataset, saved_lines
    from transforms.check import require_dataset
    from transforms.compact import EVERYTHING

    require_dataset(namespace.output)
    choice = replace(EVERYTHING, min_files=namespace.min_files)
    saved = compact_dataset(namespace.output, choice, time.time_ns() // 1000)
    say(saved_lines(saved) if saved else ["Nothing to compact"])
    return OK


def _check(namespace: argparse.Namespace, rest: list[str]) -> int:
    if rest:
        raise UsageError(f"unknown option {rest[0]}; see --help")
    logging.getLogger().setLevel(logging.ERROR)
    from pipelines.check import as_json, check_dataset, repair_dataset, repair_lines, report_lines

    output = namespace.output
    found = check_dataset(output)
    if namespace.repair and found.damage:
        done = repair_lines(repair_dataset(output, time.time_ns() // 1000))
        if not namespace.json:
            say(done)
        found = check_dataset(output)
    say([json.dumps(as_json(found))] if namespace.json else report_lines(found))
    return FAILED if found.damage else OK


if __name__ == "__main__":
    sys.exit(main())
