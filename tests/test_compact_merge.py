import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from transforms.write.merge import merge_sorted, sort_rows

ORDER = ["key", "name"]


def random_rows(seed: int, count: int, keys: int) -> pa.Table:
    chooser = np.random.default_rng(seed)
    key = pa.array(chooser.integers(keys, size=count), mask=chooser.random(count) < 0.1)
    name = pa.array(chooser.choice(["a", "bc", "d"], count))
    return pa.table({"key": key, "name": name, "place": pa.array(np.arange(count) + seed * 1_000_000)})


def batches(rows: pa.Table, size: int) -> list[pa.Table]:
    return [rows.slice(at, size) for at in range(0, rows.num_rows, size)]


@pytest.mark.parametrize("held_bytes", [1, 500, 10**6])
@pytest.mark.parametrize("sizes", [(0,), (7,), (100, 3, 0), (50, 50, 50, 50), (300, 1, 1)], ids=str)
@pytest.mark.parametrize("keys", [1, 5, 10**6], ids=lambda keys: f"{keys}-keys")
def test_merging_is_sorting_all(sizes: tuple[int, ...], keys: int, held_bytes: int) -> None:
    runs = [sort_rows(random_rows(seed, count, keys), ORDER) for seed, count in enumerate(sizes)]
    merged = list(merge_sorted([iter(batches(run, 8)) for run in runs], ORDER, held_bytes))
    expected = sort_rows(pa.concat_tables(runs), ORDER)
    assert pa.concat_tables([expected.slice(0, 0), *merged]).to_pylist() == expected.to_pylist()


def test_equal_rows_keep_the_order_of_their_runs() -> None:
    runs = [random_rows(seed, 20, 1).set_column(1, "name", pa.array(["a"] * 20)).drop_null() for seed in range(3)]
    merged = pa.concat_tables(merge_sorted([iter(batches(run, 3)) for run in runs], ORDER, 1))
    places = merged["place"].to_pylist()
    assert places == sorted(places)
    assert len(places) == sum(run.num_rows for run in runs)


def test_only_a_share_of_long_runs_is_read_ahead() -> None:
    rows = sort_rows(random_rows(0, 10_000, 10**6), ORDER)
    runs = [batches(rows, 100) for _ in range(4)]
    read = [0] * 4

    def counted(number: int):  # type: ignore[no-untyped-def]
        for batch in runs[number]:
            read[number] += batch.num_rows
            yield batch

    merged = merge_sorted([counted(i) for i in range(4)], ORDER, rows.nbytes // 10)
    given = ahead = 0
    for piece in merged:
        given += piece.num_rows
        ahead = max(ahead, sum(read) - given)
    assert given == 40_000
    assert ahead < 2_000


def test_nulls_sort_last() -> None:
    rows = sort_rows(pa.table({"key": [None, 2, 1], "name": ["a", None, "b"]}), ORDER)
    assert rows["key"].to_pylist() == [1, 2, None]
    assert pc.is_null(rows["name"]).to_pylist() == [False, True, False]
