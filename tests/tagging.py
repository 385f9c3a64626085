"""What the tests of tagging share."""

import pyarrow as pa

from schemas.columns import STRINGS

# The columns that taggers read.
SCHEMA = pa.schema(
    [
        ("title", pa.string()),
        ("description", pa.string()),
        ("body", pa.string()),
        ("language", pa.string()),
        ("categories", STRINGS),
        ("quality_flags", STRINGS),
    ]
)
