"""The whole pipeline from the command line, on files."""

import gzip
import json
import logging
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipelines.command import main
from pipelines.options import IngestOptions
from pipelines.run_ingest import run_ingest
from schemas.tables import PARTITIONING, TABLES
from tests.make import READ_AT, story
from tests.runs import exit_code, rows_of
from transforms.ledger import OUTCOMES

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared/data"
EXAMPLES = ["--input", str(ROOT / "examples/*/**"), "--input", str(ROOT / "examples/*.jsonl")]
AS_OF = ["--as_of", "2025-03-24T12:00:00Z"]


def ingest(output: Path, *arguments: str, run_id: str = "run", code: int = 0) -> dict[str, Any]:
    """One run in this process; its manifest."""
    assert main(["ingest", "--output", str(output), "--run_id", run_id, *AS_OF, *arguments]) == code
    return manifest(output, run_id)


def manifest(output: Path, run_id: str) -> dict[str, Any]:
    """The manifest of a run."""
    return json.loads((output / f"_manifests/{run_id}.json").read_bytes())  # type: ignore[no-any-return]


def outcomes(counts: dict[str, int]) -> dict[str, int]:
    """The five outcomes."""
    return {name: counts[name] for name in OUTCOMES}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset made from the examples, once."""
    output = tmp_path_factory.mktemp("example")
    ingest(output, *EXAMPLES)
    return output


def test_examples_end_as_their_page_says(example: Path) -> None:
    counts = manifest(example, "run")["counts"]
    assert outcomes(counts) == {
        "new_articles": 54, "new_versions": 1, "duplicates": 4, "repeats": 6, "rejects": 4,
    }  # fmt: skip
    assert counts["reads"] == 69


def test_the_manifest_agrees_with_the_files(example: Path) -> None:
    counts = manifest(example, "run")["counts"]
    articles, sightings = rows_of(str(example), "articles"), rows_of(str(example), "sightings")
    relations = Counter(row["relation"] for row in sightings)
    assert sum(row["version"] == 1 for row in articles) == relations["original"] == counts["new_articles"]
    assert sum(row["version"] > 1 for row in articles) == counts["new_versions"]
    assert relations.total() - relations["original"] == counts["duplicates"]
    assert len(rows_of(str(example), "rejects")) == counts["rejects"]


def test_a_second_run_adds_no_row_and_says_so(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {table.name: rows_of(str(example), table.name, ()) for table in TABLES if table.name != "feeds"}
    counts = ingest(example, *EXAMPLES, run_id="second")["counts"]
    assert counts["repeats"] + counts["rejects"] == counts["reads"] == 69
    assert before == {name: rows_of(str(example), name, ()) for name in before}
    assert "Nothing new" in capsys.readouterr().out


def test_a_run_id_commits_once(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(example, *EXAMPLES)
    assert "run has committed" in capsys.readouterr().out


def test_readers_agree(example: Path) -> None:
    glob = f"{example}/articles/**/*.parquet"
    in_duckdb = duckdb.sql(f"SELECT article_id, version, date FROM '{glob}'").df()
    in_pyarrow = ds.dataset(example / "articles", partitioning=PARTITIONING).to_table(["article_id", "version", "date"])
    in_pandas = pd.read_parquet(example / "articles", columns=["article_id", "version", "date"])
    order = ["article_id", "version"]
    frames = [frame.sort_values(order, ignore_index=True) for frame in (in_duckdb, in_pyarrow.to_pandas(), in_pandas)]
    assert len(frames[0]) == 55
    for frame in frames:
        assert frame[order].equals(frames[0][order])
        assert frame["date"].astype(str).str[:10].tolist() == frames[0]["date"].astype(str).str[:10].tolist()


def test_every_file_of_a_table_has_its_schema(example: Path) -> None:
    for table in TABLES:
        for path in example.glob(f"{table.name}/**/*.parquet"):
            assert pq.read_schema(path).equals(table.schema, check_metadata=False)


def test_mentions_slice_to_the_names_they_stand_for(example: Path) -> None:
    mentions = [
        (row[mention["field"]][mention["start"] : mention["end"]], entity["name"])
        for row in rows_of(str(example), "articles")
        for entity in row["entities"]
        for mention in entity["mentions"]
    ]
    assert len(mentions) > 100
    assert all(text and text == text.strip() for text, _ in mentions)
    assert ("Poland", "Poland") in mentions


def test_any_order_of_inputs_gives_the_same_rows(example: Path, tmp_path: Path) -> None:
    shuffled = (ROOT / "examples/wire.jsonl").read_text().splitlines()
    random.Random(3).shuffle(shuffled)
    wire = tmp_path / "wire.jsonl"
    wire.write_text("\n".join(shuffled))
    files = sorted((path for path in (ROOT / "examples").glob("*/**/*") if path.is_file()), reverse=True)
    ingest(tmp_path / "out", "--input", str(wire), *(a for path in files for a in ("--input", str(path))))
    for table in ("articles", "sightings", "rejects"):
        ours, theirs = rows_of(str(tmp_path / "out"), table), rows_of(str(example), table)
        assert _by_file_name(ours) == _by_file_name(theirs)


def _by_file_name(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted((row | {"source": row["source"].rpartition("/")[2]} for row in rows), key=repr)


REFUSED = {
    "an unknown flag": (["--input", "examples/wire.jsonl", "--colour=red"], "--colour=red"),
    "a glob that matches nothing": (["--input", "examples/none-*.xml"], "examples/none-*.xml"),
    "a run id with a path in it": (["--input", "examples/wire.jsonl", "--run_id", "../x"], "../x"),
    "nothing to read": ([], "--input"),
    "nothing to keep": (["--input", "x", "--keep_raw"], "--keep_raw keeps what is fetched"),
    "a feed list that is not there": (["--feeds", "examples/none.opml"], "none.opml"),
    "a clock without a zone": (["--input", "x", "--as_of", "2025-03-22T10:00"], "2025-03-22T10:00"),
    "a language that is none": (["--input", "x", "--languages", "english"], "english"),
    "workers on a cluster": (["--input", "examples/wire.jsonl", "--workers=2", "--runner=FlinkRunner"], "--workers 2"),
}


@pytest.mark.parametrize(("arguments", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_before_anything_runs(
    arguments: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    assert exit_code(["ingest", "--output", str(tmp_path / "out"), *arguments]) == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out/articles").exists()


def test_an_output_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("in the way")
    assert main(["ingest", "--output", str(tmp_path / "out"), *EXAMPLES]) == 2
    assert str(tmp_path / "out") in capsys.readouterr().err


@pytest.mark.parametrize("table", ["articles", "_keys/exact", "_keys/signatures"])
def test_a_corrupt_stored_file_is_named_and_nothing_added(
    table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(tmp_path, *EXAMPLES)
    victim = sorted(tmp_path.glob(f"{table}/**/*.parquet"))[0]
    victim.write_bytes(victim.read_bytes()[:-20])
    files = sorted(tmp_path.glob("articles/**/*.parquet"))
    assert main(["ingest", "--output", str(tmp_path), "--run_id", "second", *EXAMPLES]) == 1
    assert str(victim) in capsys.readouterr().err
    assert sorted(tmp_path.glob("articles/**/*.parquet")) == files


def _rss(inside: bytes, before: bytes = b"") -> bytes:
    return before + b'<rss version="2.0"><channel ' + inside + b"</channel></rss>"


BAD: dict[str, tuple[bytes, str]] = {
    "bomb.gz": (gzip.compress(b" " * 60_000_000), "TooLarge"),
    "broken.gz": (gzip.compress(b"A title\n\nA text." * 1_000)[:-30], "UnreadableFile"),
    "empty.xml": (b"", "EmptyDocument"),
    "blank.txt": (b" \n\t\n", "EmptyDocument"),
    "junk.bin": (bytes(range(256)) * 40, "NotText"),
    "list.opml": (b'<opml version="2.0"><body><outline xmlUrl="https://example.org/f"/></body></opml>', "FeedList"),
    "laughs.xml": (_rss(b"><item><title>&a;</title></item>", b'<!DOCTYPE r [<!ENTITY a "ha">]>'), "TooComplex"),
    "attributes.xml": (_rss(b" ".join(b'a%d="1"' % n for n in range(100_000)) + b">"), "TooComplex"),
    "deep.xml": (_rss(b">" + b"<a>" * 100_000 + b"</a>" * 100_000), "TooComplex"),
    "line.jsonl": (b'{"title": "One", "body": "Two words"}\n{"title": \n', "Malformed"),
}


def test_bad_inputs_are_rejects_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (data, _) in BAD.items():
        (tmp_path / "in" / name).write_bytes(data)
    counts = ingest(tmp_path / "out", "--input", f"{tmp_path}/in/*", code=3)["counts"]
    rejects = {Path(row["source"]).name: row["reason"] for row in rows_of(str(tmp_path / "out"), "rejects")}
    assert rejects == {name: reason for name, (_, reason) in BAD.items()}
    assert counts["reads"] == len(BAD) + 1
    assert outcomes(counts) | {"new_articles": 1, "rejects": len(BAD)} == outcomes(counts)


@pytest.mark.slow
def test_two_processes_give_the_rows_of_one(example: Path, tmp_path: Path) -> None:
    ingest(tmp_path, *EXAMPLES, "--workers", "2")
    for table in ("articles", "sightings", "rejects"):
        assert rows_of(str(tmp_path), table) == rows_of(str(example), table)


@pytest.mark.slow
def test_two_processes_share_the_work(tmp_path: Path) -> None:
    lines = [orjson.dumps({"title": f"Number {n}", "body": story(n, 400)}) for n in range(4_000)]
    (tmp_path / "one.jsonl").write_bytes(b"\n".join(lines))
    done = ingest(tmp_path / "out", "--input", f"{tmp_path}/one.jsonl", "--workers", "2")
    assert done["processes"] == 2
    assert done["counts"]["new_articles"] == 4_000


def start(output: Path, run_id: str) -> subprocess.Popen[bytes]:
    """A run of its own process."""
    command = [sys.executable, "-m", "pipelines.command", "ingest", "--output", str(output), "--run_id", run_id]
    return subprocess.Popen([*command, *AS_OF, *EXAMPLES], cwd=ROOT, stdout=subprocess.DEVNULL)


@pytest.mark.slow
def test_ten_kills_leave_the_rows_of_an_undisturbed_run(example: Path, tmp_path: Path) -> None:
    chooser = random.Random(11)
    for number in range(10):
        with start(tmp_path, f"killed{number}") as process:
            time.sleep(chooser.uniform(1, 3))
            process.send_signal(signal.SIGKILL)
    with start(tmp_path, "last") as process:
        assert process.wait() == 0
    for table in ("articles", "sightings", "rejects"):
        assert rows_of(str(tmp_path), table) == rows_of(str(example), table)
    assert list((tmp_path / "_staging").iterdir()) == []


@pytest.mark.slow
def test_three_commands_at_once_store_what_one_does(example: Path, tmp_path: Path) -> None:
    processes = [start(tmp_path, f"run{number}") for number in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    for table in ("articles", "sightings", "rejects"):
        assert rows_of(str(tmp_path), table) == rows_of(str(example), table)


needs_data = pytest.mark.skipif(not DATA.exists(), reason="the shared data is not here")


@needs_data
def test_the_users_own_article(tmp_path: Path) -> None:
    ingest(tmp_path, "--input", str(DATA / "article_us_russia_talks.txt"))
    (row,) = rows_of(str(tmp_path), "articles")
    assert row["title"] == "US and Russia talks possible soon regarding the Ukrainian conflict"
    assert len(row["description"].splitlines()) == 3
    assert len(row["body"].split("\n\n")) == 3
    assert row["credit"] == "US-Russia talks could happen on Sunday or early next week: Kremlin"
    assert row["published_at"] is None
    assert "Post a Comment" not in row["body"] + row["description"]
    assert {"Vladimir Putin", "Ukraine", "Riyadh"} <= {entity["name"] for entity in row["entities"]}


@pytest.mark.slow
@needs_data
def test_real_feeds(tmp_path: Path) -> None:
    feeds = ["--input", str(DATA / "feeds_real/captured_2026-02-18/*.xml"), "--as_of", "2026-02-18T12:00:00Z"]
    counts = ingest(tmp_path, *feeds)["counts"]
    assert counts["documents"] == 35
    data = [path.read_bytes() for path in DATA.glob("feeds_real/captured_2026-02-18/*.xml")]
    listed = [len(re.findall(rb"<(?:[a-z]+:)?(?:item|entry)[ >]", feed)) for feed in data if not feed.startswith(b"{")]
    listed += [len(json.loads(feed)["items"]) for feed in data if feed.startswith(b"{")]
    assert counts["reads"] == sum(outcomes(counts).values()) == sum(listed) == 1_457
    assert counts["rejects"] == 0
    again = ingest(tmp_path, *feeds, run_id="again")
    assert again["counts"]["repeats"] == counts["reads"]
    assert not {"articles", "sightings", "rejects"} & set(again["tables"])


def test_the_local_runner_is_the_one_in_this_process(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = IngestOptions([str(ROOT / "examples/wire.jsonl")], [], str(tmp_path), "run", READ_AT)
    with caplog.at_level(logging.DEBUG):
        run_ingest(options)
    runners = [record.message for record in caplog.records if record.name == "apache_beam.runners.direct.direct_runner"]
    assert not any("Prism" in message for message in runners)
    assert any(record.name.startswith("apache_beam.runners.portability.fn_api_runner") for record in caplog.records)
