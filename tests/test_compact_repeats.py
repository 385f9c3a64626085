import pyarrow as pa
import pytest

from schemas.keys import DATASET_TABLES, SIGNATURES
from schemas.tables import ARTICLES, REJECTS, SIGHTINGS, Table
from tests.dataset import rows
from transforms.compact.repeats import RepeatFilter
from transforms.compact.runs import full_order

A = {"article_id": "a", "published_at": 5, "version": 1, "content_hash": "x"}


@pytest.mark.parametrize(
    ("table", "given", "kept"),
    [
        pytest.param(ARTICLES, [A, A], [0], id="the-same-article-twice"),
        pytest.param(ARTICLES, [A, A, A], [0], id="three-times"),
        pytest.param(ARTICLES, [A, A | {"run_id": "r2", "ingested_at": 9}], [0], id="stored-by-another-run"),
        pytest.param(ARTICLES, [A, A | {"version": 2}], [0, 1], id="another-version"),
        pytest.param(ARTICLES, [A, A | {"content_hash": "y"}], [0, 1], id="another-text"),
        pytest.param(ARTICLES, [A | {"published_at": None}, A | {"published_at": None}], [0], id="null-equals-null"),
        pytest.param(ARTICLES, [A, A | {"published_at": None}], [0, 1], id="null-equals-nothing-else"),
        pytest.param(SIGHTINGS, [{"relation": "original"}, {"relation": "reverted"}], [0, 1], id="another-relation"),
        pytest.param(SIGHTINGS, [{"first_seen_at": 1}, {"first_seen_at": 2}], [0, 1], id="reverted-again"),
        pytest.param(SIGHTINGS, [{"url": None}, {"url": None}], [0], id="sighting-twice"),
        pytest.param(REJECTS, [{"payload": b"p", "first_seen_at": 1}, {"payload": b"p"}], [0], id="reject-twice"),
        pytest.param(REJECTS, [{"payload": b"p"}, {"payload": b"q"}], [0, 1], id="another-payload"),
        pytest.param(SIGNATURES, [{"article": 1}, {"article": 1}], [0, 1], id="signatures-are-left-alone"),
        pytest.param(ARTICLES, [], [], id="no-rows"),
    ],
)
@pytest.mark.parametrize("size", [1, 10], ids=["across-pieces", "within-a-piece"])
def test_repeats(table: Table, given: list[dict[str, object]], kept: list[int], size: int) -> None:
    whole = rows(table, given, leave_out=())
    repeats = RepeatFilter(table)
    pieces = [whole.slice(at, size) for at in range(0, whole.num_rows, size)]
    left = pa.concat_tables([whole.slice(0, 0), *repeats.apply(pieces)])
    assert left.to_pylist() == [whole.slice(row, 1).to_pylist()[0] for row in kept]
    assert repeats.dropped == len(given) - len(kept)


@pytest.mark.parametrize("table", DATASET_TABLES, ids=lambda table: table.name)
def test_the_full_order_begins_with_that_of_the_table(table: Table) -> None:
    order = full_order(table)
    assert tuple(order[: len(table.sort)]) == table.sort
    assert set(order) <= set(table.schema.names)
    assert len(set(order)) == len(order)
