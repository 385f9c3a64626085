"""The text of a batch as one run of bytes that an automaton reads in one pass."""

from dataclasses import dataclass, fields
from itertools import accumulate, chain, pairwise
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import BytesAhoCorasick
from numpy.typing import NDArray

FIELDS = ("title", "description", "body")

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_GAP = "\n\n"  # two delimiters: no phrase goes on from one field to the next
_SPACE = ord(" ")
_WORD = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$@"
_ARABIC = np.isin(np.arange(256), [0x8C, 0x9B, 0x9F])  # second bytes of comma, semicolon and question mark
_SPACED = bytes(byte if byte >= 0x80 or byte in _WORD else _SPACE for byte in range(256))


@dataclass(frozen=True, slots=True)
class BatchText:
    """The fields of all rows, joined. Field f of row r is number r * width + f."""

    data: Bytes  # UTF-8 with every delimiter turned into spaces, byte for byte
    starts: Ints  # byte offset of each field
    sizes: Ints  # bytes of each field
    width: int  # fields of a row
    raw: Bytes

    def fields_at(self, offsets: Ints) -> Ints:
        """The number of the field that each byte offset falls into."""
        found: Ints = np.searchsorted(self.starts, offsets, side="right") - 1
        return found

    def rows_at(self, offsets: Ints) -> Ints:
        """The number of the row that each byte offset falls into."""
        return self.fields_at(offsets) // self.width

    def to_code_points(self, offsets: Ints) -> Ints:
        """Code points from the start of its field to each byte offset."""
        continued = np.flatnonzero((self.raw & 0xC0) == 0x80)
        begins = self.starts[self.fields_at(offsets)]
        before = np.searchsorted(continued, offsets) - np.searchsorted(continued, begins)
        inside: Ints = offsets - begins - before
        return inside


@dataclass(frozen=True, slots=True)
class Stretches:
    """Parts of the text in text order, as columns: arrays of one length."""

    start: Ints  # byte offset into BatchText.raw
    end: Ints  # exclusive

    def filter(self, keep: Flags) -> Self:
        """Those where `keep` is true."""
        return type(self)(*(column[keep] for column in self._columns()))

    def merge(self, other: Self) -> Self:
        """Both, in text order."""
        order = np.argsort(np.concatenate([self.start, other.start]), kind="stable")
        pairs = zip(self._columns(), other._columns(), strict=True)
        return type(self)(*(np.concatenate(pair)[order] for pair in pairs))

    def _columns(self) -> list[NDArray[Any]]:
        return [getattr(self, field.name) for field in fields(self)]


@dataclass(frozen=True, slots=True)
class Hits(Stretches):
    """Occurrences of patterns as whole words. The pattern's leading space is part of neither."""

    pattern: Ints
    follows: Flags  # exactly one delimiter lies between this hit and the one before it when all were found


def join_fields(columns: list[pa.Array]) -> BatchText:
    """Join string columns row by row; null is the empty text."""
    filled = [pc.fill_null(column, "") for column in columns]
    joined = pc.binary_join_element_wise("", *filled, "", _GAP)
    buffer = joined.buffers()[2]
    raw = np.frombuffer(buffer, np.uint8) if buffer else np.zeros(0, np.uint8)
    rows = np.frombuffer(joined.buffers()[1], np.int32)[: len(joined)].astype(np.int64)
    lengths = np.stack([pc.binary_length(column).to_numpy() for column in filled], axis=1).astype(np.int64)
    ahead = np.cumsum(lengths + len(_GAP), axis=1) - lengths
    starts = (rows[:, None] + ahead).ravel()
    return BatchText(space_out(raw), starts, lengths.ravel(), len(columns), raw)


def space_out(raw: Bytes) -> Bytes:
    """UTF-8 with all but letters, digits and `_$@` turned into spaces, byte for byte.

    Beyond ASCII, symbols and punctuation of U+0080-00BF, U+2000-2BFF, U+3000-303F and U+1F000-1FFFF and the marks
    of Arabic and Urdu are delimiters; all else counts as a letter.
    """
    data = np.frombuffer(bytearray(raw.tobytes().translate(_SPACED)), np.uint8)
    at = np.flatnonzero(raw >= 0xC2)
    lead, second = raw[at], raw[at + 1]
    symbol = (
        (lead == 0xC2)
        | ((lead == 0xE2) & (second < 0xB0))
        | ((lead == 0xE3) & (second == 0x80))
        | ((lead == 0xF0) & (second == 0x9F))
        | ((lead == 0xD8) & _ARABIC[second])
        | ((lead == 0xDB) & (second == 0x94))
    )
    at, lead = at[symbol], lead[symbol]
    for byte, least in enumerate((0xC2, 0xC2, 0xE0, 0xF0)):
        data[at[lead >= least] + byte] = _SPACE
    return data


def to_patterns(names: list[str]) -> list[bytes]:
    """Names as they stand in spaced-out text, each with the delimiter before it."""
    encoded = [name.encode() for name in names]
    data = space_out(np.frombuffer(b"".join(encoded), np.uint8)).tobytes()
    ends = list(accumulate(map(len, encoded), initial=0))
    return [b" " + data[start:end].rstrip() for start, end in pairwise(ends)]


def find_words(automaton: BytesAhoCorasick, data: Bytes, open_ended: Flags) -> Hits:
    """Matches that end at a delimiter, or of a pattern that may go on within the word."""
    found = automaton.find_matches_as_indexes(data.data)
    flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found)).reshape(-1, 3)
    whole = (data[flat[:, 2]] == _SPACE) | open_ended[flat[:, 0]]
    pattern, start, end = flat[whole].T
    follows = np.zeros(len(start), np.bool_)
    follows[1:] = start[1:] == end[:-1]
    return Hits(start + 1, end, pattern, follows)
