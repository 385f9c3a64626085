"""Tables in, tables with three more columns out; and the transform that does it in a pipeline."""

import pickle
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.ml.inference.base import RunInference
from apache_beam.testing.util import assert_that, equal_to

from schemas.errors import UsageError
from schemas.tables import ARTICLES
from tests import tagging
from transforms.tag.models.infer import TagModel
from transforms.tag.tag import Tag
from transforms.tag.tagger import BATCH, Tagger, load_tagger, tag_table

SCHEMA = tagging.SCHEMA.insert(0, pa.field("article_id", pa.string()))


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def table(titles: list[str | None]) -> pa.Table:
    """Articles with these titles and no more text, numbered."""
    count = len(titles)
    nulls = pa.nulls(count, pa.string())
    numbers, language = [str(number) for number in range(count)], ["en"] * count
    return pa.Table.from_arrays([numbers, titles, nulls, nulls, language, [[]] * count, [[]] * count], schema=SCHEMA)


def names(tagged: pa.Table) -> list[list[str]]:
    return [[entity["name"] for entity in row] for row in tagged["entities"].to_pylist()]


@pytest.mark.parametrize(
    "titles",
    [
        pytest.param([], id="no-rows"),
        pytest.param([None], id="a-null-title"),
        pytest.param(["Paris", None, "", "Rome"], id="rows-with-and-without"),
        pytest.param(["Paris"] * (BATCH + 1), id="more-than-a-batch"),
    ],
)
def test_columns_are_appended(tagger: Tagger, titles: list[str | None]) -> None:
    tagged = tag_table(table(titles), tagger)
    assert tagged.column_names == [*SCHEMA.names, "entities", "places", "topics"]
    assert [tagged.schema.field(n).type for n in tagged.column_names[-3:]] == [
        ARTICLES.schema.field(n).type for n in tagged.column_names[-3:]
    ]
    assert tagged.select(SCHEMA.names).equals(table(titles))
    assert names(tagged) == [[title] if title else [] for title in titles]
    tagged.validate(full=True)


def test_chunks_and_slices_make_no_difference(tagger: Tagger) -> None:
    whole = table(["Paris and Rome", "🎈 Oslo", "Kremlin", "Voters go to the polls in tight election", None])
    chunked = pa.concat_tables([whole.slice(0, 2), whole.slice(2, 1), whole.slice(3)])
    assert tag_table(chunked, tagger).equals(tag_table(whole, tagger))
    assert tag_table(whole.slice(1, 3), tagger).equals(tag_table(whole, tagger).slice(1, 3))


def test_a_tagged_table_is_not_much_larger_for_beam(tagger: Tagger) -> None:
    given = table(["a title without a name " * 40] * (4 * BATCH))
    assert len(pickle.dumps(tag_table(given, tagger))) < 2 * len(pickle.dumps(given))


def test_a_row_is_tagged_alike_in_any_company(tagger: Tagger) -> None:
    titles: list[str | None] = ["Macron in Berlin", "Apple", "iPhone sales", "Georgia", "Tbilisi calling", "🛰 NASA"]
    together = tag_table(table(titles), tagger).select(["entities", "places", "topics"]).to_pylist()
    alone = [
        tag_table(table([title]), tagger).select(["entities", "places", "topics"]).to_pylist()[0] for title in titles
    ]
    assert together == alone


@pytest.mark.parametrize(
    ("profile", "language", "flagged"),
    [
        pytest.param("fast", "en", False, id="english"),
        pytest.param("fast", "und", False, id="unknown"),
        pytest.param("fast", "fr", True, id="another-language"),
        pytest.param("gazetteer", "en", True, id="no-model"),
    ],
)
def test_rows_that_no_model_reads_are_flagged(profile: str, language: str, flagged: bool) -> None:
    given = table(["Paris"])
    given = given.set_column(4, "language", pa.array([language]))
    given = given.set_column(
        6, SCHEMA.field("quality_flags"), pa.array([["undated"]], SCHEMA.field("quality_flags").type)
    )
    flags = tag_table(given, load_tagger(profile))["quality_flags"].to_pylist()[0]
    assert flags == (["gazetteer_entities", "undated"] if flagged else ["undated"])


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError, match="'quick'"):
        load_tagger("quick")


def test_other_taggers_fit() -> None:
    class NoTopics:
        def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
            return pa.array([[]] * batch.num_rows, ARTICLES.schema.field("topics").type)

    given = load_tagger()
    tagged = tag_table(table(["Voters go to the polls"]), Tagger(given.entities, given.places, NoTopics()))
    assert tagged["topics"].to_pylist() == [[]]


@pytest.mark.parametrize(
    "tag", [pytest.param(Tag(), id="fast"), pytest.param(RunInference(TagModel(load_tagger)), id="as-a-model")]
)
def test_tag_keeps_keys(tag: beam.PTransform[Any, Any]) -> None:
    groups = [(("2025-03-21", "a"), table(["Paris"])), (("2025-03-22", "b"), table([]))]
    with beam.Pipeline(runner="FnApiRunner", argv=[]) as root:
        tagged = root | beam.Create(groups) | tag | beam.Map(lambda group: (group[0], names(group[1])))
        assert_that(tagged, equal_to([(("2025-03-21", "a"), [["Paris"]]), (("2025-03-22", "b"), [])]))
