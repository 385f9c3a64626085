from pathlib import Path
from typing import Any

import pytest

from schemas.cursors import CURSORS, Cursor
from schemas.keys import DATASET_TABLES
from tests.dataset import NOON
from transforms.write.commit import commit
from transforms.write.cursors_table import cursors_table, gone, merge_cursors, read_cursors, replace_cursors
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

TOPIC = "kafka://127.0.0.1:9092/news"

CASES = {
    "nothing": ([], [], {}),
    "first": ([], [("0", 5)], {"0": 5}),
    "not moved": ([("0", 5)], [], {"0": 5}),
    "moved": ([("0", 5), ("1", 3)], [("0", 9)], {"0": 9, "1": 3}),
    "moved back": ([("0", 5)], [("0", 2)], {"0": 2}),
    "the last of several moves": ([], [("0", 5), ("0", 9), ("0", 7)], {"0": 9}),
    "gone": ([("0", 5), ("1", 3)], [("0", ~5)], {"1": 3}),
    "gone and not there": ([("1", 3)], [("0", ~5)], {"1": 3}),
    "gone, but replaced before": ([("0", 6)], [("0", ~5)], {"0": 6}),
    "gone, and back": ([("0", 5)], [("0", ~5), ("0", 4)], {"0": 4}),
}


def cursors(given: list[tuple[str, int]]) -> list[Cursor]:
    return [Cursor(TOPIC, item, position) for item, position in given]


@pytest.mark.parametrize(("stored", "moved", "expected"), CASES.values(), ids=CASES)
def test_merge(stored: list[Any], moved: list[Any], expected: dict[str, int]) -> None:
    rows = merge_cursors(cursors_table(cursors(stored)), cursors_table(cursors(moved))).to_pylist()
    assert {row["item"]: row["position"] for row in rows} == expected
    assert len(rows) == len(expected)


def test_of_equal_sizes_the_file_changed_last_counts() -> None:
    moved = [Cursor("in/*", "a", 5, 9), Cursor("in/*", "a", 5, 3), Cursor("in/*", "a", 5)]
    (row,) = merge_cursors(cursors_table([]), cursors_table(moved)).to_pylist()
    assert row["modified"].microsecond == 9


def test_an_item_is_of_one_source() -> None:
    stored = [Cursor("in/*", "0", 5), Cursor(TOPIC, "0", 5)]
    rows = merge_cursors(cursors_table(stored), cursors_table([Cursor(TOPIC, "0", 9)])).to_pylist()
    assert [(row["source"], row["position"]) for row in rows] == [("in/*", 5), (TOPIC, 9)]


def test_a_file_that_came_back_is_not_gone() -> None:
    stored = cursors_table([Cursor("in/*", "a", 5, 9)])
    assert merge_cursors(stored, cursors_table([gone(Cursor("in/*", "a", 5, 3))])).num_rows == 1
    assert merge_cursors(stored, cursors_table([gone(Cursor("in/*", "a", 5, 9))])).num_rows == 0


def commit_cursors(output: str, run_id: str, *moved: Cursor) -> dict[str, Any]:
    with begin(output, run_id, NOON) as run:
        if moved:
            write_file(CURSORS, ("", 0, 0), cursors_table(moved), run)
        return commit(run, DATASET_TABLES, {}, [replace_cursors])


def test_a_commit_leaves_one_file_and_a_source_finds_its_own(tmp_path: Path) -> None:
    output = str(tmp_path)
    assert read_cursors(output, "in/*") == []
    commit_cursors(output, "r1", Cursor("in/*", "in/a", 5, 1_000_001), Cursor(TOPIC, "0", 1))
    commit_cursors(output, "r2", Cursor("in/*", "in/b", 7, 2), Cursor(TOPIC, "0", 2))
    assert commit_cursors(output, "r3")["tables"] == {}
    assert len(list_files(output, CURSORS.name)) == 1
    assert read_cursors(output, "in/*") == [Cursor("in/*", "in/a", 5, 1_000_001), Cursor("in/*", "in/b", 7, 2)]
    assert read_cursors(output, TOPIC) == [Cursor(TOPIC, "0", 2)]
