"""The words beside names that say where a place is: `Paris, Texas`, `the Canadian city of London`, `Niger state`."""

import re
from dataclasses import dataclass

import numpy as np

from transforms.tag.grouping import spread
from transforms.tag.places.atlas import Atlas
from transforms.tag.places.gather import COUNTRY, REGION, read_table
from transforms.tag.places.mentions import Mentions, Texts
from transforms.tag.text import Flags, Ints

_COMMA = ", "
_LISTING = (_COMMA, ", the ")


@dataclass(frozen=True, slots=True)
class Said:
    """Candidates that words speak for; and names that are put into a place where nothing is called so."""

    entity: Ints
    candidate: Ints
    stranger: Ints  # entities
    host: Ints  # the entity of the place that each is in


class Gaps:
    """Reads what stands between and behind the names of an article."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        name = np.repeat(np.arange(len(atlas.firsts)), atlas.counts)
        keys = name * len(atlas.level) + atlas.place
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        level = atlas.level[atlas.place]
        self._regional = np.bincount(name, level == REGION) > 0
        self._large = self._regional | (np.bincount(name, level == COUNTRY) > 0)
        likeliest = level[np.lexsort((atlas.prior, name))[np.cumsum(atlas.counts) - 1]]
        self._country = likeliest == COUNTRY
        self._mostly_large = self._country | (likeliest == REGION)
        self._patterns = _read_patterns()

    def read(self, mentions: Mentions, texts: Texts, names: Ints, local: Flags) -> Said:
        """What the words say of entities with these names (-1 for none), `local` the ones of type LOC."""
        near = mentions.followed()
        first, second = mentions.entity[near], mentions.entity[near + 1]
        found = [
            *self._contained("part, whole", near, first, second, names, texts),
            *self._contained("whole, part", near, second, first, names, texts),
            self._called_region(mentions, names, texts),
        ]
        entity, candidate = (np.concatenate(columns) for columns in zip(*found, strict=True))
        return Said(entity, candidate, *self._strangers(near, mentions, names, local, texts, ~np.isin(first, entity)))

    def _contained(
        self, reading: str, near: Ints, part: Ints, whole: Ints, names: Ints, texts: Texts
    ) -> list[tuple[Ints, Ints]]:
        """Entities and candidates of parts and of wholes, whose gap reads so; `Niger, Nigeria` is a list."""
        pair, inner, outer = self._holders(names[part], names[whole])
        pattern, says = self._patterns[reading], np.zeros(len(near), np.bool_)
        countries = self._country[names[part]] & self._country[names[whole]]
        for number in np.unique(pair):
            gap = texts.behind(near[number])
            says[number] = pattern.fullmatch(gap) is not None and not (countries[number] and gap in _LISTING)
        keep = says[pair]
        pair = pair[keep]
        return [(part[pair], inner[keep]), (whole[pair], outer[keep])]

    def _holders(self, parts: Ints, wholes: Ints) -> tuple[Ints, Ints, Ints]:
        """Pairs, and the candidates of both, where the part's country or region is what the whole may be."""
        atlas = self._atlas
        known = np.flatnonzero((parts >= 0) & (wholes >= 0))
        run, candidate = spread(atlas.firsts[parts[known]], atlas.counts[parts[known]])
        pair, place = known[run], atlas.place[candidate]
        found = []
        for holder in (atlas.country[place], atlas.region[place]):
            key = wholes[pair] * len(atlas.level) + holder
            at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            held = (self._keys[at] == key) & (holder >= 0) & (holder != place)
            found.append((pair[held], candidate[held], self._order[at[held]]))
        pairs, inner, outer = (np.concatenate(columns) for columns in zip(*found, strict=True))
        return pairs, inner, outer

    def _called_region(self, mentions: Mentions, names: Ints, texts: Texts) -> tuple[Ints, Ints]:
        """`Niger state`: names that may be a region's and something else's, with a word for regions behind them."""
        name = names[mentions.entity]
        may = np.flatnonzero((name >= 0) & self._regional[name] & (self._atlas.counts[name] > 1))
        pattern = self._patterns["region"]
        are = [number for number in may if pattern.match(texts.behind(number, to_next=False))]
        entity = np.unique(mentions.entity[are])
        run, candidate = spread(self._atlas.firsts[names[entity]], self._atlas.counts[names[entity]])
        region = self._atlas.level[self._atlas.place[candidate]] == REGION
        return entity[run[region]], candidate[region]

    def _strangers(
        self, near: Ints, mentions: Mentions, names: Ints, local: Flags, texts: Texts, unplaced: Flags
    ) -> tuple[Ints, Ints]:
        """`Smallville, Kansas`: nothing that is known is called so in Kansas, and it may be no list of states."""
        first, second = mentions.entity[near], mentions.entity[near + 1]
        part, whole = names[first], names[second]
        regional = self._regional & self._mostly_large
        town = np.where(part < 0, self._large[whole], regional[whole] & ~self._mostly_large[part])
        may = np.flatnonzero(unplaced & local[first] & local[second] & (whole >= 0) & town)
        are = may[[texts.behind(number) == _COMMA for number in near[may]]]
        return first[are], second[are]


def _read_patterns() -> dict[str, re.Pattern[str]]:
    patterns: dict[str, list[str]] = {}
    for reading, pattern in read_table("gaps"):
        patterns.setdefault(reading, []).append(pattern)
    return {reading: re.compile("|".join(of_reading)) for reading, of_reading in patterns.items()}
