import re

import pytest

from schemas.errors import UsageError
from tests.dataset import NOON
from transforms.write.run import check_run_id, new_run_id, staged_path, target_of


@pytest.mark.parametrize("run_id", ["r", "2025-03-22T10.15", "a_b", "-", "x" * 100])
def test_run_id_that_can_name_a_file(run_id: str) -> None:
    assert check_run_id(run_id) == run_id


@pytest.mark.parametrize(
    "run_id",
    ["", "../up", "a/b", "/etc", "a\\b", ".hidden", "_staging", "a b", "a\n", "ä", "a\0", "*", "x" * 101],
    ids=repr,
)
def test_run_id_that_cannot(run_id: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(run_id)[:100])):
        check_run_id(run_id)


def test_new_run_ids_differ_sort_by_time_and_are_valid() -> None:
    first, second, later = new_run_id(NOON), new_run_id(NOON), new_run_id(NOON + 1_000_000)
    assert first.startswith("20250322T120000Z-")
    assert first != second
    assert later > max(first, second)
    assert check_run_id(first) == first


@pytest.mark.parametrize("target", ["articles/date=2025-03-22/part-r1-0-0.parquet", "_keys/exact/part-a%2Fb.parquet"])
def test_a_staged_path_lies_in_the_staging_folder_and_leads_back(target: str) -> None:
    path = staged_path("out/_staging/r1-0", target)
    assert path.rpartition("/")[0] == "out/_staging/r1-0"
    assert not path.endswith(".parquet")
    assert target_of(path) == target
