"""dateline retag from the command line: new tags, and nothing else that is new, whatever goes on meanwhile."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

import pipelines.retag
from pipelines.command import main
from pipelines.compact import compact_dataset
from schemas.tables import ARTICLES, TABLES
from tests.dataset import NOON
from tests.make import story
from tests.runs import rows_of, untagged
from transforms.compact import EVERYTHING
from transforms.tag.tagger import load_tagger, tag_table
from transforms.write import files
from transforms.write.manifests import read_json
from transforms.write.run import pipeline_version
from transforms.write.stored import list_files, read_stored

TAGS = ("entities", "places", "topics", "pipeline_version")
BEFORE = pipeline_version()
DAYS = ("2025-03-19", "2025-03-20", "2025-03-21")


def write_lines(path: Path, numbers: range) -> str:
    """JSON lines of one article each, published over three days, with names in it."""
    lines = [
        {
            "url": f"https://example.org/{n}",
            "title": f"Story {n}",
            "body": f"Officials from Japan and Norway met in Nairobi. {story(n)}",
            "published_at": f"{DAYS[n % len(DAYS)]}T08:00:00Z",
            "source": "wire",
        }
        for n in numbers
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return str(path)


def ingest(output: Path | str, path: str) -> None:
    clock = ["--as_of", "2025-03-22T12:00:00Z", "--compact", "never"]
    assert main(["ingest", "--input", path, "--output", str(output), *clock]) == 0


@pytest.fixture(scope="module")
def untagged_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two files for each of three days, by a version that found nothing."""
    folder = tmp_path_factory.mktemp("untagged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.ingest.Tag", lambda *_: beam.Map(untagged))
        for run in range(2):
            ingest(folder / "out", write_lines(folder / "lines.jsonl", range(run * 6, run * 6 + 6)))
    return folder / "out"


@pytest.fixture
def output(untagged_output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of it, and a new version of Dateline."""
    monkeypatch.setattr("transforms.write.run.version", lambda _: "9.9")
    return str(shutil.copytree(untagged_output, tmp_path / "out"))


def rest_of(output: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without the tags of articles."""
    return {table.name: rows_of(output, table.name, TAGS if table is ARTICLES else ()) for table in TABLES}


def versions(output: str) -> dict[str, set[str]]:
    """By day, the versions that have tagged its articles."""
    found: dict[str, set[str]] = {}
    for path in list_files(output, ARTICLES.name):
        day = path.partition("date=")[2].partition("/")[0]
        found.setdefault(day, set()).update(read_stored(path)["pipeline_version"].to_pylist())
    return found


def commits(output: str) -> list[dict[str, Any]]:
    manifests = [read_json(path) for path in files.find(f"{output}/_manifests", "*-retag-*.json")]
    return sorted(manifests, key=lambda manifest: str(manifest["ingested_at"]))


def test_tags_are_new_and_all_else_is_as_it_was(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    before, other = rest_of(output), {path: files.read_bytes(path) for path in files.find(f"{output}/_keys")}
    assert main(["retag", output]) == 0
    assert capsys.readouterr().out == "Retagged 12 articles in 6 files\n"
    assert rest_of(output) == before
    assert {path: files.read_bytes(path) for path in files.find(f"{output}/_keys")} == other
    assert versions(output) == {day: {"9.9"} for day in DAYS}
    for path in list_files(output, ARTICLES.name):
        rows = read_stored(path)
        tagged = tag_table(rows.drop_columns(TAGS[:3]), load_tagger())
        assert [rows[tag].to_pylist() for tag in TAGS[:3]] == [tagged[tag].to_pylist() for tag in TAGS[:3]]
        assert all({"Japan", "Norway", "Nairobi"} <= {e["name"] for e in row} for row in rows["entities"].to_pylist())
    assert main(["check", output]) == 0
    assert main(["retag", output]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing to retag"
    (manifest,) = commits(output)
    assert re.fullmatch(r"\d{8}T\d{6}Z-retag-[0-9a-f]{6}", manifest["run_id"])
    assert manifest["retagged"] == {"files": 6, "rows": 12, "days": [*DAYS], "missed": []}


def test_once_more_gives_the_same_rows(output: str) -> None:
    main(["retag", output])
    first = rows_of(output, ARTICLES.name, ())
    assert main(["retag", output, "--again", "--days", f"{DAYS[0]}..{DAYS[1]}"]) == 0
    assert rows_of(output, ARTICLES.name, ()) == first
    assert commits(output)[-1]["retagged"]["days"] == [*DAYS[:2]]


def test_what_found_the_entities_is_part_of_the_version(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["retag", output, "--entities", "gazetteer", "--days", DAYS[0]]) == 0
    assert versions(output)[DAYS[0]] == {"9.9+gazetteer"}
    assert capsys.readouterr().out == "Retagged 4 articles in 2 files\nNothing to retag\n"


def test_some_days_alone(output: str) -> None:
    assert main(["retag", output, "--days", DAYS[1]]) == 0
    assert versions(output) == {day: {"9.9" if day == DAYS[1] else BEFORE} for day in DAYS}


def test_what_is_done_stays_done(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rest_of(output)
    monkeypatch.setattr("pipelines.retag.LOCAL_COMMIT_BYTES", 1)
    run = pipelines.retag.run_beam

    def run_once(*given: Any) -> dict[str, int]:
        if commits(output):
            raise OSError(28, "No space left on device")
        return run(*given)

    monkeypatch.setattr("pipelines.retag.run_beam", run_once)
    assert main(["retag", output, "--days", DAYS[0]]) == 1
    monkeypatch.setattr("pipelines.retag.run_beam", run)
    assert main(["retag", output, "--days", DAYS[0]]) == 0
    assert [commit["retagged"]["files"] for commit in commits(output)] == [1, 1]
    assert (versions(output)[DAYS[0]], rest_of(output)) == ({"9.9"}, before)


def test_files_that_others_join_meanwhile_are_tagged_where_they_are_then(
    output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, run = rest_of(output), pipelines.retag.run_beam

    def run_beside_a_compaction(*given: Any) -> dict[str, int]:
        counts = run(*given)
        compact_dataset(output, EVERYTHING, NOON)
        return counts

    monkeypatch.setattr("pipelines.retag.run_beam", run_beside_a_compaction)
    assert main(["retag", output]) == 0
    assert [(c["retagged"]["files"], len(c["retagged"]["missed"])) for c in commits(output)] == [(0, 3), (3, 0)]
    assert (versions(output), rest_of(output)) == ({day: {"9.9"} for day in DAYS}, before)
    assert main(["check", output]) == 0


def test_files_that_are_gone_before_they_are_read_count_as_missed(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, run = rest_of(output), pipelines.retag.run_beam

    def run_after_a_compaction(*given: Any) -> dict[str, int]:
        compact_dataset(output, EVERYTHING, NOON)
        return run(*given)

    monkeypatch.setattr("pipelines.retag.run_beam", run_after_a_compaction)
    assert main(["retag", output]) == 0
    assert (versions(output), rest_of(output)) == ({day: {"9.9"} for day in DAYS}, before)


def test_others_that_never_rest_are_told(
    output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def touch_all(*_: Any) -> dict[str, int]:
        for path in list_files(output, ARTICLES.name):
            Path(path).touch()
        return {}

    monkeypatch.setattr("pipelines.retag.run_beam", touch_all)
    assert main(["retag", output]) == 1
    assert f"other runs kept replacing files of {DAYS[0]}" in capsys.readouterr().err


def test_an_ingest_goes_on_meanwhile(output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = pipelines.retag.run_beam

    def run_beside_an_ingest(*given: Any) -> dict[str, int]:
        counts = run(*given)
        ingest(output, write_lines(tmp_path / "lines.jsonl", range(9, 14)))
        return counts

    monkeypatch.setattr("pipelines.retag.run_beam", run_beside_an_ingest)
    assert main(["retag", output]) == 0
    assert versions(output) == {day: {"9.9"} for day in DAYS}
    assert len(rows_of(output, ARTICLES.name)) == 14
    assert main(["check", output]) == 0


def test_rows_that_the_runner_lost_are_met(
    output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows_of(output, ARTICLES.name, ())
    monkeypatch.setattr("pipelines.retag.run_beam", lambda *_: {})
    assert main(["retag", output]) == 1
    assert "2 rows were stored and 0 written" in capsys.readouterr().err
    assert rows_of(output, ARTICLES.name, ()) == before


def test_a_damaged_file_is_named_and_nothing_changes(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    bad = Path(list_files(output, ARTICLES.name)[0])
    content = bad.read_bytes()
    bad.write_bytes(content[:4] + b"\0" * 400 + content[404:])  # a page that only who reads it finds damaged
    before = list_files(output, ARTICLES.name)
    assert main(["retag", output]) == 1
    assert str(bad) in capsys.readouterr().err
    assert list_files(output, ARTICLES.name) == before
    assert files.find(f"{output}/_staging") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["{}/nothing"], "no dataset is here", id="no-dataset"),
        pytest.param(["{}", "--colour", "red"], "unknown option --colour", id="unknown-option"),
        pytest.param(["{}", "--workers", "2", "--runner", "FlinkRunner"], "--workers 2 is for local", id="workers"),
        pytest.param(["{}", "--entities", "spacy:no_such_model"], "spacy:no_such_model", id="no-model"),
    ],
)
def test_what_cannot_be_used(
    output: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files.find(output)
    assert main(["retag", *(argument.format(output) for argument in arguments)]) == 2
    assert message in capsys.readouterr().err
    assert files.find(output) == before


@pytest.mark.parametrize("given", ["today", "2025-02-30", "2025-03-02..2025-03-01", "2025-03-01..", "..", ""])
def test_days_that_are_none(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["retag", "out", "--days", given])
    assert (exit_.value.code, "--days" in capsys.readouterr().err) == (2, True)


@pytest.mark.slow
def test_several_processes_give_the_same(output: str, tmp_path: Path) -> None:
    other = str(shutil.copytree(output, tmp_path / "other"))
    assert main(["retag", output]) == 0
    assert main(["retag", other, "--workers", "2"]) == 0
    assert rows_of(other, ARTICLES.name, ()) == rows_of(output, ARTICLES.name, ())
