"""What is remembered of the lines of articles, by source: a Parquet table, and the packed rows to work on.

A row is one line of one article. Hashes are the first 8 bytes of BLAKE2b digests; that of a line is taken
within its origin, so equal lines of two sources have two hashes.
"""

import numpy as np
import pyarrow as pa

from schemas.columns import column
from schemas.tables import Table

LINES = Table(
    "_lines",
    pa.schema(
        [
            column("origin", pa.uint64(), "hash of the feed, publisher or folder that the article is of"),
            column("article", pa.uint64(), "the stored article"),
            column("line", pa.uint64(), "hash of the normalised line within its origin"),
            column("day", pa.int32(), "days since the epoch: the date the article is filed under"),
            column("text", pa.uint16(), "low bits of the hash of the text: the versions of an article differ"),
            column("size", pa.uint16(), "bytes of the normalised line"),
            column("place", pa.uint8(), "in order, lines of the description from 0, of the body from 128"),
        ]
    ),
    sort=("origin", "day", "article", "text", "place"),
    dictionary=("origin", "article", "day", "text"),
    dated=False,
)

LINE_ROWS = np.dtype(
    [
        ("origin", np.uint64),
        ("article", np.uint64),
        ("line", np.uint64),
        ("day", np.int32),
        ("text", np.uint16),
        ("size", np.uint16),
        ("place", np.uint8),
    ]
)
BODY_PLACE = 128

# How a line recurs in its source: `share` in percent of the source's stories.
RECURRING = np.dtype([("line", np.uint64), ("share", np.uint8), ("habit", np.uint8)])
CLOSES, OPENS, REPEATS = 1, 2, 4  # habits: it is among the last lines, among the first, often twice in a story
