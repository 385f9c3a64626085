"""Mentions of one thing become one entity, whatever finds them."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tagging import SCHEMA
from transforms.tag.entities import EntityFinder, load_known_names
from transforms.tag.spans import TYPES, Spans
from transforms.tag.text import BatchText, Flags, Hits


class Reader:
    """Finds these names, the longest first, wherever they stand; those that end in `!` the first time alone."""

    def __init__(self, names: dict[str, list[str]], score: float = 0.9) -> None:
        self._score = score
        self._types = {name.removesuffix("!").encode(): kind for kind, found in names.items() for name in found}
        self._once = {name.removesuffix("!").encode() for found in names.values() for name in found if name[-1] == "!"}

    def find(self, text: BatchText, known: Hits, fields: Flags) -> Spans:
        """The spans, all with one score."""
        longest_first = sorted(map(re.escape, self._types), key=len, reverse=True)
        found = list(re.finditer(rb"(?<!\w)(?:%b)(?!\w)" % b"|".join(longest_first), text.raw.tobytes()))
        names = [match[0] for match in found]
        kept = [match for n, match in enumerate(found) if match[0] not in self._once or match[0] not in names[:n]]
        start, end = (np.array([match.span()[side] for match in kept], np.int64) for side in (0, 1))
        kinds = np.array([TYPES.index(self._types[match[0]]) for match in kept], np.int8)
        spans = Spans(start, end, kinds, np.full(len(start), self._score, np.float32))
        return spans.filter(fields[text.fields_at(start)])


def tag(reader: Reader | None, body: str, language: str = "en", title: str | None = None) -> list[dict[str, Any]]:
    """The entities of one article."""
    row: dict[str, Any] = {"title": title, "body": body, "language": language, "categories": [], "quality_flags": []}
    batch = pa.RecordBatch.from_pylist([row], SCHEMA)
    return EntityFinder(load_known_names(), reader).tag(batch)[0].as_py()  # type: ignore[no-any-return]


def mentions(entities: list[dict[str, Any]], body: str) -> dict[tuple[str, str], list[str]]:
    """What each entity, by name and type, is called."""
    return {(e["name"], e["type"]): [body[m["start"] : m["end"]] for m in e["mentions"]] for e in entities}


@pytest.mark.parametrize(
    ("names", "body", "expected"),
    [
        pytest.param(
            {"PERSON": ["Ada Obi", "Obi", "Ada"]},
            "Ada Obi spoke. Obi left; Ada smiled.",
            {("Ada Obi", "PERSON"): ["Ada Obi", "Obi", "Ada"]},
            id="surname-and-given-name",
        ),
        pytest.param(
            {"PERSON": ["Ada W. Obi", "Ada H.W. Obi", "Ada Obi"]},
            "Ada H.W. Obi met Ada W. Obi. Ada Obi spoke.",
            {("Ada H.W. Obi", "PERSON"): ["Ada H.W. Obi"], ("Ada W. Obi", "PERSON"): ["Ada W. Obi", "Ada Obi"]},
            id="initials-tell-people-apart",
        ),
        pytest.param(
            {"PERSON": ["Ada Mary Obi", "Ada M. Obi", "Ada Obi", "Ada bin Obi"]},
            "Ada Obi, or Ada M. Obi, is Ada Mary Obi. Ada bin Obi smiled.",
            {("Ada Mary Obi", "PERSON"): ["Ada Obi", "Ada M. Obi", "Ada Mary Obi", "Ada bin Obi"]},
            id="a-second-name-may-be-short-or-missing",
        ),
        pytest.param(
            {"PERSON": ["Obi", "Ada Obi"]},
            "Obi to step down. Minister Ada Obi said so.",
            {("Ada Obi", "PERSON"): ["Obi", "Ada Obi"]},
            id="the-full-name-comes-later",
        ),
        pytest.param(
            {"PERSON": ["Ada Obi", "Ada N. Obi", "Obi"]},
            "Ada Obi and Ada N. Obi are one Obi.",
            {("Ada N. Obi", "PERSON"): ["Ada Obi", "Ada N. Obi", "Obi"]},
            id="a-middle-name",
        ),
        pytest.param(
            {"PERSON": ["Ada Obi", "Ken Obi", "Obi"]},
            "Ada Obi met Ken Obi. Obi laughed.",
            {("Ada Obi", "PERSON"): ["Ada Obi"], ("Ken Obi", "PERSON"): ["Ken Obi", "Obi"]},
            id="two-of-a-surname-the-last-named",
        ),
        pytest.param(
            {"PERSON": ["Ada Obi", "Ken Obi", "Obi"]},
            "Ada Obi left. Obi smiled at Ken Obi.",
            {("Ada Obi", "PERSON"): ["Ada Obi", "Obi"], ("Ken Obi", "PERSON"): ["Ken Obi"]},
            id="two-of-a-surname-the-one-before",
        ),
        pytest.param(
            {"PERSON": ["Ada Kofi", "Kofi Obi", "Kofi"]},
            "Ada Kofi met Kofi Obi. Kofi laughed.",
            {("Ada Kofi", "PERSON"): ["Ada Kofi", "Kofi"], ("Kofi Obi", "PERSON"): ["Kofi Obi"]},
            id="a-surname-before-a-given-name",
        ),
        pytest.param(
            {"PERSON": ["Donald Trump", "Eric Trump", "Trump"]},
            "Donald Trump and Eric Trump came. Trump spoke.",
            {("Donald Trump", "PERSON"): ["Donald Trump", "Trump"], ("Eric Trump", "PERSON"): ["Eric Trump"]},
            id="two-of-a-surname-the-known-one",
        ),
        pytest.param(
            {"PERSON": ["Ada Obi"], "ORG": ["Obi"]},
            "Ada Obi arrived. Obi waved.",
            {("Ada Obi", "PERSON"): ["Ada Obi", "Obi"]},
            id="a-surname-taken-for-something-else",
        ),
        pytest.param(
            {"PERSON": ["Kofi Paris"], "LOC": ["Paris"]},
            "Kofi Paris came. Paris sang.",
            {("Kofi Paris", "PERSON"): ["Kofi Paris", "Paris"]},
            id="a-surname-that-is-a-place",
        ),
        pytest.param(
            {"PERSON": ["President Ada Obi", "Ms Obi"]},
            "President Ada Obi said so, and Ms Obi went.",
            {("Ada Obi", "PERSON"): ["Ada Obi", "Obi"]},
            id="titles-are-no-part-of-a-name",
        ),
        pytest.param(
            {"MISC": ["US-Russia talks"], "ORG": ["UK–France Council"]},
            "US-Russia talks and the UK–France Council",
            {
                ("United States", "LOC"): ["US"],
                ("Russia", "LOC"): ["Russia"],
                ("UK–France Council", "ORG"): ["UK–France Council"],
            },
            id="places-joined-by-a-hyphen",
        ),
        pytest.param(
            {"ORG": ["Bank of America and NATO", "Friends of Russia and China"]},
            "Bank of America and NATO met Friends of Russia and China",
            {
                ("Bank of America", "ORG"): ["Bank of America"],
                ("NATO", "ORG"): ["NATO"],
                ("Friends of Russia and China", "ORG"): ["Friends of Russia and China"],
            },
            id="known-names-joined-by-and",
        ),
        pytest.param(
            {"PERSON": ["Oh Min", "Obi Tan", "Ana Sy", "Tan"]},
            "Oh Min-hye, an Obi Tan-led team, an Ana Sy-and-Co show, a Tan-ish man",
            {
                ("Oh Min-hye", "PERSON"): ["Oh Min-hye"],
                ("Obi Tan", "PERSON"): ["Obi Tan", "Tan"],
                ("Ana Sy", "PERSON"): ["Ana Sy"],
            },
            id="the-rest-of-a-hyphenated-name",
        ),
        pytest.param(
            {"MISC": ["European", "Union"]},
            "The European Union",
            {("European Union", "ORG"): ["European Union"]},
            id="a-known-name-in-pieces",
        ),
        pytest.param(
            {"ORG": ["Paris Opera Ballet"]},
            "Paris Opera Ballet in Paris",
            {("Paris Opera Ballet", "ORG"): ["Paris Opera Ballet"], ("Paris", "LOC"): ["Paris"]},
            id="a-known-name-within-a-longer-one",
        ),
        pytest.param(
            {"ORG": ["The Zorba Works", "Zorba Works"]},
            "The Zorba Works grew. Zorba Works sold.",
            {("The Zorba Works", "ORG"): ["The Zorba Works", "Zorba Works"]},
            id="with-and-without-an-article",
        ),
        pytest.param(
            {"ORG": ["Lagos Water Board", "LWB"]},
            "The Lagos Water Board met; LWB staff did not.",
            {("Lagos Water Board", "ORG"): ["Lagos Water Board", "LWB"]},
            id="an-abbreviation",
        ),
        pytest.param(
            {"ORG": ["Ministry of Tin", "MT", "Bank of Ora", "BOO"]},
            "Ministry of Tin (MT) and Bank of Ora (BOO)",
            {("Ministry of Tin", "ORG"): ["Ministry of Tin", "MT"], ("Bank of Ora", "ORG"): ["Bank of Ora", "BOO"]},
            id="abbreviations-with-small-words-or-without",
        ),
        pytest.param(
            {"MISC": ["Ulysses Spacecraft"], "LOC": ["US"]},
            "The Ulysses Spacecraft left the US",
            {("Ulysses Spacecraft", "MISC"): ["Ulysses Spacecraft"], ("United States", "LOC"): ["US"]},
            id="an-abbreviation-known-for-something-else",
        ),
        pytest.param(
            {"ORG": ["Zorba Corp", "Zorba"]},
            "Zorba Corp rose; Zorba fell.",
            {("Zorba Corp", "ORG"): ["Zorba Corp", "Zorba"]},
            id="a-company-without-its-legal-form",
        ),
        pytest.param(
            {"ORG": ["Zorba\nWorks"]},
            "Zorba\nWorks",
            {("Zorba Works", "ORG"): ["Zorba\nWorks"]},
            id="a-name-over-two-lines",
        ),
        pytest.param(
            {"PERSON": ["Ada Obi"]},
            "Ada Obi spoke. “Obi is right,” they said. Ms Obi left for Obi Street, and Ada Obi",
            {("Ada Obi", "PERSON"): ["Ada Obi", "Obi", "Obi", "Ada Obi"]},
            id="a-surname-that-was-missed",
        ),
        pytest.param(
            {"ORG": ["Lagos Water Board"]},
            "Lagos Water Board met, and the Board left",
            {("Lagos Water Board", "ORG"): ["Lagos Water Board"]},
            id="the-last-word-of-an-organisation-is-no-surname",
        ),
        pytest.param(
            {"ORG": ["Zorba Works!"]},
            "Zorba Works rose; we like Zorba Works and zorba works, not Zorba Works Ltd",
            {("Zorba Works", "ORG"): ["Zorba Works", "Zorba Works"]},
            id="a-name-that-was-missed",
        ),
        pytest.param(
            {"PERSON": ["“Ada Obi”—", "Ken Lo’s", "'s"], "ORG": ["Zorba’s", "Lodz+", "St. Mo."]},
            "“Ada Obi”— and Ken Lo’s Zorba’s, Lodz+ and St. Mo. 's",
            {
                ("Ada Obi", "PERSON"): ["Ada Obi"],
                ("Ken Lo", "PERSON"): ["Ken Lo"],
                ("Zorba’s", "ORG"): ["Zorba’s"],
                ("Lodz+", "ORG"): ["Lodz+"],
                ("St. Mo.", "ORG"): ["St. Mo."],
            },
            id="marks-around-a-name",
        ),
        pytest.param(
            {"ORG": ["Zorba Corp"], "LOC": ["Zorba"]},
            "Zorba Corp is based in Zorba.",
            {("Zorba Corp", "ORG"): ["Zorba Corp"], ("Zorba", "LOC"): ["Zorba"]},
            id="a-company-and-its-town",
        ),
        pytest.param(
            {"ORG": ["Group", "Holdings"]},
            "Group and Holdings",
            {("Group", "ORG"): ["Group"], ("Holdings", "ORG"): ["Holdings"]},
            id="nothing-but-a-legal-form",
        ),
        pytest.param(
            {"LOC": ["U.S"]}, "U.S. forces", {("United States", "LOC"): ["U.S"]}, id="a-known-name-less-its-last-dot"
        ),
        pytest.param({"ORG": ["!?"]}, "The band !? played", {}, id="a-name-without-letters-is-none"),
        pytest.param(
            {"ORG": ["The !?"]},
            "The !? played",
            {("The !?", "ORG"): ["The !?"]},
            id="an-article-without-letters-behind",
        ),
    ],
)
def test_one_thing_is_one_entity(
    names: dict[str, list[str]], body: str, expected: dict[tuple[str, str], list[str]]
) -> None:
    assert mentions(tag(Reader(names), body), body) == expected


def test_a_club_called_like_its_city_is_not_linked() -> None:
    (oslo,) = tag(Reader({"ORG": ["Oslo"]}, 0.6), "Oslo")
    assert (oslo["type"], oslo["uri"]) == ("ORG", None)


def test_a_surname_is_of_whom_the_article_names_in_full() -> None:
    (eric,) = tag(Reader({"PERSON": ["Eric Trump", "Trump"]}), "Eric Trump spoke; Trump left")
    assert (eric["name"], eric["uri"]) == ("Eric Trump", None)


def test_a_name_that_needs_context_is_not_linked_by_a_doubtful_type() -> None:
    assert tag(Reader({"LOC": ["Jordan"]}, 0.5), "Jordan")[0]["uri"] is None


def test_a_surname_within_another_name_says_nothing_of_its_type() -> None:
    body = "Ada Obi leads Zorba Obi."
    found = mentions(tag(Reader({"PERSON": ["Ada Obi"], "ORG": ["Zorba Obi"]}), body), body)
    assert found == {("Ada Obi", "PERSON"): ["Ada Obi"], ("Zorba Obi", "ORG"): ["Zorba Obi"]}


def test_a_name_typed_with_certainty_keeps_its_type() -> None:
    body = "Jack London arrived in London."
    found = mentions(tag(Reader({"PERSON": ["Jack London"], "LOC": ["London"]}, 0.99), body), body)
    assert found == {("Jack London", "PERSON"): ["Jack London"], ("London", "LOC"): ["London"]}


@pytest.mark.parametrize(
    ("kind", "body", "uri"),
    [
        pytest.param("LOC", "Georgia", None, id="two-places"),
        pytest.param("LOC", "Georgia, whose capital is Tbilisi", "Q230", id="two-places-and-the-capital-of-one"),
        pytest.param("LOC", "Georgia, Armenia and Moldova", "Q230", id="two-places-and-neighbours-of-one"),
        pytest.param("LOC", "Congo, which Rwanda blames", "Q974", id="two-countries-and-a-neighbour-of-one"),
        pytest.param("LOC", "Georgia, a US official said", None, id="two-places-and-the-country-of-a-state"),
        pytest.param("LOC", "Fulton County", None, id="what-gives-context-to-a-place"),
        pytest.param("LOC", "Jordan", "Q810", id="one-place"),
        pytest.param("PERSON", "Jordan", None, id="a-place-that-is-a-person"),
        pytest.param("PERSON", "Paris Hilton", None, id="a-person-who-begins-with-a-place"),
        pytest.param("ORG", "Apple", "Q312", id="a-company-that-is-a-word"),
        pytest.param("PERSON", "Harris", None, id="a-common-surname"),
        pytest.param("PERSON", "Trump", "Q22686", id="a-surname-of-one-person"),
        pytest.param("PERSON", "Eric Trump", None, id="another-of-that-surname"),
        pytest.param("PERSON", "Donald J. Trump", "Q22686", id="an-alias"),
    ],
)
def test_identifiers(kind: str, body: str, uri: str | None) -> None:
    first = tag(Reader({kind: [body.split(",")[0]]}), body)[0]
    assert (first["type"], first["uri"]) == (kind, uri and f"http://www.wikidata.org/entity/{uri}")


@pytest.mark.parametrize(
    ("body", "language", "expected"),
    [
        pytest.param("Ada Obi in Paris", "en", ["Ada Obi", "Paris"], id="english"),
        pytest.param("Ada Obi in Paris", "und", ["Ada Obi", "Paris"], id="unknown"),
        pytest.param("Ada Obi in Paris", "de", ["Paris"], id="another-language"),
        pytest.param("ADA OBI IN PARIS", "en", [], id="capitals"),
        pytest.param("", "en", [], id="nothing"),
    ],
)
def test_the_recogniser_reads_its_languages(body: str, language: str, expected: list[str]) -> None:
    reader = Reader({"PERSON": ["Ada Obi", "ADA OBI"]})
    assert [entity["name"] for entity in tag(reader, body, language)] == expected


def test_a_field_in_capitals_has_no_names_of_the_others() -> None:
    (entity,) = tag(Reader({"ORG": ["ZRB"]}), "ZRB rises", title="ZRB RISES")
    assert [mention["field"] for mention in entity["mentions"]] == ["body"]


def test_a_known_name_is_as_sure_as_the_surer_of_two() -> None:
    scores = {
        entity["name"]: entity["score"]
        for entity in tag(Reader({"LOC": ["Oslo"], "PERSON": ["Ada Obi"]}, 0.5), "Oslo Ada Obi")
    }
    assert scores == {"Oslo": 1.0, "Ada Obi": 0.5}


def test_an_entity_is_as_sure_as_its_best_mention() -> None:
    (entity,) = tag(Reader({"PERSON": ["Donald Quill Trump", "Trump"]}, 0.5), "Donald Quill Trump is no other Trump.")
    assert (entity["name"], entity["score"]) == ("Donald Quill Trump", pytest.approx(0.9))
