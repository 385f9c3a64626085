"""Rejects that are tried again, from the command line: what passes leaves them, and nothing else changes."""

import json
import re
import shlex
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import pipelines.replay
from pipelines import ingest
from pipelines.command import main
from pipelines.options import IngestOptions
from pipelines.replay import replay
from schemas.columns import TIME
from schemas.errors import DatelineError
from schemas.keys import NEVER
from schemas.records import Document, Entry, Reject
from schemas.tables import TABLES
from tests.feed_server import serving
from tests.make import READ_AT, entry, story
from tests.runs import rows_of
from transforms.ledger import OUTCOMES
from transforms.parse_entries import count_read
from transforms.payloads import can_be_tried, from_payload
from transforms.rejects import PAYLOAD_BYTES, to_reject
from transforms.replay import Choice, choose, stage_tried
from transforms.write.commit import commit_steps
from transforms.write.manifests import read_manifest
from transforms.write.staging import begin

FRENCH = "Le port de la ville ouvre ses portes au printemps, et les bateaux reviennent avec la marée du matin."
QUAY = "Les travaux du quai commencent lundi matin, et la mairie demande aux pêcheurs de laisser la place libre."
ENGLISH = "The port of the town opens its gates in spring, and the boats come back with the morning tide."
LINES = [
    {"url": "https://a.example/en", "title": "The port", "body": ENGLISH, "guid": "1"},
    {"url": "https://a.example/fr", "title": "Le port", "body": FRENCH, "source": "https://a.example/feed"},
    {"title": "Le quai", "body": QUAY, "published_at": "2025-03-20T08:00:00Z"},
    {"url": "https://a.example/empty"},
    {"url": "https://a.example/odd", "title": 5, "body": story(5)},
]
PAGE = (Path(__file__).parents[1] / "docs/operators.md").read_text()
FIRST, LATER = "2025-03-22T12:00:00Z", "2025-03-24T12:00:00Z"
CHANGING = ("run_id", "ingested_at", "first_seen_at")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LINES, and documents that cannot be parsed."""
    folder = tmp_path_factory.mktemp("replay")
    (folder / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES) + '{"title": "cut\n')
    (folder / "cut.xml").write_text("<rss><channel><item><title>cut")
    (folder / "image.txt").write_bytes(b"\x89PNG\x00\x01")
    return folder


def take_in(inputs: Path, output: str, run_id: str, *more: str) -> dict[str, int]:
    """What an ingest counts."""
    given = ["--input", str(inputs / "*.*"), "--as_of", FIRST, "--run_id", run_id, "--compact", "never"]
    assert main(["ingest", "--output", output, *given, *more]) == 0
    return read_manifest(output, run_id)["counts"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def made(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    output = str(tmp_path_factory.mktemp("made") / "out")
    take_in(inputs, output, "r1", "--languages", "en")
    return output


@pytest.fixture
def output(made: str, tmp_path: Path) -> str:
    return shutil.copytree(made, str(tmp_path / "out"))


def try_again(output: str, run_id: str, *arguments: str) -> dict[str, Any]:
    """The manifest of a replay; its counts add up, and the dataset is sound."""
    assert main(["replay", output, "--as_of", LATER, "--run_id", run_id, *arguments]) == 0
    assert main(["check", output]) == 0
    manifest = read_manifest(output, run_id)
    assert manifest["counts"]["reads"] == sum(manifest["counts"][name] for name in OUTCOMES)
    return manifest


def rows(output: str) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows_of(output, table.name, ()) for table in TABLES if Path(output, table.name).exists()}


def without_clock(output: str) -> dict[str, list[str]]:
    """All rows, without what is the run's own: sightings are filed under the day of the run."""
    found = {name: rows_of(output, name, CHANGING) for name in rows(output)}
    for row in found["sightings"]:
        del row["date"]
    return {name: sorted(map(repr, each)) for name, each in found.items()}


def reasons(output: str) -> Counter[str]:
    return Counter(row["reason"] for row in rows(output)["rejects"])


def exact_keys(output: str) -> list[tuple[int, int]]:
    return duckdb.sql(f"SELECT key, article FROM '{output}/_keys/exact/*.parquet' ORDER BY ALL").fetchall()


def test_what_passes_with_other_options_is_what_it_would_have_been(
    inputs: Path, output: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = tmp_path / "replay.prom"
    manifest = try_again(output, "p1", "--metrics", str(metrics))
    assert 'outcome="new_articles"} 2.0\n' in metrics.read_text()
    assert manifest["command"] == "replay"
    assert manifest["replayed"] == {"tried": 6, "left": {"LanguageNotWanted": 2}}
    assert (manifest["counts"]["new_articles"], manifest["counts"]["rejects"]) == (2, 4)
    said = capsys.readouterr().out
    assert "Tried    6 rejects: 2 gone, 4 unchanged\n        2  LanguageNotWanted\n" in said
    assert "Kept out 1 reject" in said

    at_once = str(tmp_path / "at_once")
    take_in(inputs, at_once, "r1")
    assert without_clock(output) == without_clock(at_once)


def test_rejects_that_left_are_remembered_no_more(inputs: Path, output: str) -> None:
    before = exact_keys(output)
    try_again(output, "p1")
    assert len([key for key in before if key not in exact_keys(output)]) == 2
    left = rows(output), exact_keys(output)
    again = try_again(output, "p2")
    assert again["replayed"] == {"tried": 4, "left": {}}
    assert (rows(output), exact_keys(output)) == left
    counts = take_in(inputs, output, "r2", "--languages", "en")
    assert (counts["rejects"], counts["rows_rejects"]) == (7, 2)


CHOICES: dict[str, tuple[list[str], list[str], int]] = {
    "all": ([], [], 6),
    "a reason": (["LanguageNotWanted"], [], 2),
    "two reasons": (["Malformed", "EmptyArticle"], [], 3),
    "a source": ([], ["https://a.example/feed"], 1),
    "a source that has none": ([], ["https://a.example/other"], 0),
    "a reason and a source": (["Malformed"], ["https://a.example/feed"], 0),
}
NONE = np.zeros(0, np.uint64)


@pytest.mark.parametrize(("reasons", "sources", "count"), CHOICES.values(), ids=CHOICES)
def test_some_rejects_can_be_chosen(reasons: list[str], sources: list[str], count: int, made: str) -> None:
    chosen = choose(made, Choice(reasons, sources, NEVER, NONE), 10**6)
    assert len(chosen.rows) == len(chosen.keys) == count
    assert chosen.left_out.total() == (not sources and (not reasons or "Malformed" in reasons))


def test_what_was_tried_or_came_later_is_not_chosen(made: str) -> None:
    chosen = choose(made, Choice([], [], NEVER, NONE), 10**6)
    assert len(choose(made, Choice([], [], NEVER, chosen.keys[:4]), 10**6).rows) == 2
    assert len(choose(made, Choice([], [], READ_AT - 1, NONE), 10**6).rows) == 0


@pytest.mark.parametrize("command", re.findall(r"^dateline (replay .*)", PAGE, re.M))
def test_the_commands_shown_run(command: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(output).parent)
    assert main(shlex.split(command)) == 0


@pytest.mark.slow
def test_a_few_at_a_time_are_several_commits(output: str) -> None:
    done = replay(IngestOptions([], [], output, "p1", READ_AT, chunk_bytes=1), ["LanguageNotWanted"], [])
    assert (done.tried, done.left) == (2, {"LanguageNotWanted": 2})
    assert main(["check", output]) == 0


def test_what_a_fix_reads_leaves_the_rejects(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(document: Document, staging: str, *_: object) -> list[Entry]:
        texts = [story(5)] if document.is_lines else [story(6), FRENCH]
        count_read(staging, len(texts), len(document.data))
        return [entry(source=document.source, title=text[:20], body=text, link="") for text in texts]

    monkeypatch.setattr(ingest, "parse_entries", parse)
    manifest = try_again(output, "p1", "--languages", "en", "--reason", "NotText")
    assert manifest["replayed"] == {"tried": 1, "left": {"NotText": 1}}
    assert (manifest["counts"]["new_articles"], manifest["counts"]["rejects"]) == (1, 1)
    assert reasons(output)["LanguageNotWanted"] == 3


@pytest.mark.slow
def test_two_at_once_store_nothing_twice(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run_pipeline = pipelines.replay.run_pipeline

    def run_late(*given: Any) -> dict[str, int]:
        counts = run_pipeline(*given)
        monkeypatch.setattr(pipelines.replay, "run_pipeline", run_pipeline)
        assert main(["replay", output, "--run_id", "p1"]) == 0
        assert main(["compact", output]) == 0
        return counts

    monkeypatch.setattr(pipelines.replay, "run_pipeline", run_late)
    manifest = try_again(output, "p2")
    assert manifest["replayed"] == {"tried": 4, "left": {}}
    assert len(rows(output)["articles"]) == 3


MOMENTS = {"before it is decided": ("stamp", 2), "after a rename": ("rename", 0)}


@pytest.mark.slow
@pytest.mark.parametrize(("last", "stay"), MOMENTS.values(), ids=MOMENTS)
def test_a_replay_that_ends_in_the_middle_is_whole_or_not_made(
    last: str, stay: int, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*given: Any) -> dict[str, Any]:
        for step in commit_steps(*given):
            if step == last:
                raise DatelineError(f"died after {step}")
        return {}

    with monkeypatch.context() as patched:
        patched.setattr(pipelines.replay, "commit", die)
        assert main(["replay", output, "--run_id", "p1"]) == 1
    assert main(["compact", output]) == 0  # whoever comes next carries it out
    assert reasons(output)["LanguageNotWanted"] == stay
    assert len(rows(output)["articles"]) == 3 - stay
    assert main(["check", output]) == 0


def test_of_rejects_read_at_one_time_the_last_commit_counts(output: str) -> None:
    """Whatever order they are stored in: a backfill commits chunk after chunk."""
    chosen = choose(output, Choice([], [], NEVER, np.zeros(0, np.uint64)), 1 << 30)
    count = chosen.rows.num_rows
    assert count > 1
    commits = pa.array(range(count, 0, -1), pa.int64()).cast(TIME)
    at = chosen.rows.column_names.index("ingested_at")
    with begin(output, "p1", READ_AT) as run:
        tried = stage_tried(replace(chosen, rows=chosen.rows.set_column(at, "ingested_at", commits)), run)
    assert list(tried.commits.by_clock.values()) == [count]


@pytest.mark.slow
def test_a_text_that_was_read_later_is_not_taken_back(output: str, tmp_path: Path) -> None:
    changed = LINES[1] | {"body": f"{ENGLISH} It was put off."}
    (tmp_path / "b.jsonl").write_text(json.dumps(changed))
    assert main(["ingest", "--input", str(tmp_path / "b.jsonl"), "--output", output, "--as_of", LATER]) == 0
    counts = try_again(output, "p1", "--reason", "LanguageNotWanted")["counts"]
    assert (counts["new_articles"], counts["new_versions"], counts["repeats"]) == (1, 0, 1)


def test_entries_of_a_feed_keep_what_its_list_says(tmp_path: Path) -> None:
    with serving() as server:
        item = f"<item><title>Le port</title><guid>1</guid><description>{FRENCH}</description></item>"
        body = f'<rss version="2.0"><channel><title>A</title>{item}</channel></rss>'.encode()
        server.pages = {"/a": lambda call: call.answer(200, body), "/b": lambda call: call.answer(200, b"<html><p>No")}
        outline = "".join(f'<outline type="rss" xmlUrl="{server.url(path)}"/>' for path in ("/a", "/b"))
        (tmp_path / "feeds.opml").write_text(
            f'<opml version="2.0"><body><outline text="Ports">{outline}</outline></body></opml>'
        )
        output = str(tmp_path / "out")
        given = ["--feeds", str(tmp_path / "feeds.opml"), "--allow_private", "--languages", "en", "--as_of", FIRST]
        main(["ingest", "--output", output, *given])
        feed = server.url("/a")
    assert try_again(output, "p1")["replayed"] == {"tried": 2, "left": {"LanguageNotWanted": 1}}
    (row,) = rows(output)["articles"]
    assert (row["source"], row["feed_url"], row["collection"], row["guid"]) == (feed, feed, "Ports", "1")
    assert str(row["date"]) == FIRST[:10]  # for it gives no date
    assert reasons(output) == {"NotAFeed": 1}


FEED = Document(
    "https://a.example/feed", b"<html>", READ_AT, "https://b.example/feed", "text/html; charset=latin-1", True, False,
    "Ports", "Europe/Paris",
)  # fmt: skip
WHOLE = {
    "a feed": (FEED, FEED),
    "a file, dated": (Document("a.txt", b"\x00", READ_AT, dated="2025-03-01", dated_by="name"),) * 2,
    "lines": (Document("a.jsonl", b"{", READ_AT, is_lines=True),) * 2,
    "an entry": (entry(markup=["body"], paywalled=True, feed_updated_raw="2025", authors=["Ann"]),) * 2,
    "an entry with its page": (
        entry(title="Own", body="Of the page", markup=["body"], from_page=["body"], flags=["page_unavailable"]),
        entry(title="Own", body=""),
    ),
    "a line": (
        Entry("a.jsonl", READ_AT, "", "Ports", body='{"a', published_raw="2025-03-01", published_source="name",
              failure="Malformed", detail="no", is_line=True),
        Document("a.jsonl", b'{"a', READ_AT, "", "", False, True, "Ports", "", "2025-03-01", "name"),
    ),
}  # fmt: skip


def row_of(record: Document | Entry) -> dict[str, Any]:
    reject = to_reject((record, (ValueError, "", [])))
    return {name: getattr(reject, name) for name in Reject.__dataclass_fields__}


@pytest.mark.parametrize(("record", "expected"), WHOLE.values(), ids=WHOLE)
def test_a_reject_holds_all_that_was_read(record: Document | Entry, expected: Document | Entry) -> None:
    row = row_of(record)
    assert can_be_tried(row)
    assert from_payload(row) == expected


NOT_WHOLE = {
    "a feed that was not fetched": Document("https://a.example", b"", READ_AT, is_feed=True, failure="FetchFailed"),
    "a file that was not read": Document("a.gz", b"x", READ_AT, failure="UnreadableFile"),
    "a document over what is kept": Document("a.txt", b"\x00" * (PAYLOAD_BYTES + 1), READ_AT),
    "an entry over what is kept": entry(body="x" * PAYLOAD_BYTES),
    "a part of a feed": Entry("a.xml", READ_AT, body="<item>", failure="Malformed"),
}


@pytest.mark.parametrize("record", NOT_WHOLE.values(), ids=NOT_WHOLE)
def test_what_is_not_whole_is_not_tried(record: Document | Entry) -> None:
    assert not can_be_tried(row_of(record))


@pytest.mark.parametrize("context", [None, ""], ids=["before version 3", "of an older stream"])
def test_what_says_not_how_it_was_read_is_not_tried(context: str | None) -> None:
    assert not can_be_tried(row_of(FEED) | {"context": context})


def test_a_reason_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["replay", "out", "--reason", "NoSuchThing"])
    assert refused.value.code == 2
    assert "NoSuchThing" in capsys.readouterr().err


def test_without_a_dataset_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert main(["replay", str(tmp_path / "gone")]) == 2
    assert not (tmp_path / "gone").exists()
