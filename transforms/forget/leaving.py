"""What the rows that go were known by: the keys of articles and sightings, and the sources that carried them."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.keys import ENTRY_KEYS
from transforms.forget.doomed import row_keys
from transforms.forget.selection import Ids, Selection

KNOWN_BY = ["article_id", "source", "url", "keys"]
_SHOWN, _EXAMPLES = ["article_id", "url", "source"], 20
_URL, _TEXT = ENTRY_KEYS.index("url"), ENTRY_KEYS.index("text")


@dataclass
class Leaving:
    """Filled as rows are met."""

    selection: Selection
    sources: set[str] = field(default_factory=set)
    examples: list[dict[str, str]] = field(default_factory=list)
    _ids: list[pa.Array] = field(default_factory=lambda: [pa.array([], pa.string())])
    _keys: list[Ids] = field(default_factory=lambda: [np.zeros((0, len(ENTRY_KEYS)), np.uint64)])
    _own_urls: list[Ids] = field(default_factory=lambda: [np.zeros(0, np.uint64)])

    def note_articles(self, rows: pa.Table) -> None:
        """Adds rows of articles, with the columns KNOWN_BY."""
        self._ids.append(rows["article_id"].combine_chunks())
        self.examples += rows.select(_SHOWN).slice(0, _EXAMPLES - len(self.examples)).to_pylist()
        self.note_sightings(rows, np.ones(rows.num_rows, np.bool_))

    def note_sightings(self, rows: pa.Table, of_doomed: NDArray[np.bool_]) -> None:
        """The same of sightings; those of articles that stay have the text, and from its other sources all, of them."""
        keys = row_keys(rows)
        self.sources.update(pc.unique(rows["source"]).to_pylist())
        of_source = pc.is_in(rows["source"], pa.array(self.selection.sources, pa.string())).to_numpy()
        self._own_urls.append(keys[of_source, _URL])
        keys[~of_doomed, slice(None) if self.selection.sources else _TEXT] = 0
        self._keys.append(keys)

    @property
    def articles(self) -> int:
        """How many articles they are of, versions being of one."""
        return len(pc.unique(pa.chunked_array(self._ids)))

    @property
    def keys(self) -> Ids:
        """The ENTRY_KEYS of all of them, of shape (rows, 4)."""
        return np.concatenate(self._keys)

    @property
    def own_urls(self) -> Ids:
        """The keys of the addresses that the selected sources gave."""
        return np.concatenate(self._own_urls)
