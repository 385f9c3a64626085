"""The options that commands share, and those of ingest, as the command line takes and explains them."""

import argparse

from pipelines.option_values import (
    clean_path,
    parse_count,
    parse_date,
    parse_entities,
    parse_flush,
    parse_languages,
    parse_port,
    parse_seconds,
    parse_size,
    parse_time,
)
from schemas import profiles

_STREAMING = "go on without end, on PrismRunner (default), FlinkRunner or DataflowRunner, until interrupted"
_WATCH = "with --streaming: files to read as they come, and again when they change; may be given more than once"
_KAFKA = "with --streaming: a topic of articles as JSON, or of feeds or texts; may be given more than once"
_KAFKA_CONFIG = (
    "with --kafka: a file of NAME=VALUE lines for its client, such as security.protocol; ${NAME} is a variable's value"
)
_FLUSH = "with --streaming: commit what has come so often (default: 300)"
_POLL_EVERY = "with --streaming: poll no feed more often than this (default: 60); most are polled far less often"
_INPUT = "files to read, on this machine or any Beam filesystem; may be given more than once"
_FEEDS = "a feed's URL, an OPML file, or a text list of URLs; may be given more than once"
_OUTPUT = "the dataset; made if it is not there"
_KEPT = "the dataset, made by dateline ingest --keep_raw"
_NEAR = "drop: a near-duplicate becomes a sighting of the first article (default); keep: store it too, marked"
_NEAR_DAYS = "compare with articles filed up to so many days before or after (default: 3)"
_PAGE_PROFILE = "accurate: the text of a web page is checked by a second extractor (default); fast: by none"
_BOILERPLATE = "remove: lines that recur over the articles of a source are taken out (default); keep: left in"
_ENTITIES = (
    "what finds names: fast, a linear model (default); accurate, a small transformer; gazetteer, known names alone; "
    "spacy:NAME or hf:NAME, a spaCy pipeline or a Hugging Face token classifier"
)
_DATE_FROM = "date what gives no date by its file: its name or folders, or when it was changed (default: neither)"
_EARLIEST = "dates before this one are implausible (default: 1990-01-01)"
_PROXY = "fetch through this proxy (default: the one that http_proxy, https_proxy or all_proxy names, if any)"
_DEADLINE = "give up on feeds, and then on pages, that have not answered by then (default: 600)"
_POLL_GONE = "poll feeds that are gone, too: those that answer are polled again from then on (see dateline feeds)"
_FULL_TEXT = "fetch the page of each entry that has only a summary, as robots.txt allows, and take the text from it"
_KEEP_RAW = "keep every document that was fetched, as WARC in OUT/raw, for dateline reclean"
_COMPACT = "auto: join the files of partitions that have eight small ones or more, when the run is done (default)"
_METRICS = "write what the run counted as metrics of Prometheus to this file, which a textfile collector reads"
_METRICS_PORT = "with --streaming: tell Prometheus of the stream at this port (default: at none)"
_CHUNK = "read a larger local input in parts of so many bytes, a commit each (default: 48MB; 0: all at once)"
_WORKERS = "local processes to run on; 0: one for each core (default: 1)"


def add_ingest_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    what = parser.add_argument_group("what to read (at least one)")
    what.add_argument("--input", action="append", default=[], metavar="GLOB", help=_INPUT)
    what.add_argument("--feeds", action="append", default=[], metavar="URL|FILE", help=_FEEDS)
    what.add_argument("--watch", action="append", default=[], metavar="GLOB", help=_WATCH)
    what.add_argument("--kafka", action="append", default=[], metavar="HOST:PORT/TOPIC", help=_KAFKA)
    what.add_argument("--date_from", choices=("name", "modified"), default="", help=_DATE_FROM)
    where = parser.add_argument_group("where to write")
    where.add_argument("--output", required=True, metavar="FOLDER", type=clean_path, help=_OUTPUT)
    add_how_to_judge(parser)
    _add_how_to_fetch(parser)
    _add_how_to_stream(parser)
    run = add_how_to_report(parser)
    run.add_argument("--chunk_bytes", type=parse_size, default=argparse.SUPPRESS, metavar="SIZE", help=_CHUNK)
    parser.set_defaults(reclean=False)


def add_reclean_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser: those of `ingest` that do not read or fetch."""
    parser.add_argument("output", metavar="OUT", type=clean_path, help=_KEPT)
    add_how_to_judge(parser)
    add_how_to_report(parser)
    parser.set_defaults(reclean=True, input=[], feeds=[], date_from="")


def add_how_to_judge(parser: argparse.ArgumentParser) -> None:
    """Declare by what articles are judged."""
    how = parser.add_argument_group("how to judge")
    how.add_argument("--near_duplicates", choices=("drop", "keep"), default="drop", help=_NEAR)
    how.add_argument("--near_duplicate_days", type=parse_count, default=3, metavar="DAYS", help=_NEAR_DAYS)
    how.add_argument("--page_profile", choices=("accurate", "fast"), default="accurate", help=_PAGE_PROFILE)
    how.add_argument("--boilerplate", choices=("remove", "keep"), default="remove", help=_BOILERPLATE)
    add_entities(how)
    how.add_argument(
        "--languages", type=parse_languages, default=[], metavar="en,fr", help="keep only articles in these"
    )
    how.add_argument("--earliest_date", type=parse_date, default="1990-01-01", metavar="DATE", help=_EARLIEST)
    how.add_argument("--as_of", type=parse_time, default=None, metavar="TIME", help="the run's clock (default: now)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare the dataset that a command is about."""
    parser.add_argument("output", metavar="OUT", type=clean_path, help="the dataset")


def add_workers(parser: "argparse._ActionsContainer") -> None:
    """Declare on how many local processes to run."""
    parser.add_argument("--workers", type=parse_count, default=1, metavar="N", help=_WORKERS)


def add_entities(parser: "argparse._ActionsContainer") -> None:
    """Declare what finds entities."""
    parser.add_argument("--entities", type=parse_entities, default=profiles.DEFAULT, metavar="PROFILE", help=_ENTITIES)


def _add_how_to_fetch(parser: argparse.ArgumentParser) -> None:
    poll = parser.add_argument_group("how to fetch")
    poll.add_argument("--contact", default="", help="an address or URL for the user agent, so that hosts can reach you")
    poll.add_argument("--proxy", default="", metavar="URL", help=_PROXY)
    poll.add_argument("--allow_private", action="store_true", help="fetch from private and loopback addresses too")
    poll.add_argument(
        "--poll_deadline", type=parse_seconds, default=argparse.SUPPRESS, metavar="SECONDS", help=_DEADLINE
    )
    poll.add_argument("--poll_gone", action="store_true", help=_POLL_GONE)
    poll.add_argument("--full_text", action="store_true", help=_FULL_TEXT)
    poll.add_argument("--keep_raw", action="store_true", help=_KEEP_RAW)


def _add_how_to_stream(parser: argparse.ArgumentParser) -> None:
    stream = parser.add_argument_group("how to stream")
    stream.add_argument("--streaming", action="store_true", help=_STREAMING)
    stream.add_argument("--flush", type=parse_flush, default=argparse.SUPPRESS, metavar="SECONDS", help=_FLUSH)
    stream.add_argument(
        "--poll_every", type=parse_seconds, default=argparse.SUPPRESS, metavar="SECONDS", help=_POLL_EVERY
    )
    stream.add_argument(
        "--metrics_port", type=parse_port, default=argparse.SUPPRESS, metavar="PORT", help=_METRICS_PORT
    )
    stream.add_argument("--kafka_config", default=argparse.SUPPRESS, metavar="FILE", help=_KAFKA_CONFIG)


def add_how_to_report(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """Declare how a run goes on, and what is told of it."""
    run = add_how_to_run(parser)
    run.add_argument("--metrics", default="", metavar="FILE", help=_METRICS)
    return run


def add_how_to_run(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """Declare how a run goes on."""
    run = parser.add_argument_group("how to run")
    run.add_argument("--run_id", default="", help="a name for this run, which commits once (default: from the clock)")
    add_workers(run)
    run.add_argument("--compact", choices=("auto", "never"), default="auto", help=_COMPACT)
    return run
