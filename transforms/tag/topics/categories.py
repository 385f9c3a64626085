"""What publishers' own categories say: `data/categories.tsv`, a topic for each name, whatever its case."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.tag.tables import read_rows
from transforms.tag.topics.tables import read_text
from transforms.tag.topics.taxonomy import Topic, load_topics, raise_parents

# Logits that a category adds: alone it makes its topic likely, and a text may still say otherwise.
SAID = 6.0


@dataclass(frozen=True, slots=True)
class Categories:
    """Names in lower case, and the logits that each adds to the topics; of shape (names + 1, topics), the last 0."""

    names: pa.Array
    said: NDArray[np.float32]

    def find(self, categories: pa.ListArray) -> NDArray[np.int64]:
        """The number of each category of all rows, one after another; that of the last row of `said` for none."""
        names = pc.utf8_lower(pc.utf8_trim_whitespace(categories.flatten()))
        found: NDArray[np.int64] = (
            pc.fill_null(pc.index_in(names, self.names), len(self.names)).to_numpy(False).astype(np.int64)
        )
        return found

    def weigh(self, categories: pa.ListArray) -> NDArray[np.float32]:
        """The logits that each row's categories add; however many say the same, once."""
        said = np.zeros((len(categories), self.said.shape[1]), np.float32)
        names = self.find(categories)
        known = np.flatnonzero(names < len(self.names))
        rows = pc.list_parent_indices(categories).to_numpy(False)[known]
        np.maximum.at(said, rows, self.said[names[known]])
        return said


@lru_cache(maxsize=1)
def load_categories() -> Categories:
    """The table that comes with the package."""
    return parse_categories(read_text("categories.tsv"), load_topics())


def parse_categories(text: str, topics: tuple[Topic, ...]) -> Categories:
    """Categories from a table. Raises ValueError for an unknown topic, or a name that is there twice or capital."""
    number = {topic.id: n for n, topic in enumerate(topics)}
    found: dict[str, int] = {}
    for topic, listed in read_rows(text, ["topic", "categories"]):
        for name in listed.split("|"):
            if topic not in number or name in found or not name or name != name.lower().strip():
                raise ValueError(f"categories: {name!r} of {topic!r}")
            found[name] = number[topic]
    said = np.zeros((len(found) + 1, len(topics)), np.float32)
    said[np.arange(len(found)), list(found.values())] = SAID
    return Categories(pa.array(found, pa.string()), raise_parents(said, topics))
