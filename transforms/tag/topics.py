"""Topics by lexicon: the words of an article speak for IPTC Media Topics."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind
from numpy.typing import NDArray

from schemas.columns import TOPIC
from transforms.tag.grouping import list_offsets, spread
from transforms.tag.lexicon import Term, Topic, load_terms, load_topics
from transforms.tag.text import FIELDS, BatchText, Flags, Hits, find_words, join_fields, to_patterns

# How much a word counts by where it stands; the publisher's categories speak as loud as the title.
_FIELD_WEIGHTS = np.array([3.0, 1.5, 1.0, 3.0])
_LONG = 1200.0  # bytes of a text that its length makes no allowance for
_HALF = 6.0  # evidence that scores one half
_LEAST = 0.4  # score of a topic that is kept
_NEXT = 0.4  # share of the best top-level topic's evidence that another needs
_MOST = 3  # second-level topics of an article

_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")

Evidence = NDArray[np.float64]


class LexiconTagger:
    """Finds the topics of English texts, and of texts whose language is unsure; others have none.

    A term counts by its weight times the root of how often it occurs, a title's word thrice, a category's
    too. The evidence for a topic is the sum, over the root of the length of the text. Its score is
    e / (e + 6), from 0 to 1: a measure of evidence, not a probability. The evidence for a top-level topic is
    the sum of its own and of all below it; only those with 0.4 of the best one's evidence or more count. Of
    the topics below these an article keeps up to three with a score of 0.4 or more, and their top-level
    topics with them. Where there is none, the best top-level topic may stand alone.
    """

    def __init__(self, topics: tuple[Topic, ...], terms: tuple[Term, ...]) -> None:
        topics = tuple(sorted(topics, key=lambda topic: (topic.parent or topic.id, topic.id)))
        self._ids = pa.array([topic.id for topic in topics], pa.string())
        self._names = pa.array([topic.name for topic in topics], pa.string())
        number = {topic.id: n for n, topic in enumerate(topics)}
        self._top = np.array([not topic.parent for topic in topics])
        tops = [topic.id for topic in topics if not topic.parent]
        self._branch = np.array([tops.index(topic.parent or topic.id) for topic in topics])
        self._branches = np.searchsorted(self._branch, np.arange(len(tops)))  # the first topic of each
        patterns = _patterns(terms)
        speaks = [(number[term.topic], term.weight) for found in patterns.values() for term in found]
        self._search = BytesAhoCorasick(
            list(patterns), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
        )
        self._open_ended = np.array([any(t.open_ended for t in found) for found in patterns.values()])
        self._counts = np.array([len(found) for found in patterns.values()])
        self._firsts = np.cumsum(self._counts) - self._counts
        self._topics = np.array([topic for topic, _ in speaks])
        self._weights = np.array([weight for _, weight in speaks])

    def tag(self, batch: pa.RecordBatch) -> pa.ListArray:
        """A list of TOPIC for each row, best first."""
        categories = pc.binary_join(batch["categories"], "\n\n")
        text = join_fields([*(batch[field] for field in FIELDS), categories])
        lower = np.frombuffer(text.data.tobytes().translate(_LOWER), np.uint8)
        evidence = self._weigh(find_words(self._search, lower, self._open_ended), text, batch.num_rows)
        english = pc.is_in(batch["language"], pa.array(["en", "und"])).to_numpy(False)
        evidence[~english] = 0.0
        return self._to_lists(*self._choose(evidence))

    def _weigh(self, hits: Hits, text: BatchText, rows: int) -> Evidence:
        """Evidence for each topic, by row."""
        fields = text.fields_at(hits.start)
        patterns = len(self._open_ended)
        keys, member = np.unique(fields // text.width * patterns + hits.pattern, return_inverse=True)
        often = np.sqrt(np.bincount(member, _FIELD_WEIGHTS[fields % text.width], len(keys)))
        pattern = keys % patterns
        term, speaks = spread(self._firsts[pattern], self._counts[pattern])
        cell = (keys // patterns)[term] * len(self._top) + self._topics[speaks]
        evidence = np.bincount(cell, self._weights[speaks] * often[term], rows * len(self._top))
        sizes = text.sizes.reshape(rows, text.width)[:, : len(FIELDS)].sum(axis=1)
        weighed: Evidence = evidence.reshape(rows, -1) / np.sqrt(1 + sizes / _LONG)[:, None]
        return weighed

    def _choose(self, evidence: Evidence) -> tuple[Flags, Evidence]:
        """Which topics each row keeps, and all scores."""
        branch = np.add.reduceat(evidence, self._branches, axis=1)
        above = branch[:, self._branch]  # evidence for the top-level topic and all below it
        evidence = np.where(self._top, above, evidence)
        scores = evidence / (evidence + _HALF)
        clear = (scores >= _LEAST) & (above >= _NEXT * branch.max(axis=1, keepdims=True))
        second = np.where(self._top | ~clear, 0.0, evidence)
        rank = np.argsort(np.argsort(-second, axis=1), axis=1)
        kept = (second > 0) & (rank < _MOST)
        best: Flags = above == above.max(axis=1, keepdims=True)
        alone = ~kept.any(axis=1, keepdims=True) & self._top & clear & best
        kept |= np.logical_or.reduceat(kept, self._branches, axis=1)[:, self._branch] & self._top
        return kept | alone, scores

    def _to_lists(self, kept: Flags, scores: Evidence) -> pa.ListArray:
        rows, topics = np.nonzero(kept)
        order = np.lexsort((topics, -scores[rows, topics], rows))
        which = pa.array(topics[order])
        values = [
            self._ids.take(which),
            self._names.take(which),
            pa.array(scores[rows, topics][order], pa.float32()),
        ]
        structs = pa.StructArray.from_arrays(values, fields=list(TOPIC))
        return pa.ListArray.from_arrays(list_offsets(kept.sum(axis=1)), structs)


def _patterns(terms: tuple[Term, ...]) -> dict[bytes, list[Term]]:
    """The terms that each pattern stands for; a term with an apostrophe has two patterns."""
    texts = [term.text for term in terms]
    spelled = [to_patterns(texts), to_patterns([text.replace("'", "’") for text in texts])]
    patterns: dict[bytes, list[Term]] = {}
    for term, *spellings in zip(terms, *spelled, strict=True):
        for pattern in dict.fromkeys(spellings):
            patterns.setdefault(pattern, []).append(term)
    return patterns


def load_topic_tagger() -> LexiconTagger:
    """The tagger over the lexicon that comes with the package."""
    return LexiconTagger(load_topics(), load_terms())
