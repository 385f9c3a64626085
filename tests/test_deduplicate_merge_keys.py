"""Which key files a commit joins, and what becomes of their rows."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.keys import DATASET_TABLES, EXACT
from schemas.lines import LINE_ROWS, LINES
from tests.make import READ_AT
from transforms.boilerplate.window import ARTICLES, keep_newest, lines_table, newest_of_sorted
from transforms.deduplicate.stored.merge_keys import MANY_FILES, choose, merge_keys
from transforms.deduplicate.stored.remembered import EXACT_ROWS, to_table
from transforms.write.commit import commit
from transforms.write.sorted_rows import to_rows
from transforms.write.staging import begin
from transforms.write.stored import list_files, open_stored, read_stored
from transforms.write.write_table import write_file

FEW = MANY_FILES - 1

CHOICES: dict[str, tuple[list[int], int, list[int]]] = {
    "few files": ([5] * FEW, 100, []),
    "many of a size": ([5] * MANY_FILES, 5, [5] * MANY_FILES),
    "a large one is left alone": ([5] * FEW + [5 * FEW + 6], 5, [5] * FEW),
    "it is joined with as much": ([5] * FEW + [5 * FEW + 5], 5, [5] * FEW + [5 * FEW + 5]),
    "one at least": ([10 * 3**n for n in range(MANY_FILES)], 1, [10]),
    "a large run": ([1] * MANY_FILES, 1000, [1] * MANY_FILES),
}


@pytest.mark.parametrize(("stored", "new", "joined"), CHOICES.values(), ids=CHOICES)
def test_files_to_join(stored: list[int], new: int, joined: list[int]) -> None:
    sizes = {f"{number}": size for number, size in enumerate(stored)}
    assert [sizes[path] for path in choose(sizes, new)] == joined


def test_many_small_commits_write_each_row_anew_a_few_times() -> None:
    sizes: dict[str, int] = {}
    written = 0
    for number in range(2_000):
        size = 1
        for path in choose(sizes, 1):
            size += sizes.pop(path)
        sizes[str(number)] = size
        written += size
        assert len(sizes) <= MANY_FILES
    assert sum(sizes.values()) == 2_000
    assert written < 2_000 * 6


def commit_keys(output: str, run_id: str, *parts: np.ndarray) -> None:
    with begin(output, run_id, READ_AT) as run:
        for part, rows in enumerate(parts):
            write_file(EXACT, ("", 0, part), to_table(rows, EXACT), run)
        commit(run, DATASET_TABLES, {"run_id": run_id}, [merge_keys])


def keys(*given: int) -> np.ndarray:
    rows = np.zeros(len(given), EXACT_ROWS)
    rows["key"] = given
    return rows


def stored_keys(output: str) -> list[list[int]]:
    return [read_stored(path)["key"].to_pylist() for path in list_files(output, EXACT.name)]


def test_the_parts_of_a_run_become_one_file(tmp_path: Path) -> None:
    commit_keys(str(tmp_path), "one", keys(9, 1), keys(5), keys(7, 2))
    assert stored_keys(str(tmp_path)) == [[1, 2, 5, 7, 9]]


def test_joined_files_are_one_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.deduplicate.stored.merge_keys.MANY_FILES", 3)
    monkeypatch.setattr("transforms.write.merge.MERGE_BYTES", 1_000)
    monkeypatch.setattr("transforms.write.row_groups.ROW_GROUP_ROWS", 64)
    given = np.random.default_rng(3).permutation(np.arange(1, 401)).reshape(4, 100)
    for number, part in enumerate(given.tolist()):
        commit_keys(str(tmp_path), f"r{number}", keys(*part))
    assert stored_keys(str(tmp_path)) == [list(range(1, 401))]
    (path,) = list_files(str(tmp_path), EXACT.name)
    with open_stored(path) as file:
        assert file.metadata.num_row_groups == 7
        assert file.metadata.row_group(0).sorting_columns[0].column_index == 0
        assert file.metadata.row_group(0).column(0).has_column_index


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_lines_of_the_newest_articles_are_kept_wherever_the_pieces_end(size: int) -> None:
    rows = np.zeros(3 * (ARTICLES + 20), LINE_ROWS)
    rows["origin"], rows["day"] = np.arange(len(rows)) % 3 * (np.arange(len(rows)) % 5 > 0), np.arange(len(rows)) // 3
    rows["article"] = rows["day"] % 7 + rows["day"] // 50
    rows = rows[np.lexsort([rows[name] for name in reversed(LINES.sort)])]
    pieces = [lines_table(rows[at : at + size]) for at in range(0, len(rows), size)]
    kept = to_rows(pa.concat_tables(newest_of_sorted(pieces)), LINE_ROWS)
    assert kept.tolist() == keep_newest(rows).tolist()
    assert 0 < len(kept) < len(rows)
