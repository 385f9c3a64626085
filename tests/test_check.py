"""A check finds each kind of damage; a repair leaves the dataset sound, and ingests go on as if nothing had been."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.check import check_dataset, repair_dataset
from pipelines.command import main
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.tables import SCHEMA_VERSION, STORY_JOINS
from tests.damages import DAMAGES, edited, one, without, without_keys, wrong_date_in_place
from tests.dataset import CLEAN
from tests.make import READ_AT
from tests.runs import rows_of
from tests.small_dataset import ingest, make_dataset, make_inputs, tables
from transforms.write.commit import commit
from transforms.write.staging import begin
from transforms.write.write_table import write_file


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_inputs(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.getbasetemp())


@pytest.fixture
def output(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "out")
    return tmp_path / "out"


def problems(output: Path) -> str:
    return "\n".join(f"{p.where}: {p.what}" for p in check_dataset(str(output)).damage)


def test_the_dataset_has_something_of_everything(made: Path) -> None:
    found = tables(made)
    assert {row["relation"] for row in found["sightings"]} == {
        "original", "same_url", "same_text", "near_duplicate", "reverted",
    }  # fmt: skip
    assert {row["version"] for row in found["articles"]} == {1, 2}
    assert len(found["rejects"]) == 1


def test_a_sound_dataset_is_sound(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(made)]) == 0
    assert f"{made} is sound" in capsys.readouterr().out


def test_nothing_to_repair_changes_nothing(output: Path) -> None:
    before = sorted(output.rglob("*"))
    assert main(["check", str(output), "--repair"]) == 0
    assert sorted(output.rglob("*")) == before


@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_said_and_repaired(output: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(output)
    assert said in problems(output)
    repair_dataset(str(output), READ_AT)
    assert problems(output) == ""


def loses_rows(name: str) -> bool:
    return name.startswith(("a lost", "a cut file", "a flipped bit", "a page gone"))


@pytest.mark.parametrize("name", [name for name in DAMAGES if not loses_rows(name)])
def test_a_repair_loses_no_row_that_can_be_read(name: str, output: Path, made: Path) -> None:
    DAMAGES[name][0](output)
    repair_dataset(str(output), READ_AT)
    assert tables(output) == tables(made)


@pytest.fixture(scope="module")
def went_on(made: Path, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset that nothing happened to, after a run that brings news."""
    output = tmp_path_factory.mktemp("went-on") / "out"
    shutil.copytree(made, output)
    ingest(output, inputs / "later" / "*", "r5")
    return output


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["no keys", "no versions of a run", "no exact keys of a run", "rows under the wrong date"]
)
def test_a_run_over_a_repaired_dataset_adds_what_it_would_have(
    name: str, output: Path, made: Path, went_on: Path, inputs: Path
) -> None:
    DAMAGES[name][0](output)
    repair_dataset(str(output), READ_AT)
    counts = ingest(output, inputs / "[123]" / "*", "r4")
    assert counts["repeats"] + counts["rejects"] == counts["reads"]
    assert tables(output) == tables(made)
    ingest(output, inputs / "later" / "*", "r5")
    assert tables(output) == tables(went_on)
    assert problems(output) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a cut file", "a lost file of sightings", "a lost file of rejects", "a lost row of rejects"]
)
def test_lost_rows_come_back_with_their_source(name: str, output: Path, made: Path, inputs: Path) -> None:
    DAMAGES[name][0](output)
    repair_dataset(str(output), READ_AT)
    ingest(output, inputs / "1" / "*", "r4")
    for table, columns in (
        ("articles", ("article_id", "content_hash")),
        ("sightings", ("article_id", "source")),
        ("rejects", ("reason", "source")),
    ):
        before, now = ({tuple(row[c] for c in columns) for row in tables(o)[table]} for o in (made, output))
        assert now == before
    assert problems(output) == ""


def test_nothing_is_deleted(output: Path) -> None:
    path = one(output, "articles/*/part-r1-*.parquet")
    (output / "articles/notes.csv").write_text("mine")
    path.write_bytes(b"cut")
    repair_dataset(str(output), READ_AT)
    moved = {file.relative_to(output).parts[2:]: file.read_bytes() for file in output.glob("_quarantine/*/**/*.*")}
    assert moved[("articles", "notes.csv")] == b"mine"
    assert moved[path.relative_to(output).parts] == b"cut"
    assert not path.exists()


def test_a_count_that_does_not_add_up_is_said_and_stays(output: Path) -> None:
    with edited(output / "_manifests/r1.json") as manifest:
        manifest["counts"]["repeats"] += 1
    assert main(["check", str(output), "--repair"]) == 1
    assert "counts do not add up" in problems(output)


def test_what_a_check_says_in_json(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_keys(output)
    assert main(["check", str(output), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["sound"]
    assert {"where": EXACT.name} in [{"where": problem["where"]} for problem in said["problems"]]


def test_a_backfill_that_has_not_ended_is_no_damage(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / "_manifests/_backfill-1").write_text('{"run_id": "b1"}')
    assert main(["check", str(output)]) == 0
    assert "run b1 has not read all of its input" in capsys.readouterr().out


def test_a_join_of_a_story_that_is_not_stored_is_said(output: Path) -> None:
    stored = tables(output)["articles"][0]["story_id"]
    ids = {"story_id": stored, "joined_to": "0123456789abcdef", "article_id": stored}
    others = {"published_at": None, "score": 1.0, "first_seen_at": 0}
    with begin(str(output), "r9", READ_AT) as run:
        write_file(STORY_JOINS, ("", 0, 0), pa.table({name: [value] for name, value in (ids | others).items()}), run)
        commit(run, [STORY_JOINS], {"run_id": "r9"})
    assert [line.partition(": ")[2] for line in problems(output).splitlines()] == [
        "1 row with a joined_to that is not stored"
    ]


def test_a_compaction_does_not_hide_that_keys_are_gone(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without("_keys/exact/*.parquet")(output)
    assert main(["compact", str(output)]) == 1
    assert "_keys: 1 file missing" in capsys.readouterr().err


def test_a_commit_that_goes_on_is_no_damage(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are there before its manifest is; a check that meets them waits, and looks again."""
    manifest = output / "_manifests/r3.json"
    committed = manifest.read_bytes()
    manifest.unlink()

    @contextmanager
    def commit_ends(_: str) -> Iterator[None]:
        manifest.write_bytes(committed)
        yield

    monkeypatch.setattr("pipelines.check.hold_dataset", commit_ends)
    assert problems(output) == ""


def test_no_dataset_is_no_sound_one(tmp_path: Path) -> None:
    assert main(["check", str(tmp_path)]) == 2


@pytest.mark.parametrize("command", [["check"], ["check", "--repair"], ["ingest", "--input", __file__, "--output"]])
@pytest.mark.parametrize("pattern", ["articles/*/*", "sightings/*/*", "_keys/exact/*", "_keys/signatures/*/*"])
def test_a_newer_file_is_refused_by_name(
    command: list[str], pattern: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = one(output, pattern + ".parquet")
    rows = pq.read_table(path, partitioning=None)
    version = {b"schema_version": str(SCHEMA_VERSION + 1).encode()}
    pq.write_table(rows.replace_schema_metadata((rows.schema.metadata or {}) | version), path)
    before = {file: file.read_bytes() for file in output.rglob("*") if file.is_file() and file.name != "_lock"}
    assert main([*command, str(output)]) == 1
    assert f"{path}: the stored file has schema_version {SCHEMA_VERSION + 1}" in capsys.readouterr().err
    assert before == {file: file.read_bytes() for file in output.rglob("*") if file.is_file() and file.name != "_lock"}


REFUSED = (
    "a cut file", "another's Parquet file", "no keys", "a cut key file", "keys in disorder",
    "lines that cannot be read", "no manifest at all", "a cursor that cannot be read", "an intent that cannot be read",
    "no exact keys of a run", "no versions of a run", "no signatures of a day", "an intent without its files",
    "an intent that lacks something",
)  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_ingest_over_damage_is_refused_and_says_the_way_out(
    name: str, output: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    DAMAGES[name][0](output)
    before = {path: path.read_bytes() for path in output.rglob("*.parquet")}
    assert main(["ingest", "--input", str(inputs / "later" / "*"), "--output", str(output)]) == 1
    assert f"dateline check {output} says what is wrong, --repair puts it right" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in output.rglob("*.parquet")}


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(5))
def test_a_repair_that_is_killed_is_done_by_the_next(moment: int, output: Path, made: Path) -> None:
    wrong_date_in_place(output)
    without_keys(output)
    process = CLEAN.Process(target=repair_dataset, args=(str(output), READ_AT))
    process.start()
    process.join(0.05 + 0.15 * moment)
    process.kill()
    process.join()
    repair_dataset(str(output), READ_AT)
    assert problems(output) == ""
    assert tables(output) == tables(made)


def test_signatures_made_anew_are_those_that_were_there(output: Path, made: Path) -> None:
    without_keys(output)
    repair_dataset(str(output), READ_AT)
    for table in (EXACT, VERSIONS, SIGNATURES):
        before, now = (rows_of(str(folder), table.name, ()) for folder in (made, output))
        assert {repr(row) for row in now} == {repr(row) for row in before}
