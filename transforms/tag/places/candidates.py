"""How likely each place is meant by each of its names, if nothing else is known."""

import math
from collections.abc import Iterator

from transforms.tag.places.gather import CITY, COUNTRY, DATA, OTHER, REGION, Place

REGION_WORDS = (" state", " province", " region", " oblast", " governorate", " prefecture", " krai", " canton")
# The types of entities that are places, and of what stands before one of the words for regions.
LOCAL, REGIONAL = "LOC", "REGION"

# Likelihoods are logarithms of the inhabitants that make a city so likely; so much is added to them.
UNCOUNTED = {OTHER: 6.5, COUNTRY: 5.0, REGION: 5.0, CITY: 5.0}  # in the place of inhabitants that are not known
_COUNTRY, _CAPITAL, _KNOWN = 1.5, 1.5, 0.5
_VARIANT = -1.5  # a name in another language, a former one, a short one
_NAMESAKE = -1.5  # a region with the name of a city in it, a city with the name of its country
_VAGUE = -3.0  # a name that is a common word: `the West`


def list_candidates(places: list[Place]) -> Iterator[tuple[tuple[str, str], int, float]]:
    """(type, key) of a name, the number of a place that it may stand for, and its likelihood."""
    vague = set((DATA / "vague_names.txt").read_text("utf-8").split())
    bearers = _weigh_bearers(places)
    called = [_calls(place) for place in places]
    both = list(zip(places, called, strict=True))
    taken: set[tuple[str | None, str]] = {
        (place.region, key) for place, keys in both if place.level == CITY for key in keys
    }
    taken |= {(place.country, key) for place, keys in both if place.level == COUNTRY for key in keys}
    for number, (place, keys) in enumerate(both):
        likely, held = _likelihood(place), place.region if place.level == REGION else place.country
        for key, added in keys.items():
            namesake = place.level in (REGION, CITY) and (held, key) in taken
            evenly = max(bearers[key]) if place.known and key in place.keys else likely
            yield (LOCAL, key), number, evenly + added + _NAMESAKE * namesake + _VAGUE * (key in vague)
            if place.level == REGION:
                yield (REGIONAL, key), number, likely + added


def _weigh_bearers(places: list[Place]) -> dict[str, list[float]]:
    """The likelihoods of the gazetteer's places by name: of several (`Georgia`) none is likelier, whatever its size."""
    bearers: dict[str, list[float]] = {}
    for place in places:
        for key in place.keys if place.known else ():
            bearers.setdefault(key, []).append(_likelihood(place))
    return bearers


def _calls(place: Place) -> dict[str, float]:
    """The keys of a place, and what each adds."""
    variants = list(place.variants)
    if place.level == REGION:
        whole = (*place.keys, *place.variants)
        variants += [key.rpartition(" ")[0] for key in whole if key.endswith(REGION_WORDS)]
    return dict.fromkeys(variants, _VARIANT) | dict.fromkeys(place.keys, 0.0)


def _likelihood(place: Place) -> float:
    size = math.log10(place.people) if place.people > 1 else UNCOUNTED[place.level]
    return size + _COUNTRY * (place.level == COUNTRY) + _CAPITAL * place.capital + _KNOWN * place.known
