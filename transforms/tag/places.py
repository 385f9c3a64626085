"""Places: what the entities of an article say about where it happens."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import PLACE
from transforms.tag.gazetteer import Name, load_names
from transforms.tag.grouping import group, list_offsets

# What a place is worth that is not named itself: its people or its seat of government are.
IMPLIED = 0.6


class PlaceResolver:
    """Looks entities up in the gazetteer.

    A LOC with a country, or a region, is a place itself, with the entity's score. A people (`Ukrainians`), a
    seat of government or a body of state (`Kremlin`) stands for its country with 0.6 of the entity's score.
    """

    def __init__(self, names: tuple[Name, ...]) -> None:
        places = [name for name in names if name.type == "LOC" and name.kind != "seats"]
        countries = {name.country_code: n for n, name in enumerate(places) if name.kind == "countries"}
        named = {_key(name): (number, 1.0) for number, name in enumerate(places)}
        implied = {
            _key(name): (countries[name.country_code], IMPLIED)
            for name in names
            if name.kind in ("demonyms", "seats") and name.country_code
        }
        found = {**implied, **named}
        self._keys = pa.array(found, pa.string())
        self._place = np.array([place for place, _ in found.values()])
        self._worth = np.array([worth for _, worth in found.values()], np.float32)
        self._table = pa.StructArray.from_arrays(
            [pa.array([getattr(place, field.name) for place in places], field.type) for field in list(PLACE)[:-1]],
            fields=list(PLACE)[:-1],
        )

    def resolve(self, entities: pa.ListArray) -> pa.ListArray:
        """A list of PLACE for each list of ENTITY, each place once, in the order of the first mention."""
        flat = entities.flatten()
        keys = pc.binary_join_element_wise(flat.field("type"), flat.field("name"), "\t")
        found = pc.index_in(keys, self._keys)
        known = found.is_valid().to_numpy(False)
        entry = found.drop_null().to_numpy()
        rows = pc.list_parent_indices(entities).to_numpy()[known]
        score = flat.field("score").to_numpy(False)[known] * self._worth[entry]
        groups = group(rows, self._place[entry])
        values = self._table.take(pa.array(groups.values)).flatten()
        places = pa.StructArray.from_arrays([*values, pa.array(groups.best(score))], fields=list(PLACE))
        return pa.ListArray.from_arrays(list_offsets(np.bincount(groups.rows, minlength=len(entities))), places)


def _key(name: Name) -> str:
    return f"{name.type}\t{name.name}"


def load_place_resolver() -> PlaceResolver:
    """The resolver over the gazetteer that comes with the package."""
    return PlaceResolver(load_names())
