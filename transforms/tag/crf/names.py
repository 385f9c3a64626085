"""Tags of tokens as spans, and how sure each is."""

import numpy as np

from transforms.tag.crf.sites import Sites
from transforms.tag.crf.weights import TAGS, Weights
from transforms.tag.spans import Floats, Int8s, Spans
from transforms.tag.text import Ints
from transforms.tag.tokens import Tokens

_BEGIN, _INSIDE = np.arange(1, TAGS, 2), np.arange(2, TAGS, 2)


def to_spans(tags: Int8s, emissions: Floats, sites: Sites, tokens: Tokens, weights: Weights) -> Spans:
    """The spans that the tags of sites stand for."""
    begins = tags % 2 == 1
    first = np.flatnonzero(begins)
    inside = np.append((tags > 0) & ~begins, False)
    over = np.flatnonzero(~inside)
    last = over[np.searchsorted(over, first, side="right")] - 1
    kind = (tags[first] - 1) // 2
    odds = _log_odds(tags, emissions, sites, first, last, kind, weights.transitions)
    factor, constant = weights.calibration
    score = (1 / (1 + np.exp(-(factor * odds + constant)))).astype(np.float32)
    return Spans(tokens.start[sites.tokens[first]], tokens.end[sites.tokens[last]], kind, score)


def _log_odds(
    tags: Int8s, emissions: Floats, sites: Sites, first: Ints, last: Ints, kind: Int8s, moves: Floats
) -> Floats:
    """Of each span, its type against all others and none, as if its bounds and neighbours were sure."""
    weights = _weigh_types(tags, emissions, sites, first, last, moves)
    numbers = np.arange(len(first))
    own = weights[numbers, kind]
    weights[numbers, kind] = -np.inf
    most = weights.max(axis=1)
    odds: Floats = own - most - np.log(np.exp(weights - most[:, None]).sum(axis=1))
    return odds


def _weigh_types(tags: Int8s, emissions: Floats, sites: Sites, first: Ints, last: Ints, moves: Floats) -> Floats:
    """The weight of tagging each span as each type, then as none. Of shape (spans, types + 1)."""
    linked = np.ones(len(tags) + 1, np.bool_)  # whether a site follows another in its chain
    linked[sites.chains] = False
    tags = np.append(tags, 0)
    before = np.where(linked[first], tags[first - 1], 0)
    after = np.where(linked[last + 1], tags[last + 1], 0)
    sums = np.zeros((len(tags), TAGS))
    np.cumsum(emissions, axis=0, out=sums[1:])
    more = (last - first)[:, None]
    end = np.where(more > 0, _INSIDE, _BEGIN)
    types = emissions[first][:, _BEGIN] + (sums[last + 1] - sums[first + 1])[:, _INSIDE] + moves[before][:, _BEGIN]
    types += (more > 0) * moves[_BEGIN, _INSIDE] + np.maximum(more - 1, 0) * moves[_INSIDE, _INSIDE]
    types += moves[end, after[:, None]]
    none = moves[before, 0] + more[:, 0] * moves[0, 0] + moves[0, after]
    return np.concatenate([types, none[:, None]], axis=1)
