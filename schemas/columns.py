"""Arrow types that several tables share, and the shorthand that gives every field its description."""

import pyarrow as pa

TEXT = pa.string()
TIME = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(TEXT)
# Not of fixed size: pyarrow writes a null list of fixed size and cannot read it back (apache/arrow#35692).
SIGNATURE = pa.list_(pa.uint16())
KEY_LIST = pa.list_(pa.uint64())
MENTION = pa.struct([("field", TEXT), ("start", pa.int32()), ("end", pa.int32())])
ENTITY = pa.struct(
    [
        ("name", TEXT),
        ("type", TEXT),
        ("uri", TEXT),
        ("score", pa.float32()),
        ("mentions", pa.list_(MENTION)),
    ]
)
PLACE = pa.struct(
    [
        ("name", TEXT),
        ("uri", TEXT),
        ("country_code", TEXT),
        ("lat", pa.float32()),
        ("lon", pa.float32()),
        ("score", pa.float32()),
    ]
)
TOPIC = pa.struct([("id", TEXT), ("name", TEXT), ("score", pa.float32())])


def column(name: str, kind: pa.DataType, description: str) -> pa.Field:
    """A field that is never null and carries its description; empty lists stand for nothing found."""
    return pa.field(name, kind, nullable=False, metadata={"description": description})


def optional(name: str, kind: pa.DataType, description: str) -> pa.Field:
    """A field that is null where the value is unknown."""
    return column(name, kind, description).with_nullable(True)
