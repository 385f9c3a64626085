"""Text split into tokens and sentences, for the models that find names."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.tag.text import BatchText, Bytes, Flags, Ints

LONGEST_SENTENCE = 120  # tokens

_WORD_BYTES = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SPACE, _WORD, _MARK, _TAIL = range(4)  # _TAIL: a later byte of a mark
_CLASSES = np.full(256, _WORD, np.uint8)
_CLASSES[:0x80] = _MARK
_CLASSES[list(_WORD_BYTES)] = _WORD
_CLASSES[[*range(0x21), 0x7F]] = _SPACE
_MARGIN = 8  # bytes of space around the text, so that neighbours can be read without a check
_NEWLINE, _DOT, _COMMA, _APOSTROPHE, _QUOTE = (ord(char) for char in "\n.,'\"")


def _flags(chars: str) -> Flags:
    flags = np.zeros(256, np.bool_)
    flags[list(chars.encode("latin-1"))] = True
    return flags


_CAPITAL, _DIGIT = _flags("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), _flags("0123456789")
_STOP, _CLOSER = _flags(".!?"), _flags("\"')]")
_OPENER = _CAPITAL | _DIGIT | _flags("\"'([")
_OPENER[0xC3:0xE3] = True  # capitals and quotes beyond ASCII; small letters are rare after a stop and space


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words and marks, in text order."""

    start: Ints  # byte offset into BatchText.raw
    end: Ints  # exclusive
    sentences: Ints  # number of the first token of each sentence, then the number of tokens


def tokenize(text: BatchText, fields: Flags) -> Tokens:
    """The tokens of those fields whose flag is true.

    A run of letters and digits is a token, every other visible character one of its own, but for the dots of
    initials (`J.`, `U.S.`), marks within numbers (`1,000`), an apostrophe within a name (`O'Brien`) and one before
    an ending (`'s`, `'re`). Whether spaces stand between tokens does not matter otherwise. A sentence ends at a line's
    end and at a stop before space and a capital, a digit or a quote, and never has more than LONGEST_SENTENCE tokens.
    """
    raw = np.pad(text.raw, _MARGIN, constant_values=ord(" "))
    classes = _classify(raw)
    visible, joined = classes != _SPACE, _joined(raw, classes)
    start = np.flatnonzero(visible & ~joined)
    end = np.flatnonzero(visible[:-1] & ~joined[1:]) + 1
    if not fields.all():
        kept = fields[text.fields_at(start - _MARGIN)]
        start, end = start[kept], end[kept]
    return Tokens(start - _MARGIN, end - _MARGIN, _sentences(raw, start, end))


def token_texts(text: BatchText, tokens: Tokens) -> list[str]:
    """Each token as it is written."""
    raw = text.raw.tobytes()
    return [raw[start:end].decode() for start, end in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)]


def _classify(raw: Bytes) -> Bytes:
    """The class of each byte: those of a character beyond ASCII are letters, punctuation, symbols or spaces."""
    classes = _CLASSES[raw]
    at = np.flatnonzero(raw >= 0xC2)
    lead, second, third = raw[at], raw[at + 1], raw[at + 2]
    general = (lead == 0xE2) & (second == 0x80)
    space = (lead == 0xC2) & (second <= 0xA0) | (lead == 0xE3) & (second == 0x80) & (third == 0x80)
    space |= general & ((third <= 0x8F) | (third >= 0xA8) & (third <= 0xAF)) | (lead == 0xEF) & (second == 0xBB)
    letter_like = (second == 0xAA) | (second == 0xB5) | (second == 0xBA)
    mark = (lead == 0xC2) & ~letter_like | (lead == 0xE2) & (second < 0xB0) | (lead == 0xE3) & (second == 0x80)
    mark |= (lead == 0xF0) & (second == 0x9F)
    for chosen, first, later in ((mark, _MARK, _TAIL), (space, _SPACE, _SPACE)):
        for byte, least in enumerate((0xC2, 0xC2, 0xE0, 0xF0)):
            classes[at[chosen & (lead >= least)] + byte] = later if byte else first
    return classes


def _joined(raw: Bytes, classes: Bytes) -> Flags:
    """Whether each byte continues the token of the byte before it."""
    word = classes == _WORD
    joined: Flags = classes == _TAIL
    joined[1:] |= word[1:] & word[:-1]
    _join_marks_in_numbers(raw, joined)
    _join_initials(raw, word, joined)
    _join_apostrophes(raw, word, joined)
    return joined


def _join_marks_in_numbers(raw: Bytes, joined: Flags) -> None:
    marks = np.flatnonzero((raw == _DOT) | (raw == _COMMA))
    inside = marks[_DIGIT[raw[marks - 1]] & _DIGIT[raw[marks + 1]]]
    joined[inside] = joined[inside + 1] = True


def _join_initials(raw: Bytes, word: Flags, joined: Flags) -> None:
    dots = np.flatnonzero(raw == _DOT)
    dots = dots[_CAPITAL[raw[dots - 1]] & ~word[dots - 2]]
    last = (raw[dots + 1] == _NEWLINE) & (raw[dots - 2] != _DOT)  # `Malcolm X.` at the end of a line is no initial
    dots = dots[~last]
    joined[dots] = True
    after = dots[_CAPITAL[raw[dots + 1]] & ~word[dots + 2]]
    joined[after + 1] = True


def _join_apostrophes(raw: Bytes, word: Flags, joined: Flags) -> None:
    plain = np.flatnonzero(raw == _APOSTROPHE)
    curly = np.flatnonzero(raw == 0xE2)
    curly = curly[(raw[curly + 1] == 0x80) & (raw[curly + 2] == 0x99)]
    at = np.concatenate([plain, curly])
    after = at + np.repeat([1, 3], [len(plain), len(curly)])
    first, second = raw[after] | 0x20, raw[after + 1] | 0x20
    short = np.isin(first, np.frombuffer(b"stdm", np.uint8)) & ~word[after + 1]
    pairs = first.astype(np.int64) << 8 | second
    long = np.isin(pairs, [int.from_bytes(pair) for pair in (b"re", b"ll", b"ve")]) & ~word[after + 2] & word[after + 1]
    ending = (short | long) & word[after]
    inside = ~ending & word[at - 1] & word[after]
    joined[after[ending | inside]] = True
    joined[at[inside]] = True


def _sentences(raw: Bytes, start: Ints, end: Ints) -> Ints:
    """The numbers of the tokens that begin a sentence, then of all tokens."""
    begins = np.zeros(len(start) + 1, np.bool_)
    begins[[0, -1]] = True
    begins[np.searchsorted(start, np.flatnonzero(raw == _NEWLINE))] = True
    begins[1:-1] |= _stops(raw, start, end)[:-1] & (start[1:] > end[:-1]) & _OPENER[raw[start[1:]]]
    first = np.flatnonzero(begins)
    inside = np.arange(len(begins)) - np.repeat(first, np.diff(first, append=len(begins)))
    return np.flatnonzero(begins | (inside > 0) & (inside % LONGEST_SENTENCE == 0))


def _stops(raw: Bytes, start: Ints, end: Ints) -> Flags:
    """Whether each token is a full stop that ends a sentence, or a closing quote right after one."""
    one = end - start == 1
    stops: Flags = one & _STOP[raw[start]]
    stops[_abbreviations(raw, start, end, stops) + 1] = False
    curly = (raw[start] == 0xE2) & (raw[start + 1] == 0x80) & ((raw[start + 2] == 0x99) | (raw[start + 2] == 0x9D))
    closers = one & _CLOSER[raw[start]] | curly
    for _ in range(2):
        stops[1:] |= closers[1:] & stops[:-1] & (start[1:] == end[:-1])
    return stops


def _abbreviations(raw: Bytes, start: Ints, end: Ints, stops: Flags) -> Ints:
    """The numbers of the abbreviated words before a full stop."""
    dots = np.flatnonzero(stops & (raw[start] == _DOT))
    dots = dots[dots > 0]
    words = dots[end[dots - 1] == start[dots]] - 1
    words = words[end[words] - start[words] <= _MARGIN]
    known = np.isin(_pack(raw, start[words], end[words]), _ABBREVIATIONS)
    abbreviated: Ints = words[known]
    return abbreviated


def _pack(raw: Bytes, start: Ints, end: Ints) -> NDArray[np.uint64]:
    """Words of up to eight bytes, in small letters, as numbers."""
    packed = np.zeros(len(start), np.uint64)
    for byte in range(_MARGIN):
        letter = np.where(start + byte < end, raw[np.minimum(start + byte, len(raw) - 1)] | 0x20, 0)
        packed = packed << np.uint64(8) | letter.astype(np.uint64)
    return packed


def _read_abbreviations() -> NDArray[np.uint64]:
    words = (files("transforms.tag") / "data" / "abbreviations.txt").read_text("utf-8").split()
    return np.array([int.from_bytes(word.lower().encode().ljust(_MARGIN, b"\0")) for word in words], np.uint64)


_ABBREVIATIONS = _read_abbreviations()
