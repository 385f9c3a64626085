"""Why an article has its topics: what its words and categories said for each, in logits."""

from dataclasses import dataclass

import pyarrow as pa

from transforms.tag.topics.features import Counts, scale
from transforms.tag.topics.tagger import TopicTagger


@dataclass(frozen=True, slots=True)
class Reason:
    """A term, or a category, and the logits it adds to a topic."""

    what: str
    logits: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A topic that an article has, and what spoke for it and against it, loudest first."""

    id: str
    name: str
    score: float
    bias: float
    reasons: tuple[Reason, ...]


def explain(article: pa.RecordBatch, tagger: TopicTagger) -> list[Explained]:
    """The topics of the one row of a batch, as `TopicTagger.tag` gives them, best first.

    A topic whose own reasons are weaker than its score has it from a topic below it.
    """
    given = tagger.tag(article)[0].as_py()
    counts = tagger.count(article)
    number = {topic.id: n for n, topic in enumerate(tagger.topics)}
    return [
        Explained(
            topic["id"],
            topic["name"],
            topic["score"],
            float(tagger.weights.bias[number[topic["id"]]]),
            tuple(_reasons(article, counts, tagger, number[topic["id"]])),
        )
        for topic in given
    ]


def _reasons(article: pa.RecordBatch, counts: Counts, tagger: TopicTagger, topic: int) -> list[Reason]:
    weights, reasons = tagger.weights, []
    for feature, value in zip(counts.feature.tolist(), scale(counts, 1).tolist(), strict=True):
        weight = float(weights.weights[feature][weights.topics[feature] == topic].sum())
        if weight:
            reasons.append(Reason(weights.terms[feature], value * weight))
    names = article["categories"].flatten().to_pylist()
    said = tagger.categories.said[tagger.categories.find(article["categories"]), topic]
    reasons += [Reason(f"category {name}", float(said[n])) for n, name in enumerate(names) if said[n]]
    return sorted(reasons, key=lambda reason: -abs(reason.logits))
