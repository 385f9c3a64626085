"""Articles as Arrow rows with their facts beside them, and as bytes for the shuffle."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import FACTS
from schemas.records import Article
from schemas.tables import ARTICLES

# Columns that are copied from the record; deduplication, tagging and writing add the rest.
_TEXTS = [field for field in ARTICLES.schema if field.name in Article.__dataclass_fields__]
_texts = attrgetter(*(field.name for field in _TEXTS))
_FACTS_TYPE = pa.binary(FACTS.itemsize)
_PACKING = pa.ipc.IpcWriteOptions(compression="lz4")
_PACKED = pa.schema([*_TEXTS, pa.field("facts", _FACTS_TYPE)])


def pack(articles: list[Article], facts: NDArray[np.void]) -> pa.Table:
    """A table of the articles' own columns, and a column `facts` of packed FACTS rows."""
    values = list(zip(*map(_texts, articles), strict=True)) or [()] * len(_TEXTS)
    columns = [_column(texts, field) for texts, field in zip(values, _TEXTS, strict=True)]
    return pa.table([*columns, pack_facts(facts)], schema=_PACKED)


def pack_facts(facts: NDArray[np.void]) -> pa.Array:
    """FACTS rows as a column of bytes."""
    return pa.FixedSizeBinaryArray.from_buffers(_FACTS_TYPE, len(facts), [None, pa.py_buffer(facts.tobytes())])


def _column(values: tuple[Any, ...], field: pa.Field) -> pa.Array:
    if field.nullable and field.type == pa.string():
        values = tuple(value or None for value in values)
    return pa.array(values, field.type)


def unpack_facts(table: pa.Table) -> NDArray[np.void]:
    """The FACTS rows of a packed table."""
    packed = table["facts"].combine_chunks()
    return np.frombuffer(packed.buffers()[1], FACTS)[packed.offset : packed.offset + len(packed)]


def to_bytes(table: pa.Table) -> bytes:
    """The table as an Arrow stream: packed, for runners hold several copies in memory while they group."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_PACKING) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def from_bytes(stream: bytes) -> pa.Table:
    """The inverse of `to_bytes`."""
    return pa.ipc.open_stream(stream).read_all()


def in_chunks(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The tables, joined to about `rows` rows at a time: a large group is never a table at once.

    A column that some of those joined lack is null there.
    """
    waiting: list[pa.Table] = []
    size = 0
    for table in tables:
        waiting.append(table)
        size += table.num_rows
        if size >= rows:
            yield pa.concat_tables(waiting, promote_options="default")
            waiting, size = [], 0
    if waiting:
        yield pa.concat_tables(waiting, promote_options="default")
