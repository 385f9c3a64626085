"""Whether a feed is polled well, fails, or is gone."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

STATES = ("failing", "gone", "ok")


def states_of(feeds: pa.Table) -> pa.Array:
    """One of STATES for each row of the feeds table."""
    failing, gone = (feeds[name].combine_chunks() for name in ("failures", "gone_at"))
    return pc.if_else(pc.is_valid(gone), "gone", pc.if_else(pc.greater(failing, 0), "failing", "ok"))


def count_states(feeds: pa.Table) -> dict[str, int]:
    """How many feeds are in each of STATES."""
    return dict.fromkeys(STATES, 0) | Counter(states_of(feeds).to_pylist())
