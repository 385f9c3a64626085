"""The parts of the command that need no pipeline: counts, options, progress, summary, rejects."""

import argparse
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from apache_beam.options.pipeline_options import SetupOptions

from pipelines.beam_options import make_beam_options
from pipelines.command import main, make_parser
from pipelines.declare_options import add_ingest_options
from pipelines.failures import readable_failures
from pipelines.option_values import clean_path
from pipelines.options import read_options
from pipelines.progress import describe
from pipelines.summary import summary_lines
from pipelines.terminal import printable, say
from schemas.errors import DatelineError, EmptyArticle, TooLarge, UsageError
from schemas.records import Document
from tests.make import READ_AT, entry, micros
from transforms.ledger import OUTCOMES, reconcile
from transforms.progress import count_processes, note
from transforms.rejects import PAYLOAD_BYTES, to_reject
from transforms.write.intent import intent_path
from transforms.write.run import Run

COUNTED = dict.fromkeys(OUTCOMES, 1) | {"reads": 5, "rows_articles": 2}


def test_counts_that_add_up_pass() -> None:
    reconcile(COUNTED)


@pytest.mark.parametrize("name", [*OUTCOMES, "reads", "rows_articles"])
def test_counts_that_do_not_add_up_are_an_error(name: str) -> None:
    with pytest.raises(DatelineError, match="6"):
        reconcile(COUNTED | {name: COUNTED[name] + 5, "reads": 6})


TIMES = {
    "2025-03-22": micros("2025-03-22"),
    "2025-03-22T10:15:00Z": micros("2025-03-22T10:15"),
    "2025-03-22T12:15:00+02:00": micros("2025-03-22T10:15"),
    "2025-03-22T10:15:00.000250Z": micros("2025-03-22T10:15") + 250,
}


@pytest.mark.parametrize(("text", "expected"), TIMES.items())
def test_the_clock_is_what_as_of_says(text: str, expected: int) -> None:
    parser = argparse.ArgumentParser()
    add_ingest_options(parser)
    given = parser.parse_args(["--input", "x", "--output", "y", "--as_of", text])
    assert read_options(given, []).read_at == expected


@pytest.mark.parametrize(("given", "profile"), [([], "accurate"), (["--page_profile", "fast"], "fast")])
def test_pages_are_read_by_the_profile_given(given: list[str], profile: str) -> None:
    parser = argparse.ArgumentParser()
    add_ingest_options(parser)
    assert read_options(parser.parse_args(["--input", "x", "--output", "y", *given]), []).page_profile == profile


def test_help_names_every_option_and_the_exit_codes() -> None:
    parser = make_parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    text = commands.choices["ingest"].format_help()
    for word in ("--input", "--feeds", "--output", "--as_of", "--contact", "--workers", "--runner", "Exit codes"):
        assert word in text


def test_what_cannot_be_used_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["retag", "out", "--days", "no\x1bday"])
    said = r"dateline retag: --days: 'no\x1bday' is no day or days such as 2025-03-01..2025-03-31; "
    assert capsys.readouterr().err == said + "see dateline retag --help\n"


def test_progress_adds_up_what_processes_note(tmp_path: Path) -> None:
    note(str(tmp_path), documents=1, entries=10)
    (tmp_path / "_progress-1").write_bytes(orjson.dumps({"documents": 2, "entries": 1_200}))
    (tmp_path / "articles.parquet.staged").touch()
    assert count_processes(str(tmp_path)) == 2
    assert describe(str(tmp_path), 61) == "   61 s  3 documents, 1,210 entries read, 1 file staged"


def test_nothing_that_a_terminal_obeys_is_printed() -> None:
    assert printable("a\x1b[2Jb\r\nc\x9bd\u202ee") == "a [2Jb  c d e"


def test_no_line_is_printed_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    say(["a\x1b[2Jb\u202ec", "d\n\te"])
    assert capsys.readouterr().out == "a [2Jb c\nd\n\te\n"


@pytest.mark.parametrize(("rows", "said"), [({}, True), ({"rows_feeds": 2}, True), ({"rows_sightings": 1}, False)])
def test_a_summary_says_whether_a_row_was_added(rows: dict[str, int], said: bool) -> None:
    counts = dict.fromkeys((*OUTCOMES, "reads"), 0) | rows
    lines = list(summary_lines("out", {"pipeline_version": "1", "run_id": "r", "counts": counts, "tables": {}}))
    assert ("Nothing new: the dataset is as it was." in lines) == said


CAUGHT = {
    "a document that was not fetched": (
        Document("s", b"", READ_AT, is_feed=True, failure="TooLarge"),
        "fetch",
        "document",
    ),
    "a file that was not read": (Document("s", b"", READ_AT, failure="TooLarge"), "read", "document"),
    "a document that does not parse": (Document("s", b"x", READ_AT), "parse", "document"),
    "an entry that could not be made": (entry(failure="Malformed"), "parse", "entry"),
    "an entry that holds no article": (entry(), "clean", "entry"),
}


@pytest.mark.parametrize(("record", "stage", "kind"), CAUGHT.values(), ids=CAUGHT.keys())
def test_a_reject_says_where_it_failed(record: Document, stage: str, kind: str) -> None:
    error = EmptyArticle("no title")
    reject = to_reject((record, (type(error), repr(error), [])))
    assert (reject.stage, reject.reason, reject.detail, reject.payload_kind) == (
        stage,
        "EmptyArticle",
        "no title",
        kind,
    )


def test_the_payload_of_a_reject_is_capped_and_its_size_kept() -> None:
    document = Document("s", b"x" * 100_000, READ_AT)
    reject = to_reject((document, (TooLarge, "too large", [])))
    assert (len(reject.payload), reject.payload_size) == (PAYLOAD_BYTES, 100_000)


def test_the_same_entry_read_later_is_the_same_reject() -> None:
    first, second = entry(), entry(read_at=READ_AT + 1, feed_updated_raw="2025-03-22", flags=["page_unavailable"])
    one, other = (to_reject((each, (EmptyArticle, "", []))) for each in (first, second))
    assert replace(one, context="") == replace(other, context="")


FAILURES = {
    "a full disk": (OSError(28, "No space left on device"), "No space left on device; nothing was added"),
    "a full disk in a step": (
        RuntimeError("Traceback ...\nOSError: [Errno 28] No space left on device\n [while running 'Write']"),
        r"\[Errno 28\] No space left on device; nothing was added",
    ),
    "a damaged file met by a step": (
        RuntimeError("Traceback ...\nschemas.errors.DatasetError: a.parquet: cannot be read\n"),
        "a.parquet: cannot be read; nothing was added",
    ),
}


@pytest.fixture
def a_run(tmp_path: Path) -> Run:
    """A run that has decided nothing."""
    return Run(str(tmp_path), "r", str(tmp_path / "staging"), READ_AT, READ_AT, 0, "1")


@pytest.mark.parametrize(("error", "told"), FAILURES.values(), ids=FAILURES.keys())
def test_failures_that_are_no_bugs_are_told_in_a_line(error: Exception, told: str, a_run: Run) -> None:
    with pytest.raises(DatelineError, match=told), readable_failures(a_run):
        raise error


def test_a_decided_run_is_said_to_be_completed_by_the_next(a_run: Run) -> None:
    Path(a_run.staging).mkdir()
    Path(intent_path(a_run.staging)).touch()
    with pytest.raises(DatelineError, match="run r was decided"), readable_failures(a_run):
        raise OSError(28, "No space left on device")


def test_an_interruption_stays_one(a_run: Run) -> None:
    with pytest.raises(KeyboardInterrupt), readable_failures(a_run):
        raise RuntimeError("Traceback ...\nKeyboardInterrupt [while running 'Sketch']\n")


def test_a_bug_passes_through(a_run: Run) -> None:
    with pytest.raises(RuntimeError, match="KeyError"), readable_failures(a_run):
        raise RuntimeError("Traceback ...\nKeyError: 'x'\n")


PATHS = {"./rel//out/": "rel/out", "file:///a/b": "/a/b", "a/../b c": "b c", "gs://bucket//x": "gs://bucket//x"}


@pytest.mark.parametrize(("given", "cleaned"), PATHS.items())
def test_paths_are_cleaned(given: str, cleaned: str) -> None:
    assert clean_path(given) == cleaned


ARGUMENTS = {
    "a runner's flag with its value apart": ["--max_bundle_size", "1000"],
    "a runner's flag": ["--checkpointing_interval=3000", "--object_reuse"],
    "a flag of Beam's": ["--runner=DirectRunner", "--save_main_session"],
}


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_beam_options_pass(arguments: list[str]) -> None:
    make_beam_options(arguments, 1)


@pytest.mark.parametrize(("given", "plugins"), [([], ["transforms"]), (["--beam_plugin=own"], ["own", "transforms"])])
def test_workers_know_the_records_before_they_decode_any(given: list[str], plugins: list[str]) -> None:
    assert make_beam_options(given, 1).view_as(SetupOptions).beam_plugins == plugins
    assert make_beam_options(given, 2).view_as(SetupOptions).beam_plugins == plugins


@pytest.mark.parametrize(
    "argument", ["--runner=Nonsense", "--runner=non.sense", "--colour=red", "--streaming", "stray"]
)
def test_what_beam_cannot_use_is_refused(argument: str) -> None:
    with pytest.raises(UsageError, match=argument.partition("=")[2] or argument):
        make_beam_options([argument], 1)


@pytest.mark.parametrize("lost", ["keys", "facts", "pairs", "verdicts", "bodies"])
def test_rows_lost_between_steps_are_an_error(lost: str) -> None:
    with pytest.raises(DatelineError, match=f"{lost}_sent"):
        reconcile(COUNTED | {f"{lost}_sent": 3, lost: 2})
