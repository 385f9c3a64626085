"""An automaton over names in many scripts: where a name may begin and end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from transforms.tag.text import Bytes, Flags, Hits, Ints, find_words

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")  # Thai to Burmese, Japanese, Chinese
_JOINED = re.compile(r"[\uac00-\ud7a3]")  # Korean writes particles together with the word before


class Pattern(NamedTuple):
    """Bytes to look for in spaced-out text."""

    text: bytes
    before: int = 1  # bytes that stand before the name: a delimiter, a preposition
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """An automaton over some of the patterns."""

    automaton: BytesAhoCorasick
    pattern: Ints  # of each of its own: the number among all patterns
    before: Ints
    open_ended: Flags

    def find(self, data: Bytes) -> Hits:
        """The names in spaced-out text."""
        hits = find_words(self.automaton, data, self.open_ended)
        own = hits.pattern
        named = Hits(hits.start - 1 + self.before[own], hits.end, self.pattern[own], hits.follows)
        inside = self.open_ended[own]
        return named.filter(~(inside & _in_katakana(data, named))) if inside.any() else named


def to_pattern(text: bytes, name: str, before: str = "") -> Pattern:
    """A name, with what is written together with it before; `text` is both as a delimiter and spaced-out bytes.

    Where words are not spaced a name stands anywhere.
    """
    if _UNSPACED.match(name):
        return Pattern(text[1:], before=0, open_ended=True)
    return Pattern(text, 1 + len(before.encode()), bool(_JOINED.match(name)))


def build_search(patterns: Sequence[Pattern], chosen: Sequence[int]) -> Search:
    """Compile the chosen patterns. The longest match wins, so a longer name hides those within it."""
    own = [patterns[number] for number in chosen]
    texts, before, open_ended = zip(*own, strict=True)
    automaton = BytesAhoCorasick(texts, matchkind=MatchKind.LeftmostLongest)
    return Search(automaton, np.array(chosen), np.array(before), np.array(open_ended))


def _in_katakana(data: Bytes, hits: Hits) -> Flags:
    """Whether a word in katakana goes on before or after: `タイ` (Thailand) in `タイトル` (title)."""
    padded = np.concatenate([np.zeros(3, np.uint8), data, np.zeros(3, np.uint8)])
    before, first, last, after = (
        _is_katakana(padded, at + 3) for at in (hits.start - 3, hits.start, hits.end - 3, hits.end)
    )
    inside: Flags = (before & first) | (last & after)
    return inside


def _is_katakana(data: Bytes, at: Ints) -> Flags:
    """Whether UTF-8 has a letter of U+30A0 to U+30FF there; the dot between words (U+30FB) is none."""
    lead, second, third = data[at], data[at + 1], data[at + 2]
    letter: Flags = (lead == 0xE3) & (((second == 0x82) & (third >= 0xA0)) | ((second == 0x83) & (third != 0xBB)))
    return letter
