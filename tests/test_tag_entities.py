"""Entities and the places they imply, found by the gazetteer that comes with the package."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.tagging import SCHEMA
from transforms.tag.tagger import Tagger, load_tagger, tag_table

TALKS = Path(__file__).parent.parent.parent / "shared" / "data" / "article_us_russia_talks.txt"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger("gazetteer")


def tag(tagger: Tagger, *texts: str | None) -> dict[str, Any]:
    """One article's row, tagged, from its title and, if given, description and body."""
    title, description, body = (*texts, None, None)[:3]
    fields = {"title": title, "description": description, "body": body}
    row: dict[str, Any] = {**fields, "language": "en", "categories": [], "quality_flags": []}
    tagged: dict[str, Any] = tag_table(pa.Table.from_pylist([row], SCHEMA), tagger).to_pylist()[0]
    return tagged


def found(row: dict[str, Any]) -> dict[str, str]:
    """The type of each entity of a row, by name."""
    return {entity["name"]: entity["type"] for entity in row["entities"]}


def mentions(row: dict[str, Any]) -> dict[str, list[str]]:
    """The words of each entity of a row, as its offsets cut them out of the fields."""
    return {
        entity["name"]: [row[m["field"]][m["start"] : m["end"]] for m in entity["mentions"]]
        for entity in row["entities"]
    }


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            ["Putin meets Narendra Modi in Moscow"],
            {"Vladimir Putin": ["Putin"], "Narendra Modi": ["Narendra Modi"], "Moscow": ["Moscow"]},
            id="people-and-a-city",
        ),
        pytest.param(
            ["Zelensky, Zelenskyy or Zelenskiy?"],
            {"Volodymyr Zelenskyy": ["Zelensky", "Zelenskyy", "Zelenskiy"]},
            id="spellings",
        ),
        pytest.param(
            ["Russia's answer, Russia’s word"],
            {"Russia": ["Russia", "Russia"]},
            id="possessives",
        ),
        pytest.param(
            ["US-Russia talks; the UK–France link"],
            {"United States": ["US"], "Russia": ["Russia"], "United Kingdom": ["UK"], "France": ["France"]},
            id="joined-by-hyphen-or-dash",
        ),
        pytest.param(
            ["The U.S. and the U.K. agree"], {"United States": ["U.S."], "United Kingdom": ["U.K."]}, id="dots"
        ),
        pytest.param(["Ukrainians and a Ukrainian"], {"Ukrainian": ["Ukrainians", "Ukrainian"]}, id="demonyms"),
        pytest.param(
            ["🛰️🚀 NASA and “Airbus” lift off 🇫🇷France"],
            {"NASA": ["NASA"], "Airbus": ["Airbus"], "France": ["France"]},
            id="astral-characters",
        ),
        pytest.param(
            ["Cafe\u0301 life in Lyon", None, "São Paulo, naïve Zürich 中文 Kyiv。"],
            {"Lyon": ["Lyon"], "São Paulo": ["São Paulo"], "Zurich": ["Zürich"], "Kyiv": ["Kyiv"]},
            id="combining-marks-and-other-scripts",
        ),
        pytest.param(["Oslo\u0301 is no Oslo"], {"Oslo": ["Oslo"]}, id="a-combining-mark-is-part-of-the-word"),
        pytest.param(
            ["Berlin", "Berlin again", "In Berlin, Berlin."],
            {"Berlin": ["Berlin", "Berlin", "Berlin", "Berlin"]},
            id="all-fields-in-order",
        ),
        pytest.param(["Rain over New\nYork"], {"New York City": ["New\nYork"]}, id="across-a-line-end"),
        pytest.param(["N’Djamena and N'Djamena"], {"N'Djamena": ["N’Djamena", "N'Djamena"]}, id="apostrophes"),
        pytest.param(
            ["South Sudan, not Sudan"],
            {"South Sudan": ["South Sudan"], "Sudan": ["Sudan"]},
            id="the-longest-name-wins",
        ),
        pytest.param(["Eric saw Trump"], {"Donald Trump": ["Trump"]}, id="a-given-name-further-off"),
        pytest.param(["Kenya University"], {"Kenya": ["Kenya"]}, id="a-country-before-university"),
        pytest.param(["AT&T and S&P 500"], {"AT&T": ["AT&T"], "S&P 500": ["S&P 500"]}, id="ampersands"),
    ],
)
def test_mentions(tagger: Tagger, texts: list[str | None], expected: dict[str, list[str]]) -> None:
    assert mentions(tag(tagger, *texts)) == expected


def test_mentions_say_field_and_offsets(tagger: Tagger) -> None:
    entity = tag(tagger, "𝕏 in Cairo", None, "Cairo")["entities"][0]
    assert entity["mentions"] == [
        {"field": "title", "start": 5, "end": 10},
        {"field": "body", "start": 0, "end": 5},
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("They told us who can help, and it was nice", id="small-letters"),
        pytest.param("GIVE US THE FACTS SAYS WHO", id="all-capitals"),
        pytest.param("A tour that cost US$50 with @NASA", id="currency-and-handle"),
        pytest.param("Chinatown, Iranology and Parisette", id="within-words"),
        pytest.param("Ivanna and Roberta Trump met Whitney Houston", id="others-of-the-same-surname"),
        pytest.param("Paris Hilton saw Michael Jordan", id="known-not-to-be-places"),
        pytest.param("The Philadelphia Inquirer and Houston University", id="part-of-a-longer-name"),
        pytest.param("An Apple a day, and Target practice", id="company-names-that-are-words"),
        pytest.param("Gallant Rider Takes Pole, Wins Fifty Pence", id="names-that-are-words"),
        pytest.param("Navy Grows Its Arsenal of Tusk and Truss", id="more-names-that-are-words"),
        pytest.param("Georgia and Chad went for a walk with Jordan", id="country-names-that-are-names"),
        pytest.param("Mr Xi and Ms Vance", id="surnames-that-need-a-title"),
        pytest.param("President Apple met Prime Minister Jordan", id="titles-tell-people-alone"),
        pytest.param("New. York", id="across-a-sentence-end"),
        pytest.param("\x00\x00", id="control-characters"),
    ],
)
def test_nothing_is_found(tagger: Tagger, text: str) -> None:
    row = tag(tagger, text)
    assert (row["entities"], row["places"]) == ([], [])


@pytest.mark.parametrize(
    ("text", "name", "score"),
    [
        pytest.param("Georgia votes; crowds gather in Tbilisi", "Georgia", 0.7, id="a-country-by-its-capital"),
        pytest.param(
            "Georgia votes; lines are long in Atlanta", "Georgia, United States", 0.7, id="a-state-by-its-city"
        ),
        pytest.param("Amman: Jordan opens a border post", "Jordan", 0.7, id="jordan"),
        pytest.param("Apple unveils a thinner iPhone", "Apple", 0.7, id="a-company-by-its-product"),
        pytest.param("Apple Inc. reports; Apple shares rise", "Apple", 1.0, id="a-company-by-its-full-name"),
        pytest.param("President Xi speaks", "Xi Jinping", 0.7, id="a-surname-by-its-title"),
        pytest.param("JD Vance lands; Vance is met by aides", "JD Vance", 1.0, id="a-surname-by-the-full-name"),
        pytest.param("Macron speaks", "Emmanuel Macron", 0.9, id="a-surname-of-one-person"),
        pytest.param("Washington warns Beijing, a US official said", "Washington, D.C.", 0.7, id="washington"),
        pytest.param("Merkel's book", "Angela Merkel", 0.9, id="a-surname-in-the-genitive"),
    ],
)
def test_context_decides(tagger: Tagger, text: str, name: str, score: float) -> None:
    scores = {entity["name"]: entity["score"] for entity in tag(tagger, text)["entities"]}
    assert scores[name] == pytest.approx(score)


def test_a_name_that_could_be_two_things_is_left_out(tagger: Tagger) -> None:
    names = found(tag(tagger, "Georgia in the news, from Tbilisi to Atlanta"))
    assert set(names) == {"Tbilisi", "Atlanta"}


def test_context_is_the_same_article(tagger: Tagger) -> None:
    rows: list[dict[str, Any]] = [
        {"title": title, "description": None, "body": None, "language": "en", "categories": [], "quality_flags": []}
        for title in ("Georgia votes", "Crowds gather in Tbilisi")
    ]
    table = tag_table(pa.Table.from_pylist(rows, SCHEMA), tagger)
    assert [list(found(row)) for row in table.to_pylist()] == [[], ["Tbilisi"]]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("Kyiv", [("Kyiv", "UA")], id="a-city"),
        pytest.param("Norway and Norwegians", [("Norway", "NO")], id="a-country-once"),
        pytest.param("Norwegians", [("Norway", "NO")], id="a-people"),
        pytest.param("The Kremlin", [("Russia", "RU")], id="a-seat-of-government"),
        pytest.param("Europeans", [], id="a-people-of-no-country"),
        pytest.param("The Soviet Union", [("Soviet Union", None)], id="a-country-without-code"),
        pytest.param("NATO and Microsoft", [], id="organisations"),
    ],
)
def test_entities_imply_places(tagger: Tagger, text: str, places: list[tuple[str, str | None]]) -> None:
    assert [(place["name"], place["country_code"]) for place in tag(tagger, text)["places"]] == places


def test_identifiers(tagger: Tagger) -> None:
    row = tag(tagger, "Ukraine")
    assert row["entities"][0]["uri"] == row["places"][0]["uri"] == "http://www.wikidata.org/entity/Q212"


@pytest.mark.skipif(not TALKS.exists(), reason="needs ../shared/data")
@pytest.mark.parametrize("profile", ["fast", "accurate", "gazetteer"])
def test_a_long_article(profile: str) -> None:
    if profile == "accurate":
        pytest.importorskip("onnxruntime", reason="the extra accurate is not installed")
    title, _, body = TALKS.read_text("utf-8").partition("\n")
    row = tag(load_tagger(profile), title, None, body)
    people = {"Donald Trump", "Vladimir Putin", "Volodymyr Zelenskyy", "Dmitry Peskov", "Mike Waltz"}
    places = {"United States", "Russia", "Ukraine", "Saudi Arabia", "Riyadh", "Kyiv", "Moscow", "Washington, D.C."}
    bodies = {"Kremlin", "NATO", "European Union"}
    expected = {
        **dict.fromkeys(people, "PERSON"),
        **dict.fromkeys(places | {"Soviet Union", "Crimea", "Donbas", "Europe"}, "LOC"),
        **dict.fromkeys(bodies, "ORG"),
    }
    assert expected == {name: kind for name, kind in found(row).items() if kind != "MISC"}
    assert places <= {place["name"] for place in row["places"]}
    tops = [topic["name"] for topic in row["topics"]]
    assert {"conflict, war and peace", "armed conflict", "international relations"} <= set(tops)
    names = {"Donald Trump": 3, "Vladimir Putin": 3, "Volodymyr Zelenskyy": 3}
    assert names.items() <= {name: len(called) for name, called in mentions(row).items()}.items()
    for words in mentions(row).values():
        assert all(len(word) > 1 and word == word.strip() for word in words)
