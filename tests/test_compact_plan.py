import math
from pathlib import Path

import pytest

from schemas.keys import DATASET_TABLES
from tests.dataset import NOON, add_articles
from transforms.compact.plan import FILE_BYTES, MIB, Choice, Join, StoredFile, choose, plan_joins

AFTER, ALL = Choice(3, 4.0), Choice(2, math.inf)


@pytest.mark.parametrize(
    ("sizes", "choice", "chosen"),
    [
        pytest.param([], ALL, [], id="no-file"),
        pytest.param([5], ALL, [], id="one-file"),
        pytest.param([5, 6], ALL, [5, 6], id="two-files"),
        pytest.param([5], Choice(1, math.inf), [5], id="one-file-if-wanted"),
        pytest.param([5, 5], AFTER, [], id="too-few"),
        pytest.param([5, 6, 7], AFTER, [5, 6, 7], id="enough"),
        pytest.param([127 * MIB, 1], ALL, [127 * MIB, 1], id="any-small-file"),
        pytest.param([128 * MIB, 1, 2], ALL, [1, 2], id="a-large-file-stays"),
        pytest.param([100, 5, 5, 5], AFTER, [5, 5, 5], id="not-with-much-smaller-ones"),
        pytest.param([60, 5, 5, 5], AFTER, [60, 5, 5, 5], id="four-times-as-large"),
        pytest.param([1000, 100, 5, 5, 5], AFTER, [5, 5, 5], id="two-left-out"),
        pytest.param([1000, 100, 5, 5], AFTER, [], id="too-few-of-a-size"),
        pytest.param([0, 0, 0], AFTER, [0, 0, 0], id="no-bytes"),
    ],
)
def test_choose(sizes: list[int], choice: Choice, chosen: list[int]) -> None:
    found = [StoredFile(f"part-{i}", size, 0.0) for i, size in enumerate(sizes)]
    assert [file.size for file in choose(found, choice)] == chosen


@pytest.mark.parametrize(
    ("total", "outputs"), [(0, 1), (1, 1), (FILE_BYTES, 1), (FILE_BYTES + 1, 2), (600 * MIB, 2), (10_000 * MIB, 23)]
)
def test_joined_files_have_128_to_512_mb(total: int, outputs: int) -> None:
    join = Join(DATASET_TABLES[0], "", (StoredFile("", total, 0.0),))
    assert join.outputs == outputs
    assert total / outputs < 512 * MIB
    assert outputs == 1 or total / outputs > 128 * MIB


def test_plan_is_of_dated_tables_and_date_folders(tmp_path: Path) -> None:
    output = str(tmp_path)
    for i in range(2):
        add_articles(output, f"r{i}", range(i * 3, i * 3 + 3), NOON + i)
    (file, *_) = (tmp_path / "articles").rglob("*.parquet")
    for place in ("articles/backup/date=2025-03-20", "articles/date=soon", "_keys/exact"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        for name in ("a", "b"):
            (tmp_path / place / f"{name}.parquet").write_bytes(file.read_bytes())
    (tmp_path / "articles/date=2025-03-20/notes.txt").write_text("no table")
    joins = plan_joins(output, DATASET_TABLES, ALL)
    assert [join.folder for join in joins] == [f"articles/date=2025-03-{day}" for day in (20, 21, 22)]
    assert [len(join.files) for join in joins] == [2, 2, 2]
    assert {join.table.name for join in joins} == {"articles"}
