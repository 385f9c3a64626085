"""dateline compact, and the compaction that follows an ingest, from the command line."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.command import main
from pipelines.options import IngestOptions
from pipelines.run_ingest import run_ingest
from pipelines.summary import summary_lines
from schemas.keys import SIGNATURES
from schemas.tables import ARTICLES, SIGHTINGS
from tests.dataset import NOON, add_articles
from tests.make import READ_AT, article, story
from tests.runs import rows_of, started
from transforms.reclean import find_raw
from transforms.write import files
from transforms.write.manifests import read_json
from transforms.write.stored import list_files

TABLES = (ARTICLES.name, SIGHTINGS.name, "rejects", SIGNATURES.name)
ROOT = Path(__file__).parent.parent
QUERIES = re.findall(r"^```sql\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
VIEWS = (ROOT / "docs/views.sql").read_text()


def write_lines(path: Path, numbers: range, first_version: int = 0) -> str:
    """JSON lines of one article each, published over two days, and a line that is none."""
    lines = [
        {
            "url": f"https://example.org/{n}",
            "title": f"Story {n}",
            "body": story(n) + (" with more" if n < first_version else ""),
            "published_at": f"2025-03-{20 + n % 2}T{n % 24:02}:00:00Z",
            "source": "wire",
        }
        for n in numbers
    ]
    path.write_text("\n".join([*map(json.dumps, lines), f"no line {numbers}"]))
    return str(path)


def ingest(output: Path, path: str, *more: str) -> int:
    as_of = ["--as_of", "2025-03-22T12:00:00Z"]
    return main(["ingest", "--input", path, "--output", str(output), *as_of, *more])


@pytest.fixture(scope="module")
def many_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset that three runs have added to."""
    folder = tmp_path_factory.mktemp("many")
    for i in range(3):
        path = write_lines(folder / "lines.jsonl", range(i * 10, i * 10 + 20), first_version=i * 10 + 3)
        assert ingest(folder / "out", path, "--compact", "never") == 0
    return folder


@pytest.fixture
def dataset(many_files: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(many_files, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


def rows(output: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows_of(str(output), table, without=()) for table in TABLES}


def answers(output: Path) -> Iterator[list[Any]]:
    with duckdb.connect() as connection:
        connection.execute(VIEWS.replace("'out/", f"'{output}/"))
        for query in QUERIES:
            yield sorted(connection.execute(query.replace("'out/", f"'{output}/")).fetchall(), key=repr)


def test_compact_joins_files_and_says_what_it_saved(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, answered = rows(dataset), list(answers(dataset))
    files_before = {table: list_files(str(dataset), table) for table in TABLES}
    assert main(["compact", str(dataset)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"Compacted in \d+\.\d s", said[0])
    counts = {line.split()[0]: tuple(map(int, re.findall(r"(\d+) files?", line))) for line in said[1:]}
    partitions = {table: len(set(map(folder_of, files_before[table]))) for table in TABLES}
    assert counts == {table: (len(files_before[table]), partitions[table]) for table in TABLES}
    assert rows(dataset) == before
    assert list(answers(dataset)) == answered
    assert any(answered)
    assert main(["check", str(dataset)]) == 0


def test_many_partitions_are_joined_in_several_commits(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, other = rows(dataset), tmp_path / "other"
    shutil.copytree(dataset, other)
    assert main(["compact", str(other)]) == 0
    at_once = capsys.readouterr().out.splitlines()[1:]
    monkeypatch.setattr("transforms.compact.compact_dataset.COMMIT_BYTES", 1)
    assert main(["compact", str(dataset)]) == 0
    partitions = {folder_of(path) for table in TABLES for path in list_files(str(dataset), table)}
    assert len(files.find(f"{dataset}/_manifests", "*-compact-*.json")) == len(partitions) > 2
    assert [line.split()[:6] for line in capsys.readouterr().out.splitlines()[1:]] == [
        line.split()[:6] for line in at_once
    ]
    assert rows(dataset) == before
    assert main(["check", str(dataset)]) == 0


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def test_a_second_time_there_is_nothing_to_do(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compact", str(dataset)])
    manifests, before = files.find(f"{dataset}/_manifests"), rows(dataset)
    capsys.readouterr()
    assert main(["compact", str(dataset)]) == 0
    assert capsys.readouterr().out == "Nothing to compact\n"
    assert (files.find(f"{dataset}/_manifests"), rows(dataset)) == (manifests, before)
    assert files.find(f"{dataset}/_staging") == []


def test_few_files_are_left_as_they_are(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compact", str(dataset), "--min_files", "4"]) == 0
    assert capsys.readouterr().out == "Nothing to compact\n"


@pytest.mark.parametrize("given", ["0", "1", "-2", "many"])
def test_fewer_files_than_two_are_not_joined(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["compact", "out", f"--min_files={given}"])
    assert (exit_.value.code, "--min_files" in capsys.readouterr().err) == (2, True)


def test_the_manifest_says_what_was_joined(dataset: Path) -> None:
    before = {path: files.size(f"{dataset}/{path}") for path in below(dataset, ARTICLES.name)}
    commits = find_raw(str(dataset)).commits
    main(["compact", str(dataset)])
    assert find_raw(str(dataset)).commits == commits
    (path,) = files.find(f"{dataset}/_manifests", "*-compact-*.json")
    manifest = read_json(path)
    after = {file["path"]: file["bytes"] for file in manifest["tables"][ARTICLES.name]["files"]}
    assert sorted(after) == below(dataset, ARTICLES.name)
    assert set(before) == {path for path in manifest["removed"] if path.startswith("articles/")}
    assert manifest["compacted"][ARTICLES.name] == {
        "partitions": 2, "files_before": len(before), "files_after": 2, "repeats": 0,
        "bytes_before": sum(before.values()), "bytes_after": sum(after.values()),
    }  # fmt: skip
    assert re.fullmatch(r"\d{8}T\d{6}Z-compact-[0-9a-f]{6}", manifest["run_id"])


def below(output: Path, table: str) -> list[str]:
    return [path.removeprefix(f"{output}/") for path in list_files(str(output), table)]


def test_reading_the_same_again_adds_nothing(many_files: Path, dataset: Path) -> None:
    main(["compact", str(dataset)])
    before = rows(dataset)
    assert ingest(dataset, str(many_files / "lines.jsonl")) == 0
    assert rows(dataset) == before


def test_an_ingest_goes_on_while_files_are_joined(dataset: Path) -> None:
    before = len(rows_of(str(dataset), ARTICLES.name))
    with started(str(dataset), "late", [article(url="https://example.org/late", body=story(99))]) as finish:
        assert main(["compact", str(dataset)]) == 0
        assert finish()["counts"]["new_articles"] == 1
    assert len(rows_of(str(dataset), ARTICLES.name)) == before + 1


@pytest.fixture(scope="module")
def eight_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with eight small files in each of three partitions; the lines that one more run is to read."""
    folder = tmp_path_factory.mktemp("eight")
    ingest(folder / "out", write_lines(folder / "lines.jsonl", range(1, 2)))
    for i in range(8):
        add_articles(str(folder / "out"), f"r{i}", range(i * 3, i * 3 + 3), NOON + i)
    write_lines(folder / "lines.jsonl", range(3))
    return folder


@pytest.fixture
def polled(eight_runs: Path, tmp_path: Path) -> Path:
    """A copy of it, and the folder that it is in."""
    shutil.copytree(eight_runs, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_an_ingest_joins_what_has_become_many(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest(polled / "out", f"{polled}/lines.jsonl", "--compact", "never") == 0
    before = len(list_files(f"{polled}/out", ARTICLES.name))
    assert before > 24
    assert ingest(polled / "out", f"{polled}/lines.jsonl") == 0
    (said,) = capsys.readouterr().out.splitlines()[-1:]
    assert re.fullmatch(rf"  articles +{before} files +0\.\d MB  to +3 files +0\.1 MB  in 3 partitions", said)
    assert len(list_files(f"{polled}/out", ARTICLES.name)) == 3


def test_an_ingest_stays_well_done_if_its_compaction_fails(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = Path(list_files(f"{polled}/out", ARTICLES.name)[-1])
    content = bad.read_bytes()
    bad.write_bytes(content[:4] + b"\0" * 400 + content[404:])  # a page that only who reads it finds damaged
    assert ingest(polled / "out", f"{polled}/lines.jsonl") == 0
    said = capsys.readouterr()
    assert "2  new articles" in said.out
    assert said.err.startswith("dateline: the run has committed, but its small files were not joined: ")
    assert str(bad) in said.err
    assert len(list_files(f"{polled}/out", ARTICLES.name)) > 24
    assert files.find(f"{polled}/out/_staging") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["compact", "{}/nothing"], "no dataset is here", id="no-dataset"),
        pytest.param(["compact", "{}", "--runner", "Flink"], "unknown option --runner", id="unknown-option"),
    ],
)
def test_what_cannot_be_used(
    tmp_path: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_and_nothing_changes(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = Path(list_files(str(dataset), ARTICLES.name)[0])
    bad.write_bytes(bad.read_bytes()[:-9])
    before = below(dataset, ARTICLES.name)
    assert main(["compact", str(dataset)]) == 1
    assert str(bad) in capsys.readouterr().err
    assert below(dataset, ARTICLES.name) == before
    assert files.find(f"{dataset}/_staging") == []


def test_a_summary_finds_rows_that_a_compaction_has_moved(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    for i in range(2):
        options = IngestOptions(
            [write_lines(tmp_path / "lines", range(i * 10, i * 10 + 5))], [], output, f"r{i}", READ_AT
        )
        manifest = run_ingest(options)
    expected = list(summary_lines(output, manifest))
    main(["compact", output])
    assert list(summary_lines(output, manifest)) == expected
    assert "New rejects" in expected
