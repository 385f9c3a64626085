"""Counting words."""

import re

_UNSPACED = frozenset(("ja", "zh"))
_WRITTEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]|[a-zA-Z0-9]+")


def count_words(text: str, language: str) -> int:
    """The words of a clean text; in Chinese and Japanese, each Han or Kana character and each Latin word."""
    if language in _UNSPACED:
        return len(_WRITTEN.findall(text))
    # Clean text has single spaces, and lines or paragraphs between words: counted in a third of split's time.
    return text.count(" ") + text.count("\n") - text.count("\n\n") + 1 if text else 0
