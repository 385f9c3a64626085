"""Which rows of a partition are articles as they are now: the newest text of each, or the one it went back to."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.check.rows import parse_ids

_TEXTS = np.dtype([("article", np.uint64), ("content", np.uint64), ("at", np.int64), ("version", np.int32)])
Texts = NDArray[np.void]
COLUMNS = ("article_id", "content_hash", "ingested_at", "version")


@dataclass
class Returns:
    """Which articles went back to which earlier text, and when; few, so all are held."""

    _found: list[Texts] = field(default_factory=list)

    def add(self, sightings: pa.Table) -> None:
        """Take in those sightings that are returns; needs `relation` and the columns of articles but `version`."""
        reverted = sightings.filter(pc.equal(sightings["relation"], "reverted"))
        if reverted.num_rows:
            version = pa.chunked_array([np.zeros(reverted.num_rows, np.int32)])
            self._found.append(_texts(reverted.append_column("version", version)))

    def all(self) -> Texts:
        """All returns, as texts of version 0."""
        return np.concatenate([np.zeros(0, _TEXTS), *self._found])


def find_current(rows: pa.Table, returns: Texts) -> NDArray[np.bool_]:
    """Which rows of a partition are current, one for each article; all versions of an article are in one partition."""
    texts = _texts(rows)
    returned = returns[np.isin(returns["article"], texts["article"])]
    if not len(returned) and (texts["version"] == 1).all() and len(np.unique(texts["article"])) == len(texts):
        return np.ones(len(texts), np.bool_)
    every = np.concatenate([texts, returned])
    every = every[np.lexsort((every["version"], every["at"], every["article"]))]
    newest = every[np.append(every["article"][1:] != every["article"][:-1], True)]
    is_newest = newest["content"][np.searchsorted(newest["article"], texts["article"])] == texts["content"]
    at = np.flatnonzero(is_newest)
    at = at[np.lexsort((texts["version"][at], texts["article"][at]))]
    _, first = np.unique(texts["article"][at], return_index=True)
    current = np.zeros(len(texts), np.bool_)
    current[at[first]] = True
    return current


def _texts(rows: pa.Table) -> Texts:
    texts = np.zeros(rows.num_rows, _TEXTS)
    texts["article"], texts["content"] = parse_ids(rows["article_id"]), parse_ids(rows["content_hash"])
    texts["at"] = rows["ingested_at"].cast(pa.int64()).to_numpy()
    texts["version"] = rows["version"].to_numpy()
    return texts
