"""The gazetteer: named things, as tables of facts in `data/*.tsv`, one table for each kind.

Columns: name (canonical), type (PERSON, ORG, LOC, MISC), uri (the Wikidata entity, empty unless sure),
country_code (ISO 3166-1 alpha-2; XK is Kosovo), lat and lon (cities; degrees), aliases (names that stand for
this and nothing else), weak (names that need context), context (what gives it). Lists are separated by `|`.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from transforms.tag.spans import TYPES
from transforms.tag.tables import read_rows

KINDS = (
    "countries",
    "cities",
    "regions",
    "demonyms",
    "seats",
    "people",
    "organisations",
    "parties",
    "agencies",
    "companies",
    "teams",
    "events",
)
COLUMNS = ["name", "type", "uri", "country_code", "lat", "lon", "aliases", "weak", "context"]

_URI = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing and what it is called."""

    kind: str
    name: str
    type: str
    uri: str | None = None
    country_code: str | None = None
    lat: float | None = None
    lon: float | None = None
    strong: tuple[str, ...] = field(default=())  # its name and aliases, less the weak ones
    weak: tuple[str, ...] = field(default=())
    context: tuple[str, ...] = field(default=())


@lru_cache(maxsize=1)
def load_names() -> tuple[Name, ...]:
    """All names of all kinds. Raises ValueError, naming the row, where the data break a rule."""
    names = tuple(name for kind in KINDS for name in parse_names(kind, _read(f"{kind}.tsv")))
    check_names(names)
    return names


@lru_cache(maxsize=8)
def load_words(file: str) -> tuple[str, ...]:
    """The lines of a list of words in `data/`."""
    return tuple(_read(file).splitlines())


def parse_names(kind: str, text: str) -> list[Name]:
    """Names from the text of one table. Raises ValueError for a row that has not the columns or a bad value."""
    return [_to_name(kind, row) for row in read_rows(text, COLUMNS)]


def check_names(names: tuple[Name, ...]) -> None:
    """Raise ValueError where a type holds a name twice, or a strong name belongs to two."""
    known: set[tuple[str, str]] = set()
    owners: dict[str, str] = {}
    for name in names:
        if (name.type, name.name) in known:
            raise ValueError(f"{name.kind}: {name.type} {name.name!r} is there twice")
        known.add((name.type, name.name))
        for alias in name.strong:
            if alias in owners:
                raise ValueError(f"{name.kind}: {alias!r} of {name.name!r} also stands for {owners[alias]!r}")
            owners[alias] = name.name
    shared = [(alias, name.name) for name in names for alias in name.weak if alias in owners]
    if shared:
        raise ValueError(f"weak names that are strong elsewhere: {shared}")


def read_table(file: str, columns: list[str]) -> list[list[str]]:
    """The rows of a table in `data/`. Raises ValueError where it has other columns."""
    return read_rows(_read(file), columns)


def _to_name(kind: str, row: list[str]) -> Name:
    name, type_, uri, country, lat, lon, *lists = row
    aliases, weak, context = (tuple(filter(None, text.split("|"))) for text in lists)
    at = (float(lat), float(lon)) if lat or lon else None
    fits = (
        (name and name == name.strip(), "name"),
        (type_ in TYPES, "type"),
        (not uri or _URI.fullmatch(uri), "uri"),
        (not country or _COUNTRY.fullmatch(country), "country_code"),
        (not at or -90 <= at[0] <= 90, "lat"),
        (not at or -180 <= at[1] <= 180, "lon"),
        (len({name, *aliases}) == len(aliases) + 1, "aliases"),
    )
    for fit, column in fits:
        if not fit:
            raise ValueError(f"{kind}: {column} in {row}")
    strong = tuple(alias for alias in (name, *aliases) if alias not in weak)
    lat_lon: tuple[float | None, float | None] = at or (None, None)
    return Name(kind, name, type_, uri or None, country or None, *lat_lon, strong, weak, context)


def _read(file: str) -> str:
    return (files("transforms.tag.gazetteer") / "data" / file).read_text("utf-8")
