"""What must not come back: a Parquet table of hashes alone."""

import numpy as np
import pyarrow as pa

from schemas.columns import column
from schemas.tables import Table

# What a row is of. TAKEN_DOWN: a key; entries that have it are held back, and documents kept as they came lose them.
# AGED: the same, but documents go by their own age. SOURCE: the hash of one all of whose entries are held back.
# BEFORE: days since the epoch; entries filed earlier are held back. GONE: a key or id that no longer leads anywhere.
TAKEN_DOWN, AGED, SOURCE, BEFORE, GONE = KINDS = range(5)

FORGOTTEN = Table(
    "_keys/forgotten",
    pa.schema(
        [
            column("key", pa.uint64(), "of a URL, a guid within its source, a text; an article; a source; or a day"),
            column("kind", pa.uint8(), "0 taken down, 1 aged, 2 a source, 3 a day: all before it is held back, 4 gone"),
        ]
    ),
    sort=("key", "kind"),
    dated=False,
)

FORGOTTEN_ROWS = np.dtype([("key", np.uint64), ("kind", np.uint8)])
