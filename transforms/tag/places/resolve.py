"""Places: what the entities of an article say about where it happens."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import ENTITY, PLACE
from transforms.tag.grouping import group, list_offsets, spread
from transforms.tag.places.atlas import Atlas, load_atlas
from transforms.tag.places.choose import Choices, Question, choose
from transforms.tag.places.gaps import Gaps, Said
from transforms.tag.places.mentions import Mentions, Texts, find_mentions
from transforms.tag.spans import Floats
from transforms.tag.text import Flags, Ints

# The least probability of a place that is given, with its identifier and coordinates, and of a country, without.
_SURE = 0.75
# The least score of an entity times that of its place: the name may be no place's at all.
_LIKELY = 0.65


class PlaceResolver:
    """Finds which place a name means.

    A LOC is resolved to a country, a region or a city by the inhabitants of all that bear its name, by the other
    places that the article names, and by the words beside it (`Paris, Texas`). Its score is the entity's times the
    probability of the place. A name that may be several cities of one country (`Springfield`), or is unknown but put
    into a place (`Smallville, Kansas`), has no more than the country. A people (`Ukrainians`), a seat of government
    or a body of state (`Kremlin`) stands for its country with 0.6 of that score.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._gaps = Gaps(atlas)
        uris = atlas.table.field("uri").to_numpy(False).tolist()
        self._by_uri = {uri: number for number, uri in enumerate(uris) if uri}

    def resolve(self, entities: pa.ListArray, batch: pa.RecordBatch) -> tuple[pa.ListArray, pa.ListArray]:
        """The entities with the identifiers of places, and a list of PLACE for each list of ENTITY.

        A LOC that is called like a place has that place's identifier where it is sure, else none; all other
        entities stay as they are, and so does what stands for its country (`Wall Street`). Each place comes once in a
        list, in the order of the first mention.
        """
        flat, row = entities.flatten(), pc.list_parent_indices(entities).to_numpy()
        local = pc.equal(flat.field("type"), "LOC").to_numpy(False)
        mentions = find_mentions(entities)
        texts = Texts(batch, mentions)
        names = self._names(flat, local, mentions, texts)
        said = self._gaps.read(mentions, texts, names, local)
        found = choose(self._atlas, self._ask(flat, names, row), said)
        places = self._places(flat, names, found, said)
        lists = self._to_lists(flat, row, places, len(entities))
        return self._link(entities, flat, places, local & (names >= 0) & ~self._implied(names)), lists

    def _names(self, flat: pa.StructArray, local: Flags, mentions: Mentions, texts: Texts) -> Ints:
        """The number of each entity's name in the atlas; -1 for none.

        A LOC is looked up as it is first called, because a fuller name is a decision between places already.
        """
        entity, first = np.unique(mentions.entity, return_index=True)
        called = [texts.named(mention) for mention in first[local[entity]]]
        names = np.full(len(flat), -1)
        names[entity[local[entity]]] = self._find("LOC", called)
        for kind in ("LOC", "MISC", "ORG"):
            ours = np.flatnonzero((names < 0) & pc.equal(flat.field("type"), kind).to_numpy(False))
            names[ours] = self._find(kind, flat.field("name").take(pa.array(ours)).to_pylist())
        return names

    def _find(self, kind: str, called: list[str]) -> Ints:
        known = {name: self._atlas.find(kind, name) for name in dict.fromkeys(called)}
        return np.array([known[name] for name in called], np.int64)

    def _ask(self, flat: pa.StructArray, names: Ints, row: Ints) -> Question:
        counts = np.where(names >= 0, self._atlas.counts[names], 0)
        entity, candidate = spread(self._atlas.firsts[names], counts)
        linked = self._linked(flat)
        return Question(
            row, np.cumsum(counts) - counts, entity, candidate, linked[entity] == self._atlas.place[candidate]
        )

    def _linked(self, flat: pa.StructArray) -> Ints:
        """The place whose identifier each entity has; -1 for none."""
        uris = flat.field("uri").dictionary_encode()
        known = [self._by_uri.get(uri, -1) for uri in [*uris.dictionary.to_pylist(), None]]
        linked: Ints = np.array(known)[pc.fill_null(uris.indices, -1).to_numpy()]
        return linked

    def _places(self, flat: pa.StructArray, names: Ints, found: Choices, said: Said) -> "_Found":
        atlas = self._atlas
        likeliest = np.where(found.candidate >= 0, atlas.place[found.candidate], -1)
        entity_score = flat.field("score").to_numpy()
        sure = (found.sure >= _SURE) & (found.sure * entity_score >= _LIKELY)
        place = np.where(sure, likeliest, -1)
        country = np.where(found.country_sure >= _SURE, atlas.country[likeliest], -1)
        score = np.where(place >= 0, found.sure, found.country_sure)
        vague = place[said.stranger] < 0
        stranger, host = said.stranger[vague], said.host[vague]
        country[stranger] = np.where(place[host] >= 0, atlas.country[place[host]], -1)
        score[stranger] = found.sure[host]
        worth = np.where(names >= 0, atlas.worth[names], 1)
        entity = np.flatnonzero((place >= 0) | (country >= 0))
        return _Found(entity, place[entity], country[entity], (score * worth * entity_score)[entity])

    def _implied(self, names: Ints) -> Flags:
        implied: Flags = (names >= 0) & (self._atlas.worth[names] < 1)
        return implied

    def _to_lists(self, flat: pa.StructArray, row: Ints, found: "_Found", rows: int) -> pa.ListArray:
        """Each place once in a row; those of which no more than the country is known have the entity's name."""
        known = len(self._atlas.level)
        vague = np.flatnonzero(found.place < 0)
        names = flat.field("name").take(pa.array(found.entity[vague])).to_pylist()
        labels = list(zip(names, found.country[vague].tolist(), strict=True))
        numbers = {label: known + number for number, label in enumerate(dict.fromkeys(labels))}
        place = found.place.copy()
        place[vague] = [numbers[label] for label in labels]
        groups = group(row[found.entity], place)
        table = pa.concat_arrays([self._atlas.table, self._vague(list(numbers))])
        values = table.take(pa.array(groups.values)).flatten()
        places = pa.StructArray.from_arrays([*values, pa.array(groups.best(found.score))], fields=list(PLACE))
        return pa.ListArray.from_arrays(list_offsets(np.bincount(groups.rows, minlength=rows)), places)

    def _vague(self, labels: list[tuple[str, int]]) -> pa.StructArray:
        codes = self._atlas.table.field("country_code").take(pa.array([country for _, country in labels], pa.int64()))
        names = pa.array([name for name, _ in labels], pa.string())
        fields = list(PLACE)[:-1]
        none = [pa.nulls(len(labels), field.type) for field in fields]
        return pa.StructArray.from_arrays([names, none[1], codes, *none[3:]], fields=fields)

    def _link(self, entities: pa.ListArray, flat: pa.StructArray, found: "_Found", ours: Flags) -> pa.ListArray:
        """The entities; those that are `ours` have the identifier of the place they are found to be, or none."""
        place = np.full(len(flat), -1)
        place[found.entity] = found.place
        uri = self._atlas.table.field("uri").take(pa.array(place, mask=place < 0))
        fields = dict(zip(ENTITY.names, flat.flatten(), strict=True))
        fields["uri"] = pc.if_else(pa.array(ours), uri, fields["uri"])
        linked = pa.StructArray.from_arrays(list(fields.values()), fields=list(ENTITY))
        return pa.ListArray.from_arrays(list_offsets(pc.list_value_length(entities).to_numpy()), linked)


@dataclass(frozen=True, slots=True)
class _Found:
    """What entities stand for."""

    entity: Ints
    place: Ints  # in the atlas; -1 where no more than the country is known
    country: Ints
    score: Floats


def load_place_resolver() -> PlaceResolver:
    """The resolver over the gazetteer and GeoNames' tables that come with the package."""
    return PlaceResolver(load_atlas())
