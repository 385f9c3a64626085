"""Words as what the encoder reads: the pieces of each, and how it is written."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer

PAD, UNKNOWN, BEGIN, END = 0, 100, 101, 102  # numbers of the vocabulary of BERT, uncased
LONGEST_WORD = 8  # pieces; what follows is left out
CASES = ("none", "lower", "title", "upper", "capital", "mixed", "number", "other")

_KNOWN_WORDS = 1 << 16

Pieces = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """Words in pieces."""

    pieces: Pieces  # of all words, one after the other
    cases: Pieces  # of each piece: index into CASES, that of its word
    starts: Pieces  # number of the first piece of each word, then of all pieces


class WordReader:
    """Cuts words into the pieces of a vocabulary."""

    def __init__(self, vocabulary: Path) -> None:
        tokenizer = Tokenizer(WordPiece.from_file(str(vocabulary), unk_token="[UNK]"))
        tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._encode = tokenizer.encode
        self._read_word = lru_cache(_KNOWN_WORDS)(self._cut)

    def read(self, words: list[str]) -> Words:
        """The pieces of words. A word that has none (a character that is not printed) is unknown."""
        read = [self._read_word(word) for word in words]
        sizes = np.array([len(pieces) for pieces, _ in read], np.int64)
        pieces = np.array([piece for pieces, _ in read for piece in pieces], np.int64)
        cases = np.repeat(np.array([case for _, case in read], np.int64), sizes)
        return Words(pieces, cases, np.append(0, np.cumsum(sizes)))

    def _cut(self, word: str) -> tuple[list[int], int]:
        return self._encode(word, add_special_tokens=False).ids[:LONGEST_WORD] or [UNKNOWN], case_of(word)


def case_of(word: str) -> int:
    """How a word is written, which the vocabulary, all in small letters, does not tell: an index into CASES."""
    if not word[0].isalpha():
        return CASES.index("number" if word[0].isdigit() else "other")
    if word.islower():
        return CASES.index("lower")
    if len(word) == 1:
        return CASES.index("capital")
    if word.isupper():
        return CASES.index("upper")
    return CASES.index("title" if word[0].isupper() and word[1:].islower() else "mixed")
