"""The data files that tagging reads, and what their readers refuse."""

import pytest

from transforms.tag.gazetteer import load_names, load_words
from transforms.tag.gazetteer.names import COLUMNS, KINDS, check_names, parse_names

HEADER = "\t".join(COLUMNS)
GOOD = "Kyiv\tLOC\thttp://www.wikidata.org/entity/Q1899\tUA\t50.45\t30.52\tKiev\t\t"


def test_every_kind_holds_names() -> None:
    assert {name.kind for name in load_names()} == set(KINDS)


def test_countries_have_code_and_identifier_of_their_own() -> None:
    countries = [name for name in load_names() if name.kind == "countries"]
    assert len(countries) > 220
    assert len({name.country_code for name in countries} - {None}) == len(countries)
    assert len({name.uri for name in countries} - {None}) == len(countries)


def test_cities_have_coordinates_and_a_known_country() -> None:
    codes = {name.country_code for name in load_names() if name.kind == "countries"}
    cities = [name for name in load_names() if name.kind == "cities"]
    assert not [city for city in cities if city.lat is None or city.lon is None or city.country_code not in codes]


def test_only_cities_have_coordinates() -> None:
    assert {name.kind for name in load_names() if name.lat is not None} == {"cities"}


def test_identifiers_belong_to_one_name() -> None:
    uris = [name.uri for name in load_names() if name.uri]
    assert not [uri for uri in set(uris) if uris.count(uri) > 1]


def test_weak_names_can_be_meant() -> None:
    """A weak name with nothing to give it context would never be found."""
    lost = [
        name
        for name in load_names()
        if name.weak and not (name.strong or name.context or name.type == "PERSON" or name.country_code)
    ]
    assert not lost


@pytest.mark.parametrize("file", ["given_names", "titles", "suffixes", "not_names", "not_names_abroad"])
def test_word_lists(file: str) -> None:
    words = load_words(f"{file}.txt")
    assert words
    assert [word for word in words if not word or word != word.strip()] == []
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param("Kyiv\tLOC", "2 columns", id="too-few-columns"),
        pytest.param(GOOD + "\t", "10 columns", id="too-many-columns"),
        pytest.param(GOOD.replace("LOC", "PLACE"), "type", id="unknown-type"),
        pytest.param(GOOD.replace("Q1899", "1899"), "uri", id="malformed-identifier"),
        pytest.param(GOOD.replace("UA", "UKR"), "country_code", id="three-letter-code"),
        pytest.param(GOOD.replace("50.45", "95"), "lat", id="latitude-out-of-range"),
        pytest.param(GOOD.replace("30.52", "-181"), "lon", id="longitude-out-of-range"),
        pytest.param(GOOD.replace("30.52", ""), "could not convert", id="longitude-missing"),
        pytest.param(GOOD.replace("Kiev", "Kiev|Kiev"), "aliases", id="alias-twice"),
        pytest.param(GOOD.replace("Kyiv", " Kyiv"), "name", id="name-with-space-around"),
    ],
)
def test_bad_rows_are_refused(row: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_names("cities", f"{HEADER}\n{row}\n")


def test_another_header_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        parse_names("cities", f"name\ttype\n{GOOD}\n")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        pytest.param([GOOD, GOOD], "twice", id="name-twice"),
        pytest.param([GOOD, "Kiev\tORG\t\t\t\t\t\t\t"], "also stands for", id="alias-of-two"),
        pytest.param([GOOD, "Kiev FC\tORG\t\t\t\t\t\tKiev\t"], "strong elsewhere", id="weak-and-strong"),
    ],
)
def test_names_that_clash_are_refused(rows: list[str], fault: str) -> None:
    names = parse_names("cities", "\n".join([HEADER, *rows]))
    with pytest.raises(ValueError, match=fault):
        check_names(tuple(names))
