"""Letters of UTF-8 by case, byte for byte, in ASCII and in the scripts of two bytes a letter."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from transforms.tag.text import Bytes, Flags, Ints

_ASCII = np.arange(0x80, dtype=np.uint8)


@lru_cache(maxsize=1)
def _capitals() -> NDArray[np.uint16]:
    """The lower case of each code point below U+0800 that is a capital, else 0."""
    lower = np.zeros(0x800, np.uint16)
    for code in range(0x800):
        small = chr(code).lower()
        if chr(code).isupper() and len(small) == 1 and ord(small) < 0x800 and (code < 0x80) == (ord(small) < 0x80):
            lower[code] = ord(small)
    return lower


def fold(raw: Bytes) -> tuple[Bytes, Flags]:
    """The bytes with capitals in lower case, and which bytes begin a capital."""
    table = _capitals()
    ascii_lower = np.arange(256, dtype=np.uint8)
    ascii_lower[:0x80] = np.where(table[:0x80] > 0, table[:0x80], _ASCII)
    folded = np.frombuffer(bytearray(raw.tobytes().translate(ascii_lower.tobytes())), np.uint8)
    capital = folded != raw
    lead = np.flatnonzero((raw >= 0xC2) & (raw < 0xE0))
    _fold_pairs(folded, capital, lead[lead + 1 < len(raw)], table)
    return folded, capital


def _fold_pairs(folded: Bytes, capital: Flags, lead: Ints, table: NDArray[np.uint16]) -> None:
    code = (folded[lead].astype(np.uint16) & 0x1F) << 6 | folded[lead + 1] & 0x3F
    small = table[code]
    at, small = lead[small > 0], small[small > 0]
    capital[at] = True
    folded[at] = 0xC0 | small >> 6
    folded[at + 1] = 0x80 | small & 0x3F
