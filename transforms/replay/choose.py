"""Which stored rejects to try again, some of them at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.tables import REJECTS
from transforms.deduplicate.keys import reject_keys
from transforms.payloads import can_be_tried
from transforms.write.stored import list_files, read_anew, read_row_groups

Keys = NDArray[np.uint64]
_ROWS = 500  # looked at together, with payloads of up to 64 KiB each


@dataclass(frozen=True)
class Choice:
    """Rejects of any of these reasons and sources, or of all where there are none; `until`: committed by then."""

    reasons: list[str]
    sources: list[str]
    until: int  # ingested_at, microseconds since the epoch
    without: Keys  # of those that have been tried


@dataclass
class Chosen:
    """Rows of REJECTS to try now, and their keys; of all looked at until then, how many cannot be tried, by reason."""

    rows: pa.Table
    keys: Keys
    left_out: Counter[str] = field(default_factory=Counter)


def choose(output: str, choice: Choice, most_bytes: int) -> Chosen:
    """The next rejects to try, oldest first, of some more than `most_bytes`, or all.

    Raises DatasetError for a file that cannot be read.
    """
    return read_anew(lambda: _choose(output, choice, most_bytes))


def _choose(output: str, choice: Choice, most_bytes: int) -> Chosen:
    found, keys = [REJECTS.schema.empty_table()], [np.zeros(0, np.uint64)]
    left_out, size = Counter[str](), 0
    for rows in _matching(output, choice):
        can = pa.array([can_be_tried(row) for row in rows.to_pylist()], pa.bool_())
        left_out.update(rows["reason"].filter(pc.invert(can)).to_pylist())
        rows = rows.filter(can)
        of_rows = reject_keys(rows)
        is_next = ~np.isin(of_rows, choice.without)
        found.append(rows.filter(pa.array(is_next)))
        keys.append(of_rows[is_next])
        size += found[-1].nbytes
        if size > most_bytes:
            break
    return Chosen(pa.concat_tables(found), np.unique(np.concatenate(keys)), left_out)


def _matching(output: str, choice: Choice) -> Iterator[pa.Table]:
    for path in list_files(output, REJECTS.name):
        for rows in read_row_groups(path):
            is_chosen = pc.less_equal(rows["ingested_at"].cast(pa.int64()), choice.until)
            for name, wanted in (("reason", choice.reasons), ("source", choice.sources)):
                if wanted:
                    is_chosen = pc.and_(is_chosen, pc.is_in(rows[name], pa.array(wanted, pa.string())))
            rows = rows.filter(is_chosen)
            yield from (rows.slice(at, _ROWS) for at in range(0, rows.num_rows, _ROWS))
