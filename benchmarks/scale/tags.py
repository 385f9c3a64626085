"""Invented tags in any number, quickly: names, places and topics as unevenly spread as those of news are."""

from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.columns import ENTITY, MENTION, PLACE, TOPIC

_NAMES, _PLACES = 200_000, 2_000
_TYPES = ("PERSON", "ORG", "LOC", "MISC")
# The top of the IPTC Media Topics.
_TOPICS = [f"{number:02}000000" for number in range(1, 18)]
_PER_ARTICLE = {"entities": 12, "places": 3, "topics": 3}


def add_tags(rows: pa.Table, seed: int) -> pa.Table:
    """The articles with entities, places and topics, nearly as many in each as in news."""
    chooser = np.random.default_rng(seed)
    made = {"entities": (_entities(), ENTITY), "places": (_places(), PLACE), "topics": (_topics(), TOPIC)}
    for name, (values, kind) in made.items():
        sizes = chooser.integers(_PER_ARTICLE[name] * 2, size=rows.num_rows)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        chosen = values.take(pa.array(_unevenly(chooser, len(values), int(offsets[-1]))))
        rows = rows.append_column(name, pa.ListArray.from_arrays(offsets, chosen, pa.list_(kind)))
    return rows


def _unevenly(chooser: np.random.Generator, choices: int, count: int) -> NDArray[np.int64]:
    """Each in proportion to 1 / rank."""
    return (choices ** chooser.random(count)).astype(np.int64) - 1


@cache
def _entities() -> pa.StructArray:
    mentions = [[{"field": "body", "start": at, "end": at + 9} for at in (40, 400)]]
    values = [
        [f"{_TYPES[number % 4].title()} of {number}" for number in range(_NAMES)],
        [_TYPES[number % 4] for number in range(_NAMES)],
        [f"http://www.wikidata.org/entity/Q{number}" if number % 3 else None for number in range(_NAMES)],
        [0.9] * _NAMES,
    ]
    arrays = [pa.array(value, field.type) for value, field in zip(values, ENTITY, strict=False)]
    return pa.StructArray.from_arrays([*arrays, pa.array(mentions * _NAMES, pa.list_(MENTION))], fields=list(ENTITY))


@cache
def _places() -> pa.StructArray:
    numbers = range(_PLACES)
    values = [
        {"name": f"Town {n}", "uri": f"http://sws.geonames.org/{n}/", "country_code": "KE", "lat": 1.5, "lon": n / 20,
         "score": 0.9}
        for n in numbers
    ]  # fmt: skip
    return pa.array(values, PLACE)


@cache
def _topics() -> pa.StructArray:
    values = [{"id": f"medtop:{number}", "name": f"topic {number[:2]}", "score": 0.7} for number in _TOPICS]
    return pa.array(values, TOPIC)
