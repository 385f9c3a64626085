"""Places: what a name means, given its text and the other names of the article."""

import re
from dataclasses import fields
from typing import Any

import pyarrow as pa
import pytest

from schemas.columns import ENTITY, PLACE
from transforms.tag.gazetteer import load_names
from transforms.tag.places import PlaceResolver, load_place_resolver
from transforms.tag.places.atlas import Atlas, build_atlas, load_atlas
from transforms.tag.places.gather import CITY, COUNTRY, REGION, Place, gather_places
from transforms.tag.places.spelling import fold
from transforms.tag.text import FIELDS

SCHEMA = pa.schema([(field, pa.string()) for field in FIELDS])
PARIS, GEORGIA = "http://www.wikidata.org/entity/Q90", "http://www.wikidata.org/entity/Q230"

_MARK = re.compile(r"\[(?:(\w+):)?([^]]+)\]")


@pytest.fixture(scope="module")
def resolver() -> PlaceResolver:
    return load_place_resolver()


@pytest.fixture(scope="module")
def places() -> list[Place]:
    return gather_places(load_names())


def read(text: str, field: str = "title") -> tuple[dict[str, str | None], list[dict[str, Any]]]:
    """A row and its entities, of a text with marks like `[Paris]`, `[MISC:French]`; what has one name is one entity."""
    plain, entities, at = "", {}, 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        kind, name = mark[1] or "LOC", mark[2]
        entity = {"name": name, "type": kind, "uri": None, "score": 1.0, "mentions": []}
        mentions = entities.setdefault((kind, name), entity)["mentions"]
        mentions.append({"field": field, "start": len(plain), "end": len(plain) + len(name)})
        plain, at = plain + name, mark.end()
    return {field: plain + text[at:]}, list(entities.values())


def resolve(resolver: PlaceResolver, *texts: str, uri: str | None = None) -> tuple[list[Any], list[Any]]:
    """Entities and places of each text; `uri` is what the first entity of the first one comes with."""
    rows, entities = zip(*map(read, texts), strict=True)
    if uri:
        entities[0][0]["uri"] = uri
    batch = pa.RecordBatch.from_pylist(list(rows), schema=SCHEMA)
    linked, places = resolver.resolve(pa.array(entities, pa.list_(ENTITY)), batch)
    assert (linked.type, places.type) == (pa.list_(ENTITY), pa.list_(PLACE))
    linked.validate(full=True)
    places.validate(full=True)
    return linked.to_pylist(), places.to_pylist()


def found(resolver: PlaceResolver, text: str) -> list[str]:
    """`name, country` of each place, with whole degrees where it has a point."""
    return [
        ", ".join(
            [place["name"], place["country_code"] or "-"]
            + ([f"{place['lat']:.0f} {place['lon']:.0f}"] if place["lat"] is not None else [])
        )
        for place in resolve(resolver, text)[1][0]
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("rain in [Paris]", ["Paris, FR, 49 2"], id="the-largest-of-the-name"),
        pytest.param("rain in [Paris], [Texas]", ["Paris, US, 34 -96", "Texas, US"], id="a-city-and-its-state"),
        pytest.param("[Paris] in [Texas]", ["Paris, US, 34 -96", "Texas, US"], id="a-city-in-its-state"),
        pytest.param("[Paris] ([Texas])", ["Paris, US, 34 -96", "Texas, US"], id="a-state-in-brackets"),
        pytest.param("[PARIS], [TEXAS]", ["Paris, US, 34 -96", "Texas, US"], id="a-dateline-in-capitals"),
        pytest.param("[Springfield], [Ill.]", ["Springfield, US, 40 -90", "Illinois, US"], id="a-state-shortened"),
        pytest.param("from [Texas] to [Paris]", ["Texas, US", "Paris, FR, 49 2"], id="a-journey"),
        pytest.param("[Paris] or [Texas]", ["Paris, FR, 49 2", "Texas, US"], id="a-choice"),
        pytest.param(
            "the [MISC:Canadian] city of [London]", ["Canada, CA", "London, CA, 43 -81"], id="a-city-and-its-people"
        ),
        pytest.param(
            "the [Ontario] town of [Kingston]", ["Ontario, CA", "Kingston, CA, 44 -76"], id="a-town-after-its-region"
        ),
        pytest.param(
            "[Tripoli], in northern [Lebanon]", ["Tripoli, LB, 34 36", "Lebanon, LB"], id="the-north-of-a-country"
        ),
        pytest.param("[Niger] state", ["Niger State, NG"], id="the-word-state-behind"),
        pytest.param("[Niger] stated", ["Niger, NE"], id="no-word-for-a-region"),
        pytest.param("[Punjab province], [Pakistan]", ["Punjab, Pakistan, PK", "Pakistan, PK"], id="the-word-within"),
        pytest.param("[Tbilisi], [Georgia]", ["Tbilisi, GE, 42 45", "Georgia, GE"], id="a-country-by-its-city"),
        pytest.param(
            "[Macon], [Georgia]", ["Macon, US, 33 -84", "Georgia, United States, US"], id="a-state-by-its-city"
        ),
        pytest.param(
            "[Birmingham]; [Alabama] and [Mobile]",
            ["Birmingham, US, 34 -87", "Alabama, US", "Mobile, US, 31 -88"],
            id="by-what-else-is-named",
        ),
        pytest.param("[Springfield]; [Springfield] again", ["Springfield, US"], id="several-of-one-country"),
        pytest.param("[Smallville], [Kansas]", ["Smallville, US", "Kansas, US"], id="an-unknown-town-of-a-state"),
        pytest.param("[Wellington], [Kansas]", ["Wellington, US", "Kansas, US"], id="a-capital's-namesake"),
        pytest.param(
            "[Niger], [Nigeria] and [Mali]", ["Niger, NE", "Nigeria, NG", "Mali, ML"], id="a-list-of-countries"
        ),
        pytest.param(
            "[Lebanon], the [United States] and [France]",
            ["Lebanon, LB", "United States, US", "France, FR"],
            id="a-list-with-an-article",
        ),
        pytest.param(
            "[Baghdad], [Erbil] and [Basra]",
            ["Baghdad, IQ, 33 44", "Erbil, IQ, 36 44", "Basra, IQ, 31 48"],
            id="a-list-of-cities",
        ),
        pytest.param("[São Paulo]", ["São Paulo, BR, -24 -47"], id="a-city-with-marks"),
        pytest.param("[Sao Paulo]", ["São Paulo, BR, -24 -47"], id="without-marks"),
        pytest.param("the [U.S.] and [Us]", ["United States, US"], id="short-names-keep-their-capitals"),
        pytest.param("[Europe]", ["Europe, -"], id="of-no-country"),
        pytest.param("[Neverwhere]", [], id="unknown"),
        pytest.param("[Georgia]", [], id="a-country-or-a-state"),
        pytest.param("[Congo]", [], id="two-countries"),
        pytest.param("[Punjab]", [], id="two-regions"),
        pytest.param("[San Jose]", [], id="two-cities"),
        pytest.param("[Plymouth]", [], id="an-abandoned-capital"),
        pytest.param("[PERSON:Paris] and [ORG:Chelsea]", [], id="other-types"),
        pytest.param("[ORG:Senate]", [], id="a-body-that-many-countries-have"),
        pytest.param(
            "[Perth], [Scotland] and [Perth], [Australia]",
            ["Scotland, GB", "Australia, AU"],
            id="one-name-in-two-countries",
        ),
        pytest.param("[ORG:Kremlin] and [Moscow]", ["Russia, RU", "Moscow, RU, 56 38"], id="a-seat-of-government"),
        pytest.param("[Russia] and [MISC:Russian]", ["Russia, RU"], id="a-country-and-its-people"),
        pytest.param("[New York] state", ["New York State, US"], id="a-state-with-the-name-of-its-city"),
        pytest.param("[New York]", ["New York City, US, 41 -74"], id="a-city-with-the-name-of-its-state"),
        pytest.param("[Singapore]", ["Singapore, SG"], id="a-city-that-is-a-country"),
        pytest.param("in [the West]", [], id="a-common-word"),
        pytest.param("nothing", [], id="no-names"),
    ],
)
def test_places(resolver: PlaceResolver, text: str, places: list[str]) -> None:
    assert found(resolver, text) == places


def test_a_row_is_resolved_alike_in_any_company(resolver: PlaceResolver) -> None:
    texts = [
        "[Texas]",
        "[Paris]",
        "none",
        "[PERSON:Ann]",
        "[London] and [Ontario]",
        "🎈 [London], [Ontario]",
        "[Nowhere]",
    ]
    together = resolve(resolver, *texts)
    alone = [resolve(resolver, text) for text in texts]
    assert together == ([row for rows, _ in alone for row in rows], [row for _, rows in alone for row in rows])


def test_slices_make_no_difference(resolver: PlaceResolver) -> None:
    rows, entities = zip(*map(read, ["[Texas] x", "[Paris], [Texas]", "[PERSON:Ann]", "[London]"]), strict=True)
    batch, lists = pa.RecordBatch.from_pylist(list(rows), schema=SCHEMA), pa.array(entities, pa.list_(ENTITY))
    whole, part = resolver.resolve(lists, batch), resolver.resolve(lists.slice(1, 2), batch.slice(1, 2))
    assert [column.slice(1, 2).to_pylist() for column in whole] == [column.to_pylist() for column in part]


def test_a_batch_without_rows(resolver: PlaceResolver) -> None:
    entities, places = resolver.resolve(pa.array([], pa.list_(ENTITY)), pa.RecordBatch.from_pylist([], schema=SCHEMA))
    assert (len(entities), len(places)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "came", "uri"),
    [
        pytest.param("[Paris]", None, PARIS, id="found"),
        pytest.param("[Paris]", PARIS, PARIS, id="confirmed"),
        pytest.param("[Paris], [Texas]", PARIS, "https://www.geonames.org/4717560", id="corrected"),
        pytest.param("[Springfield]", "http://www.wikidata.org/entity/Q28515", None, id="dropped-where-unsure"),
        pytest.param("[Georgia]", None, None, id="of-two-none"),
        pytest.param("[Georgia]", GEORGIA, GEORGIA, id="of-two-the-linked"),
        pytest.param(
            "[Neverwhere]", "http://www.wikidata.org/entity/Q1", "http://www.wikidata.org/entity/Q1", id="kept"
        ),
        pytest.param("[PERSON:Paris]", PARIS, PARIS, id="of-another-type"),
        pytest.param("[MISC:French]", None, None, id="of-a-people"),
        pytest.param("[Wall Street]", None, None, id="of-what-stands-for-its-country"),
    ],
)
def test_identifiers(resolver: PlaceResolver, text: str, came: str | None, uri: str | None) -> None:
    assert resolve(resolver, text, uri=came)[0][0][0]["uri"] == uri


def test_what_may_be_no_place_has_its_country_alone(resolver: PlaceResolver) -> None:
    row, entities = read("[Ilford]")
    entities[0]["score"] = 0.6
    batch = pa.RecordBatch.from_pylist([row], schema=SCHEMA)
    linked, places = resolver.resolve(pa.array([entities], pa.list_(ENTITY)), batch)
    assert linked[0][0]["uri"].as_py() is None
    assert [(place["country_code"], place["lat"]) for place in places[0].as_py()] == [("GB", None)]


def test_a_people_is_worth_less_than_a_place(resolver: PlaceResolver) -> None:
    scores = {place["name"]: place["score"] for place in resolve(resolver, "[MISC:Norwegian] talks in [Oslo]")[1][0]}
    assert 0.55 < scores["Norway"] <= 0.6
    assert 0.9 < scores["Oslo"] <= 1


def test_a_name_in_another_field_is_not_beside(resolver: PlaceResolver) -> None:
    (title, paris), (body, texas) = read("[Paris], rain"), read("Before [Texas] voted", "body")
    batch = pa.RecordBatch.from_pylist([title | body], schema=SCHEMA)
    _, places = resolver.resolve(pa.array([paris + texas], pa.list_(ENTITY)), batch)
    assert places[0].as_py()[0]["uri"] == PARIS


def test_words_between_are_counted_in_code_points(resolver: PlaceResolver) -> None:
    assert found(resolver, "🎈é [Paris], [Texas]") == ["Paris, US, 34 -96", "Texas, US"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("São Paulo", "SAO PAULO", id="marks-and-case"),
        pytest.param("St. Louis", "Saint Louis", id="saint"),
        pytest.param("Port-au-Prince", "Port au Prince", id="hyphens"),
        pytest.param("Xi’an", "Xi'an", id="apostrophes"),
        pytest.param("the Hague", "Hague", id="article"),
        pytest.param("Łódź", "Lodz", id="letters-of-their-own"),
        pytest.param("U.S.", "US", id="dots"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("US", "us", id="short-names"),
        pytest.param("East Paris", "Paris", id="another-word"),
        pytest.param("Stanley", "Saintanley", id="st-within-a-word"),
    ],
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_gazetteer_and_geonames_are_one(places: list[Place]) -> None:
    (paris,) = (place for place in places if place.name == "Paris" and place.country == "FR")
    assert (paris.uri, paris.known, paris.capital, paris.level) == (PARIS, True, True, CITY)
    assert paris.people > 2e6
    assert not [uri for uri in {place.uri for place in places} - {None} if "/Q" not in uri and "geonames" not in uri]


@pytest.mark.parametrize("level", [COUNTRY, REGION, CITY])
def test_places_have_what_their_level_has(places: list[Place], level: int) -> None:
    some = [place for place in places if place.level == level]
    assert len(some) > {COUNTRY: 240, REGION: 3_500, CITY: 30_000}[level]
    assert all(place.country and place.uri and place.keys for place in some)
    assert all((place.lat is not None) == (level == CITY) for place in some if not place.known)


def test_identifiers_are_of_one_place(places: list[Place]) -> None:
    uris = [place.uri for place in places if place.uri]
    assert len(uris) == len(set(uris))


def test_the_frozen_atlas_is_what_the_tables_say() -> None:
    frozen, built = load_atlas(), build_atlas(load_names())
    stale = [
        field.name for field in fields(Atlas) if not _equal(getattr(frozen, field.name), getattr(built, field.name))
    ]
    assert not stale, "tables have changed: run `python -m transforms.tag.places.frozen`"


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one == other
    return bool(pa.array(one).equals(pa.array(other)))
