"""Topics of a batch of articles, by a linear model over their words and the publisher's categories."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.columns import STRINGS, TOPIC
from transforms.tag.grouping import list_offsets
from transforms.tag.topics.categories import Categories, load_categories
from transforms.tag.topics.features import FIELDS, Counts, count, field_texts, scale
from transforms.tag.topics.taxonomy import Topic, load_topics, raise_parents
from transforms.tag.topics.weights import Weights, find_terms, load_weights

# The columns that are read.
ARTICLE = pa.schema([*((name, pa.string()) for name in (*FIELDS, "language")), ("categories", STRINGS)])

_ROWS = 250  # at a time: their arrays stay in the processor's cache
LEAST = 0.25  # probability of a topic that is given
_LANGUAGES = ("en", "und")

Table = NDArray[np.float32]  # of shape (rows, topics)


@dataclass(frozen=True, slots=True)
class TopicTagger:
    """Finds the topics of English texts, and of texts whose language is unsure; others have none.

    For each topic the logit is a bias and a sum over the words, and pairs of neighbouring words, of the beginning of
    title, description and body: the term's weight times the root of its count, over the length of the vector of such
    values. Each category that the table knows adds to its topic and those above. The score is the probability of the
    logit, calibrated on stories that people have labelled; no topic scores higher than the one above it. Those of
    .25 or more are given.
    """

    topics: tuple[Topic, ...]
    weights: Weights
    categories: Categories

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of TOPIC for each row, best first."""
        scores = raise_parents(sigmoid(self.judge(batch)), self.topics)
        scores[~pc.is_in(batch["language"], pa.array(_LANGUAGES)).to_numpy(False)] = 0
        return self._to_lists(scores)

    def judge(self, batch: pa.RecordBatch) -> Table:
        """The logits of each row's topics."""
        parts = [self._weigh(batch.slice(start, _ROWS)) for start in range(0, batch.num_rows, _ROWS)]
        said = np.concatenate([np.zeros((0, len(self.topics)), np.float32), *parts])
        return said + self.weights.bias + self.categories.weigh(batch["categories"])

    def count(self, batch: pa.RecordBatch) -> Counts:
        """How often each row has each term of the model."""
        text, feature = find_terms(field_texts(batch), self.weights.features)
        return count(text, feature, len(self.weights.terms))

    def _weigh(self, batch: pa.RecordBatch) -> Table:
        counts = self.count(batch)
        said = self.weights.weights[counts.feature] * scale(counts, batch.num_rows)[:, None]
        cell = counts.row[:, None] * len(self.topics) + self.weights.topics[counts.feature]
        sums = np.bincount(cell.ravel(), said.ravel(), batch.num_rows * len(self.topics))
        return sums.reshape(-1, len(self.topics)).astype(np.float32)

    def _to_lists(self, scores: Table) -> pa.ListArray:
        rows, topics = np.nonzero(scores >= LEAST)
        score = scores[rows, topics]
        order = np.lexsort((topics, -score, rows))
        which = pa.array(topics[order])
        values = [
            pa.array([topic.id for topic in self.topics], pa.string()).take(which),
            pa.array([topic.name for topic in self.topics], pa.string()).take(which),
            pa.array(score[order], pa.float32()),
        ]
        structs = pa.StructArray.from_arrays(values, fields=list(TOPIC))
        return pa.ListArray.from_arrays(list_offsets(np.bincount(rows, minlength=len(scores))), structs)


def sigmoid(logits: Table) -> Table:
    """Probabilities of logits."""
    probabilities: Table = np.reciprocal(1 + np.exp(-logits), dtype=np.float32)
    return probabilities


def load_topic_tagger() -> TopicTagger:
    """The tagger with the weights that come with the package."""
    return TopicTagger(load_topics(), load_weights(), load_categories())
