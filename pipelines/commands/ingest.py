"""`dateline ingest`: reads feeds, texts and pages into a dataset, once or without end."""

import argparse
import time

from pipelines.commands.declaration import Command
from pipelines.declare_options import add_ingest_options
from pipelines.exit_codes import OK, committed
from pipelines.options import IngestOptions, read_options
from pipelines.terminal import say, set_logging
from schemas.errors import AlreadyCommitted

_EXAMPLES = """
examples:
  dateline ingest --input 'examples/**' --output out
  dateline ingest --feeds feeds.opml --output out --contact you@example.org
  dateline ingest --input 'archive/*.jsonl.gz' --output out --workers 0

Any option of Apache Beam may follow, such as --runner and what that runner needs.
Exit codes: 0 all well, 1 the run failed, 2 an option that cannot be used, 3 committed, but some feeds, pages or files
could not be fetched or read, 130 interrupted.
"""


def run(namespace: argparse.Namespace, rest: list[str]) -> int:
    """Reads what the options name, which may be what was kept as well."""
    options = read_options(namespace, rest)
    set_logging(rest)
    return _stream(options) if options.streaming else _ingest(options)


def _ingest(options: IngestOptions) -> int:
    from pipelines.after_run import tidy_up
    from pipelines.run_ingest import run_ingest
    from pipelines.run_metrics import tell_run
    from pipelines.summary import summary_lines

    with tell_run(options.metrics, options.output) as told:
        try:
            told.manifest = manifest = run_ingest(options)
        except AlreadyCommitted as done:
            say([f"dateline: {done}"])
            return OK
    say(summary_lines(options.output, manifest))
    tidy_up(options.output, options.read_at, options.compact == "auto")
    return committed(manifest["counts"])


def _stream(options: IngestOptions) -> int:
    from pipelines.after_run import tidy_up
    from pipelines.run_stream import run_stream
    from pipelines.summary import summary_lines

    manifest = run_stream(options)
    say(summary_lines(options.output, manifest) if manifest else ["Nothing was read"])
    tidy_up(options.output, time.time_ns() // 1000, bool(manifest) and options.compact == "auto")
    return OK


COMMAND = Command(
    "ingest",
    "read feeds, texts and pages into a dataset",
    "Read feeds, texts and pages; add what is new in them to a dataset.",
    add_ingest_options,
    run,
    takes_beam_options=True,
    epilog=_EXAMPLES,
)
