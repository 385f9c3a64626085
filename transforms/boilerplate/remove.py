"""Boilerplate taken out of packed articles, by the lines that recur in their sources."""

import re
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.flags import TAG_FLAGS
from schemas.lines import LINE_ROWS
from schemas.tables import TAGS
from transforms.boilerplate.lines import comparable, hash_line, normalise_lines
from transforms.boilerplate.strip import Line, strip_lines
from transforms.clean.words import count_words

Rows = NDArray[np.void]
Found = dict[int, tuple[int, int]]  # share and habit of each recurring line

FLAG = "boilerplate_removed"
# With less text left than this an article stays as it is: then it is the lines that recur that say something.
_LEAST = 40  # characters

_GAP = re.compile(r"\n{3,}")
_COLUMNS = ["title", "description", "body", "language", "quality_flags", "lines"]


class Texts(NamedTuple):
    """The texts of an article; None where it has none."""

    description: str | None
    body: str | None


def pack_lines(rows: Rows, counts: list[int]) -> pa.Array:
    """LINE_ROWS as a column of bytes, for articles that have so many rows each."""
    offsets = np.cumsum([0, *counts], dtype=np.int32) * np.int32(LINE_ROWS.itemsize)
    return pa.BinaryArray.from_buffers(
        pa.binary(), len(counts), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(rows.tobytes())]
    )


def unpack_lines(column: pa.ChunkedArray) -> tuple[Rows, NDArray[np.int64]]:
    """The inverse of `pack_lines`: all rows, and how many each article has."""
    counts = pc.binary_length(column).to_numpy() // LINE_ROWS.itemsize
    return np.frombuffer(b"".join(column.to_pylist()), LINE_ROWS), counts


def index_recurring(recurring: Rows) -> Found:
    """RECURRING rows by line."""
    return dict(
        zip(
            recurring["line"].tolist(),
            zip(recurring["share"].tolist(), recurring["habit"].tolist(), strict=True),
            strict=True,
        )
    )


def remove_boilerplate(table: pa.Table, found: Found, wanted: NDArray[np.bool_]) -> tuple[pa.Table, int]:
    """The packed articles, the wanted ones without boilerplate, and how many of them that has changed.

    Their words are counted anew, and they are flagged. Their keys and hashes stay what they were; tags that they have
    already are of the former text, and become null.
    """
    at = np.flatnonzero(wanted & _has_any(table["lines"], found))
    articles = table.select(_COLUMNS).take(at).to_pylist()
    cleaned = {
        int(row): (article, texts)
        for row, article in zip(at, articles, strict=True)
        if (texts := clean_texts(article, found)) != Texts(article["description"], article["body"])
    }
    return (_replace(table, cleaned), len(cleaned)) if cleaned else (table, 0)


def _has_any(column: pa.ChunkedArray, found: Found) -> NDArray[np.bool_]:
    rows, counts = unpack_lines(column)
    hits = np.isin(rows["line"], np.fromiter(found, np.uint64, len(found)))
    articles = np.repeat(np.arange(len(counts)), counts)[hits]
    return np.bincount(articles, minlength=len(counts)) > 0


def clean_texts(article: dict[str, Any], found: Found) -> Texts:
    """The texts of an article without boilerplate; as they are where too little would be left, or no body."""
    title = comparable(article["title"] or "")
    origin = article["lines"][:8]
    before = Texts(article["description"], article["body"])
    after = Texts(*(_clean(text, title, origin, found) if text else text for text in before))
    left = sum(len(text or "") for text in after)
    return before if left < _LEAST or (before.body and not after.body) else after


def _clean(text: str, title: bytes, origin: bytes, found: Found) -> str | None:
    lines = [
        Line(line, normal, *found.get(int.from_bytes(hash_line(normal, origin), "little"), ()))
        for line, normal in zip(text.split("\n"), normalise_lines(text, title), strict=True)
    ]
    kept = strip_lines(lines) if any(line.share for line in lines) else lines
    if len(kept) == len(lines):
        return text
    return _GAP.sub("\n\n", "\n".join([line.text for line in kept])).strip("\n") or None


def _replace(table: pa.Table, cleaned: dict[int, tuple[dict[str, Any], Texts]]) -> pa.Table:
    mask = np.zeros(table.num_rows, bool)
    mask[list(cleaned)] = True
    columns = {
        "description": [texts.description for _, texts in cleaned.values()],
        "body": [texts.body for _, texts in cleaned.values()],
        "word_count": [
            count_words(texts.body or texts.description or "", article["language"])
            for article, texts in cleaned.values()
        ],
    }
    for name, values in columns.items():
        field = table.schema.field(name)
        replaced = pc.replace_with_mask(table[name].combine_chunks(), mask, pa.array(values, field.type))
        table = table.set_column(table.column_names.index(name), field, replaced)
    for name in (name for name in TAGS if name in table.column_names):
        field = table.schema.field(name).with_nullable(True)
        untagged = pc.if_else(mask, pa.scalar(None, field.type), table[name])
        table = table.set_column(table.column_names.index(name), field, untagged)
    flags = [
        sorted({*flags, FLAG}.difference(TAG_FLAGS)) if is_cleaned else flags
        for flags, is_cleaned in zip(table["quality_flags"].to_pylist(), mask, strict=True)
    ]
    field = table.schema.field("quality_flags")
    return table.set_column(table.column_names.index("quality_flags"), field, pa.array(flags, field.type))
