"""What the commands do: each reads its options, runs, prints and gives an exit code. Beam is imported only then."""

import argparse
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipelines.declare_options import (
    add_check_options,
    add_compact_options,
    add_explain_options,
    add_ingest_options,
    add_reclean_options,
    add_retag_options,
    add_train_options,
)
from pipelines.options import IngestOptions, read_options, read_retag_options
from pipelines.terminal import complain, printable, say
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


@dataclass(frozen=True)
class Command:
    """A command: what it is called and takes, and what runs it."""

    name: str
    summary: str
    description: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, list[str]], int]  # is given what it did not declare, too; its exit code
    takes_beam_options: bool = False
    epilog: str | None = None


def _run(namespace: argparse.Namespace, rest: list[str]) -> int:
    options = read_options(namespace, rest)
    _set_logging(rest)
    if options.streaming:
        return _stream(options)
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


def _stream(options: IngestOptions) -> int:
    from pipelines.run_stream import run_stream
    from pipelines.summary import summary_lines

    manifest = run_stream(options)
    say(summary_lines(options.output, manifest) if manifest else ["Nothing was read"])
    if manifest and options.compact == "auto":
        _compact_after(options.output, time.time_ns() // 1000)
    return OK


def _retag(namespace: argparse.Namespace, rest: list[str]) -> int:
    _set_logging(rest)
    from pipelines.retag import retag_dataset, retagged_lines
    from transforms.check import require_dataset

    require_dataset(namespace.output)
    options = read_retag_options(namespace, rest)
    say(retagged_lines(retag_dataset(options)))
    _compact_after(options.output, options.read_at)
    return OK


def _set_logging(rest: list[str]) -> None:
    # The local runner logs whatever it raises as well; what a cluster says of errors is worth reading.
    on_cluster = any(argument.startswith("--runner") for argument in rest)
    logging.getLogger().setLevel(logging.ERROR if on_cluster else logging.CRITICAL)


def _compact_after(output: str, read_at: int) -> None:
    """Compact after a run, which stays well done if this fails: that is said, and the next one tries again."""
    from pipelines.compact import compact_dataset, saved_lines
    from transforms.compact import AFTER_INGEST

    try:
        saved = compact_dataset(output, AFTER_INGEST, read_at)
    except DatelineError as error:
        complain(f"the run has committed, but its small files were not joined: {error}")
        return
    if saved:
        say(saved_lines(saved))


def _compact(namespace: argparse.Namespace, _: list[str]) -> int:
    from pipelines.compact import compact_dataset, saved_lines
    from transforms.check import require_dataset
    from transforms.compact import EVERYTHING

    require_dataset(namespace.output)
    choice = replace(EVERYTHING, min_files=namespace.min_files)
    saved = compact_dataset(namespace.output, choice, time.time_ns() // 1000)
    say(saved_lines(saved) if saved else ["Nothing to compact"])
    return OK


def _check(namespace: argparse.Namespace, _: list[str]) -> int:
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


def _explain(namespace: argparse.Namespace, _: list[str]) -> int:
    if bool(namespace.text) == bool(namespace.output and namespace.article):
        raise UsageError("give a dataset and the article_id of an article in it, or --text FILE")
    from pipelines.explain import explain_file, explain_stored, explained_lines

    topics = explain_file(namespace.text) if namespace.text else explain_stored(namespace.output, namespace.article)
    say(map(printable, explained_lines(topics)))
    return OK


def _train(namespace: argparse.Namespace, _: list[str]) -> int:
    from pipelines.train import train_model

    written = train_model(namespace.what, namespace.profile, namespace.data, namespace.to, lambda line: say([line]))
    say([f"Written: {written}"])
    return OK


COMMANDS = (
    Command(
        "ingest",
        "read feeds, texts and pages into a dataset",
        "Read feeds, texts and pages; add what is new in them to a dataset.",
        add_ingest_options,
        _run,
        takes_beam_options=True,
        epilog=_EXAMPLES,
    ),
    Command(
        "reclean",
        "clean again what was kept as it came",
        "Parse and clean again what runs with --keep_raw have kept, without the network; articles whose text now comes "
        "out differently get a new version.",
        add_reclean_options,
        _run,
        takes_beam_options=True,
    ),
    Command(
        "retag",
        "tag stored articles again",
        "Find entities, places and topics anew in articles that another version of Dateline, or another way to find "
        "entities, has tagged. All else in their rows stays as it is.",
        add_retag_options,
        _retag,
        takes_beam_options=True,
    ),
    Command(
        "compact",
        "join the small files of a dataset",
        "Join the small files of each partition into sorted ones of up to 512 MB and drop repeated rows, while others "
        "read and write. A run does so itself for partitions with many small files.",
        add_compact_options,
        _compact,
    ),
    Command(
        "check",
        "verify a dataset, and repair it",
        "Verify a dataset: its files against its manifests, schema, pages, order, repeated rows, dates, references and "
        "keys. Exit code 0: it is sound; 1: it is not.",
        add_check_options,
        _check,
    ),
    Command(
        "explain",
        "say why an article has its topics",
        "Say which topics an article has, and which of its words and categories spoke for each, in logits: 1 more "
        "makes a topic 2.7 times as likely against not.",
        add_explain_options,
        _explain,
    ),
    Command(
        "train",
        "build the models anew",
        "Train a model that comes with the project on tagged text, and write it where it is looked for.",
        add_train_options,
        _train,
    ),
)
