"""Prepares the commit of a replay: what is a reject no more leaves the rejects, and is not remembered as one."""

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import EXACT
from schemas.tables import REJECTS
from transforms.deduplicate.keys import reject_keys
from transforms.replay.tried import Tried, read_noted
from transforms.write.staged import Staged
from transforms.write.stored import row_count
from transforms.write.take_out import take_out


def leave(staged: Staged, tried: Tried) -> None:
    """Take out, of the rejects that were tried, those that did not come out as they had gone in; to be done last.

    Their rows are found wherever compactions have moved them; those that others have taken out meanwhile are gone.
    The manifest says how many left, by reason.
    """
    leaving = np.setdiff1d(tried.keys, read_noted(staged.run.staging))
    left = Counter[str]()

    def leaves(rows: pa.Table) -> NDArray[np.bool_]:
        is_out: NDArray[np.bool_] = np.isin(reject_keys(rows), leaving)
        left.update(rows["reason"].filter(pa.array(is_out)).to_pylist())
        return is_out

    if len(leaving):
        take_out(staged, REJECTS, ["stage", "reason", "source", "payload"], leaves, tried.days)
        take_out(staged, EXACT, ["key"], lambda rows: np.isin(rows["key"].to_numpy(), leaving))
    counts = staged.manifest["counts"]
    counts["rows_rejects"] = sum(row_count(part.path) for part in staged.of(REJECTS))  # with those left in their files
    staged.manifest["replayed"] = {"tried": len(tried.keys), "left": dict(sorted(left.items()))}
