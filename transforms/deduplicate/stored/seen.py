"""Which articles a stream has met before, as far as one can tell early."""

from functools import lru_cache
from time import monotonic

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.deduplicate.packing import unpack_facts
from transforms.deduplicate.stored.lookup import find_known
from transforms.deduplicate.stored.remembered import KeyFiles, list_key_files, remember

_LOOK_S = 5  # how long after a commit its rows may be overlooked here


def find_seen(table: pa.Table, output: str, near_days: int) -> NDArray[np.bool_]:
    """Which of the packed articles are repeats by what the dataset held some seconds ago.

    A hint: that others are new is told only where they are committed.
    """
    listed = _list(output, int(monotonic()) // _LOOK_S)
    return find_known(unpack_facts(table), remember(listed), near_days).repeats


@lru_cache(maxsize=4)
def _list(output: str, period: int) -> KeyFiles:
    return list_key_files(output)
