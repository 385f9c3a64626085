"""What a name may stand for, as arrays: each name has candidates, each candidate is a place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from schemas.columns import PLACE
from transforms.tag.gazetteer import Name
from transforms.tag.places.candidates import REGION_WORDS, REGIONAL, UNCOUNTED, list_candidates
from transforms.tag.places.gather import COUNTRY, DATA, OTHER, REGION, Place, gather_places
from transforms.tag.places.spelling import fold
from transforms.tag.spans import Floats
from transforms.tag.text import Ints

# An Arrow file of one row, with a list for each array of the atlas: to build these takes a second.
FROZEN = DATA / "atlas.arrow"
# What a place is worth that is not named itself: its people or its seat of government are.
_IMPLIED = 0.6


@dataclass(frozen=True, slots=True)
class Atlas:
    """Names, candidates and places. Name s has the candidates from `firsts[s]` on, `counts[s]` of them."""

    names: dict[tuple[str, str], int]  # by type of entity and key
    worth: Floats  # of each name
    firsts: Ints
    counts: Ints
    place: Ints  # of each candidate
    prior: Floats  # of each candidate
    level: Ints  # of each place
    country: Ints  # of each place: the number of its country; -1 for none
    region: Ints  # of each place: the number of its region; -1 for none
    table: pa.StructArray  # of PLACE, without its score: the places

    def find(self, kind: str, name: str) -> int:
        """The number of what an entity of this type is called; -1 where nothing is known by that name."""
        key = fold(name)
        found = self.names.get((kind, key), -1)
        if found < 0 and key.endswith(REGION_WORDS):
            return self.names.get((REGIONAL, key.rpartition(" ")[0]), -1)
        return found


def load_atlas() -> Atlas:
    """The atlas that comes with the package."""
    with pa.OSFile(str(FROZEN)) as file:
        row = pa.ipc.open_file(file).get_batch(0)
    columns = {name: row[name].flatten() for name in row.schema.names}
    kinds, keys = (columns.pop(name).to_numpy(False).tolist() for name in ("kinds", "keys"))
    table = columns.pop("table")
    arrays = {name: values.to_numpy() for name, values in columns.items()}
    return Atlas(names=dict(zip(zip(kinds, keys, strict=True), range(len(keys)), strict=True)), table=table, **arrays)


def build_atlas(gazetteer: tuple[Name, ...]) -> Atlas:
    """The atlas of GeoNames' places and the gazetteer's, its demonyms and seats of government included."""
    places = gather_places(gazetteer)
    countries = {place.country: number for number, place in enumerate(places) if place.level == COUNTRY}
    regions = {place.region: number for number, place in enumerate(places) if place.level == REGION}
    names: dict[tuple[str, str], int] = {}
    meant = [(names.setdefault(name, len(names)), place, prior) for name, place, prior in list_candidates(places)]
    named = len(names)
    implied = [
        (names.setdefault(name, len(names)), place, UNCOUNTED[OTHER])
        for name, place in dict(_implied(gazetteer, countries)).items()
        if name not in names
    ]
    number, place, prior = (np.array(column) for column in zip(*meant, *implied, strict=True))
    order = np.argsort(number, kind="stable")
    counts = np.bincount(number)
    return Atlas(
        names=names,
        worth=np.where(np.arange(len(names)) < named, 1, _IMPLIED).astype(np.float32),
        firsts=np.cumsum(counts) - counts,
        counts=counts,
        place=place[order],
        prior=prior[order].astype(np.float32),
        level=np.array([place.level for place in places]),
        country=np.array([countries.get(place.country, -1) for place in places]),
        region=np.array([regions.get(place.region, -1) for place in places]),
        table=_table(places),
    )


def _implied(gazetteer: Iterable[Name], countries: dict[str | None, int]) -> Iterator[tuple[tuple[str, str], int]]:
    for name in gazetteer:
        if name.kind in ("demonyms", "seats") and name.country_code in countries:
            for called in name.strong:
                yield (name.type, fold(called)), countries[name.country_code]


def _table(places: Iterable[Place]) -> pa.StructArray:
    rows = [(place.name, place.uri, place.country, place.lat, place.lon) for place in places]
    fields = list(PLACE)[:-1]
    columns = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), fields, strict=True)]
    return pa.StructArray.from_arrays(columns, fields=fields)
