"""Which place each name means: how big it is, what else the article names, what the words beside it say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.tag.places.atlas import Atlas
from transforms.tag.places.gaps import Said
from transforms.tag.spans import Floats
from transforms.tag.text import Flags, Ints

# Weights, as logarithms of inhabitants.
_SAID = 8.0  # words beside the name say where it is
_COUNTRY = 2.5  # all else that the article names is in the country
_REGION = 1.5  # and in the region
_LINKED = 1.0  # the gazetteer links it so
_UNKNOWN = 3.6  # a place that no table has
_SHARPNESS = 0.8 * np.log(10)
_DOUBT = 0.5  # entities that may speak for elsewhere

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """The entities of a batch, and the candidates of each."""

    row: Ints  # of each entity
    first: Ints  # of each entity: where its candidates begin
    entity: Ints  # of each candidate
    candidate: Ints  # its number in the atlas
    linked: Flags  # whether the entity's identifier is this candidate's


@dataclass(frozen=True, slots=True)
class Choices:
    """For each entity: the likeliest candidate (-1 for none), its probability, and that of its country."""

    candidate: Ints
    sure: Floats
    country_sure: Floats


def choose(atlas: Atlas, asked: Question, said: Said) -> Choices:
    """Weighs size, what the words beside a name say, and what else the article names.

    The probability of a candidate is the softmax of its score (a logarithm of inhabitants) among all that bear the
    name and a place that no table has.
    """
    if not len(asked.candidate):
        nothing = np.zeros(len(asked.row), np.float32)
        return Choices(np.full(len(asked.row), -1), nothing, nothing)
    score = atlas.prior[asked.candidate].astype(np.float64) + _LINKED * asked.linked
    first = asked.first[said.entity]
    told = np.unique(first + said.candidate - asked.candidate[first])
    score[told] += _SAID
    unknown = np.full(len(asked.row), _UNKNOWN)
    unknown[said.stranger] += 2 * _SAID
    unknown[_torn(asked.entity[told], atlas.country[atlas.place[asked.candidate[told]]])] += 2 * _SAID
    belief = _believe(asked, score, unknown)
    place = atlas.place[asked.candidate]
    in_country, elsewhere = _share(asked, atlas.country[place], belief)
    in_region, _ = _share(asked, atlas.region[place], belief)
    score += _COUNTRY * in_country + _REGION * in_region
    belief = _believe(asked, score, unknown + _COUNTRY * elsewhere)
    return _best(asked, belief, atlas.country[place])


def _torn(entity: Ints, country: Ints) -> Ints:
    """Entities that words put into more than one country: `from Perth, Scotland, to Perth, Australia`."""
    placed = np.unique(np.stack([entity, country])[:, country >= 0], axis=1)[0]
    torn: Ints = placed[1:][placed[1:] == placed[:-1]]
    return torn


def _believe(asked: Question, score: Doubles, unknown: Doubles) -> Doubles:
    weight = np.exp(_SHARPNESS * (score - unknown[asked.entity]))
    total = 1 + np.bincount(asked.entity, weight, len(asked.row))
    belief: Doubles = weight / total[asked.entity]
    return belief


def _share(asked: Question, area: Ints, belief: Doubles) -> tuple[Doubles, Doubles]:
    """The share of the row's other entities in each candidate's area; and, for each entity, in the row's main area."""
    entities, size = len(asked.row), int(area.max(initial=0)) + 1
    placed = area >= 0
    weight = belief * placed
    row, area = asked.row[asked.entity], np.maximum(area, 0)
    in_row, areas = np.unique(row * size + area, return_inverse=True)
    _, owns = np.unique(asked.entity * size + area, return_inverse=True)
    total, own, all_own = (np.bincount(of, weight) for of in (areas, owns, asked.entity))
    all_own = np.pad(all_own, (0, entities - len(all_own)))
    others = np.bincount(asked.row, all_own)[asked.row] - all_own + _DOUBT
    order = np.lexsort((total, in_row // size))
    main = np.zeros(int(asked.row.max()) + 1, np.int64)
    main[in_row[order] // size] = order
    own_in_main = np.bincount(asked.entity, weight * (areas == main[row]), entities)
    has = np.isin(asked.row, row)
    share = placed * (total[areas] - own[owns]) / others[asked.entity]
    return share, has * (total[main[asked.row]] - own_in_main) / others


def _best(asked: Question, belief: Doubles, country: Ints) -> Choices:
    entities = len(asked.row)
    best = np.lexsort((-belief, asked.entity))
    found, at = np.unique(asked.entity[best], return_index=True)
    best = best[at]
    candidate, where = np.full(entities, -1), np.full(entities, -1)
    candidate[found], where[found] = asked.candidate[best], country[best]
    sure = np.zeros(entities)
    sure[found] = belief[best]
    same = (country == where[asked.entity]) & (country >= 0)
    country_sure = np.bincount(asked.entity, belief * same, entities)
    return Choices(candidate, sure.astype(np.float32), country_sure.astype(np.float32))
