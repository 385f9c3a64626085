"""What each character is to the words of a text, as tables by UTF-16 code unit."""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

LETTER_WORD, UNSPACED, JOINS_DIGITS, ENDS_SENTENCE = 1, 2, 4, 8

# Scripts written without spaces, as ranges of code points: those whose characters are a word each (Chinese,
# Japanese), and those whose characters are letters (Thai, Lao, Burmese, Khmer).
_LETTER_WORDS = (
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
)
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
FIRST_UNSPACED = 0x0E00


@cache
def folded() -> NDArray[np.uint16]:
    """Letters in lower case, decimal digits as ASCII ones; 0 for what ends a word, surrogates among it."""
    return np.array([_fold(chr(code)) for code in range(0x10000)], np.uint16)


@cache
def kinds() -> NDArray[np.uint8]:
    """Sums of the constants above."""
    kinds = np.zeros(0x10000, np.uint8)
    for ranges, kind in ((_LETTER_WORDS, LETTER_WORD), (_UNSPACED, UNSPACED)):
        for first, last in ranges:
            kinds[first : last + 1] |= kind
    for character in ".,:'’\u00a0\u202f\u066b\u066c":
        kinds[ord(character)] |= JOINS_DIGITS
    for character in '.!?:;…\n\0"“”„«»‹›‘(•·–—*|。！？؟।':
        kinds[ord(character)] |= ENDS_SENTENCE
    return kinds


def _fold(character: str) -> int:
    if unicodedata.category(character)[0] not in "LMN":
        return 0
    digit = unicodedata.decimal(character, None)
    lower = character.lower()
    return ord(lower if len(lower) == 1 else character) if digit is None else ord("0") + digit
