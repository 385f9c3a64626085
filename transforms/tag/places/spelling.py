"""Names as keys: the same for `São Paulo` and `SAO PAULO`, for `St. Louis` and `Saint Louis`."""

import re
import unicodedata

_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"})
_LEFT_OUT = str.maketrans(dict.fromkeys(".'’‘`ʻʼ") | {"-": " ", "‑": " ", "–": " "})
_ARTICLE_OR_SAINT = re.compile(r"^the |\bst(?= )")
# Shorter keys keep their capitals: `US` and `us`, `LA` and `La`.
_SHORT = 3


def fold(name: str) -> str:
    """The key of a name: no case, marks, dots, apostrophes or hyphens, `Saint` for `St`, no article."""
    bare = name.translate(_LEFT_OUT)
    if len(bare) <= _SHORT:
        return bare
    plain = bare.lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)
    return _ARTICLE_OR_SAINT.sub(_spell_out, plain) if "st " in plain or plain.startswith("the ") else plain


def _spell_out(found: re.Match[str]) -> str:
    return "saint" if found[0] == "st" else ""
