"""Places: those of the gazetteer, and the countries, regions and cities of GeoNames."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from transforms.tag.gazetteer import Name
from transforms.tag.places.spelling import fold
from transforms.tag.tables import read_rows

DATA = Path(str(files("transforms.tag.places") / "data"))
OTHER, COUNTRY, REGION, CITY = range(4)  # levels; OTHER: a sea, a continent, what is no unit of a country

# Of the tables in `data/`; lists in a field are separated by `|`.
COLUMNS = {
    "abbreviations": ["code", "aliases"],
    "cities": ["id", "name", "region", "lat", "lon", "thousands", "aliases"],
    "countries": ["id", "code", "name", "capital", "population"],
    "gaps": ["reading", "pattern"],
    "regions": ["id", "code", "name", "aliases"],
}

# A city of the gazetteer and one of GeoNames of the same name within so many degrees are one.
_NEAR = 0.7
# A region of the gazetteer may be a part of a city, with so many inhabitants or more: Brooklyn.
_BOROUGH = 300_000


class Place(NamedTuple):
    """Something that a name may stand for."""

    level: int
    name: str
    uri: str | None
    country: str | None  # ISO 3166-1 alpha-2
    region: str = ""  # GeoNames' code of the first-level region that it is, or is in
    lat: float | None = None  # degrees; of cities
    lon: float | None = None
    people: float = 0  # inhabitants; 0 where unknown
    capital: bool = False  # of its country
    known: bool = False  # in the gazetteer: the news speak of it
    keys: tuple[str, ...] = ()  # of its name, and of others as good
    variants: tuple[str, ...] = ()  # keys of names in other languages, former, short


def gather_places(names: Iterable[Name]) -> list[Place]:
    """Places that are called something, each once, with the gazetteer's name and identifier where it has them."""
    listed = [*_countries(), *_regions(), *_cities()]
    by_name: dict[tuple[str, str], list[Place]] = {}
    for place in listed:
        for key in {*place.keys, *place.variants} if place.level != COUNTRY else {""}:
            by_name.setdefault((place.country or "", key), []).append(place)
    merged = [_merge(name, by_name) for name in names if name.type == "LOC" and name.kind != "seats"]
    taken = {id(place) for _, place in merged}
    return [place for place, _ in merged] + [place for place in listed if id(place) not in taken]


def _merge(name: Name, by_name: dict[tuple[str, str], list[Place]]) -> tuple[Place, Place | None]:
    """The gazetteer's place, with what GeoNames adds, and GeoNames' own; a country is found by its code alone."""
    keys = _keys((*name.strong, *name.weak))
    sought = keys if name.kind != "countries" else [""]
    alike = [place for key in sought for place in by_name.get((name.country_code or "", key), ())]
    same = max((place for place in alike if _is_same(name, place)), key=lambda place: place.people, default=None)
    base = same or Place(OTHER, name.name, None, name.country_code)
    at = (base.lat, base.lon) if name.lat is None else (name.lat, name.lon)
    uri = name.uri or base.uri
    variants = (*base.keys, *base.variants)
    place = base._replace(name=name.name, uri=uri, lat=at[0], lon=at[1], known=True, keys=keys, variants=variants)
    return place, same


def _is_same(name: Name, place: Place) -> bool:
    if place.level == COUNTRY:
        return True
    if name.lat is None or name.lon is None:
        return place.level == REGION or (place.level == CITY and place.people > _BOROUGH)
    if place.lat is None or place.lon is None:
        return False
    return max(abs(name.lat - place.lat), abs(name.lon - place.lon)) < _NEAR


def read_table(table: str) -> list[list[str]]:
    """The rows of a table in `data/`. Raises ValueError where it has other columns."""
    return read_rows((DATA / f"{table}.tsv").read_text("utf-8"), COLUMNS[table])


def _countries() -> Iterator[Place]:
    for number, code, name, _, people in read_table("countries"):
        yield Place(COUNTRY, name, _uri(number), code, people=float(people), keys=_keys([name]))


def _regions() -> Iterator[Place]:
    short = {code: _split(aliases) for code, aliases in read_table("abbreviations")}
    people: dict[str, float] = {}
    for _, _, region, _, _, thousands, _ in read_table("cities"):
        people[region] = people.get(region, 0) + 1000 * float(thousands)
    for number, code, name, aliases in read_table("regions"):
        variants = _keys((*_split(aliases), *short.get(code, ())))
        yield Place(
            REGION,
            name,
            _uri(number),
            code[:2],
            code,
            people=people.get(code, 0),
            keys=_keys([name]),
            variants=variants,
        )


def _cities() -> Iterator[Place]:
    capitals = {(code, fold(capital)) for _, code, _, capital, _ in read_table("countries")}
    for number, name, region, lat, lon, thousands, aliases in read_table("cities"):
        country, keys, variants = region[:2], _keys([name]), _keys(_split(aliases))
        capital = not capitals.isdisjoint((country, key) for key in (*keys, *variants))
        at, people = (float(lat), float(lon)), 1000 * float(thousands)
        yield Place(CITY, name, _uri(number), country, region, *at, people, capital, keys=keys, variants=variants)


def _keys(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(fold, names)))


def _split(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|")) if listed else ()


def _uri(number: str) -> str:
    return f"https://www.geonames.org/{number}"
