"""The topics, in `data/topics.tsv`: IPTC Media Topics (codes and names of 2023-10-24, by the IPTC, CC BY 4.0).

The top level, the second, and diplomacy of the third: id (the NewsCodes QCode, `medtop:` and eight digits), name
(English), parent (the id of the topic above, empty at the top).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from transforms.tag.tables import read_rows
from transforms.tag.topics.tables import read_text

_ID = re.compile(r"medtop:[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Topic:
    """A Media Topic; `parent` is the id of the topic above it, empty at the top."""

    id: str
    name: str
    parent: str


@lru_cache(maxsize=1)
def load_topics() -> tuple[Topic, ...]:
    """The topics, each after its parent. Raises ValueError, naming the row, where the data break a rule."""
    return tuple(parse_topics(read_text("topics.tsv")))


def parse_topics(text: str) -> list[Topic]:
    """Topics from a table. Raises ValueError for a row that is malformed, there twice or before its parent."""
    topics: dict[str, Topic] = {}
    for row in read_rows(text, ["id", "name", "parent"]):
        topic = Topic(*row)
        known = not topic.parent or topic.parent in topics
        if not (_ID.fullmatch(topic.id) and topic.name and known) or topic.id in topics:
            raise ValueError(f"topics: {topic}")
        topics[topic.id] = topic
    return list(topics.values())


def parents(topics: tuple[Topic, ...]) -> NDArray[np.int64]:
    """The number of the topic above each; its own at the top."""
    number = {topic.id: n for n, topic in enumerate(topics)}
    return np.array([number[topic.parent or topic.id] for topic in topics])


def raise_parents(scores: NDArray[np.float32], topics: tuple[Topic, ...]) -> NDArray[np.float32]:
    """The scores, of shape (rows, topics), changed in place: none is lower than that of a topic below it."""
    above = parents(topics)
    for topic in reversed(range(len(above))):  # each comes after the one above it
        scores[:, above[topic]] = np.maximum(scores[:, above[topic]], scores[:, topic])
    return scores
