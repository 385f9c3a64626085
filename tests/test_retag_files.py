"""Which files a retag reads, and what it takes of their rows."""

import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.tables import ARTICLES, TAGS
from tests.dataset import DAYS, NOON, add_articles, contents, rows
from tests.runs import untagged
from transforms.compact.plan import list_stored
from transforms.retag import find_stale, swap
from transforms.retag.plan import Days, Stale
from transforms.retag.retag import cut, read_rows, without_tags
from transforms.write.commit import commit
from transforms.write.run import pipeline_version
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

FIRST, SECOND, THIRD = map(date.fromisoformat, DAYS)


@pytest.fixture
def output(tmp_path: Path) -> str:
    """Six articles over three days, in row groups of one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.write.parquet.ROW_GROUP_ROWS", 1)
        add_articles(str(tmp_path), "r1", range(6))
    return str(tmp_path)


def days_of(stale: list[Stale]) -> list[str]:
    return [file.day for file in stale]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param((date.min, date.max), DAYS, id="all"),
        pytest.param((SECOND, SECOND), DAYS[1:2], id="one"),
        pytest.param((SECOND, date.max), DAYS[1:], id="from"),
        pytest.param((date.min, date(2025, 3, 19)), (), id="none"),
    ],
)
def test_files_of_days(output: str, days: Days, expected: tuple[str, ...]) -> None:
    assert days_of(find_stale(output, "9.9", days)) == [*expected]
    assert find_stale(output, pipeline_version(), days) == []
    assert days_of(find_stale(output, pipeline_version(), days, again=True)) == [*expected]


def test_a_file_of_two_versions_is_stale(output: str) -> None:
    both = rows(
        ARTICLES, [{"pipeline_version": "0.0"}, {"pipeline_version": pipeline_version()}], ("ingested_at", "run_id")
    )
    with begin(output, "r2", NOON + 1) as run:
        write_file(ARTICLES, (DAYS[1], 0, 0), both, run)
        commit(run, [ARTICLES], {"run_id": "r2"}, own_rows=False)
    assert days_of(find_stale(output, pipeline_version())) == [DAYS[1]]


@pytest.mark.parametrize("folder", ["backup/date=2025-03-20", "date=soon"])
def test_files_in_other_folders_are_left_alone(output: str, folder: str) -> None:
    before = find_stale(output, "9.9")
    other = Path(output, ARTICLES.name, folder)
    other.mkdir(parents=True)
    shutil.copy(before[0].file.path, other)
    assert find_stale(output, "9.9") == before


def test_a_file_that_is_gone_has_no_rows(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = list_stored(f"{output}/{ARTICLES.name}")
    Path(listed[0].path).unlink()
    monkeypatch.setattr("transforms.compact.plan.list_stored", lambda _: listed)
    assert [file.rows for file in find_stale(output, "9.9")] == [0, 2, 2]


def test_row_groups_become_files(output: str) -> None:
    before, stale = contents(output), find_stale(output, "9.9")
    assert [file.row_groups for file in stale] == [2, 2, 2]
    with begin(output, "t1", NOON + 1) as run:
        for key, found in (group for piece in cut(stale) for group in read_rows(piece, run.staging)):
            write_file(ARTICLES, key, untagged((key, found))[1], run)
        manifest = commit(run, [ARTICLES], {"run_id": "t1"}, [partial(swap, stale=stale)], own_rows=False)
    assert manifest["retagged"] == {"files": 3, "rows": 6, "days": [*DAYS], "missed": []}
    assert len(list_files(output, ARTICLES.name)) == 6
    assert contents(output) == before


@pytest.mark.parametrize(
    ("flags", "kept"),
    [
        pytest.param([[], ["gazetteer_entities"]], [[], []], id="of-tags"),
        pytest.param(
            [["undated", "gazetteer_entities", "no_text"], ["undated"]],
            [["undated", "no_text"], ["undated"]],
            id="mixed",
        ),
        pytest.param([], [], id="no-rows"),
    ],
)
def test_rows_without_tags(flags: list[list[str]], kept: list[list[str]]) -> None:
    tagged = rows(ARTICLES, [{"quality_flags": row, "topics": [{"id": "medtop:1"}]} for row in flags], ())
    plain = without_tags(pa.concat_tables([tagged, tagged]))
    assert plain["quality_flags"].to_pylist() == kept * 2
    assert {*ARTICLES.schema.names} - {*plain.schema.names} == {*TAGS, "pipeline_version"}
