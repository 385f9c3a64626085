"""Words that were broken at the ends of lines."""

import re

_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40}+)[-\u2010\u00ad]\n[ \t]*+([^\W\d_]{2,40}+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FEWEST = 3  # broken words, from which a text was typeset so
_SOFT = "\u00ad"


def mend_words(text: str) -> str:
    """The text with words broken at line ends put together, where it is known to be typeset with such breaks.

    A hyphen that the word has elsewhere in the text, or between two words of the text, stays.
    """
    broken = _BROKEN.findall(text)
    if len(broken) < _FEWEST and _SOFT not in text:
        return text
    words = set(_WORD.findall(text.casefold()))
    return _BROKEN.sub(lambda found: _mend(found, words, len(broken) >= _FEWEST), text)


def _mend(found: re.Match[str], words: set[str], is_typeset: bool) -> str:
    first, second = found.groups()
    whole = f"{first}{second}".casefold()
    is_soft = _SOFT in found.group()
    if not second[0].islower() or not (is_soft or is_typeset):
        return found.group()
    has_hyphen = f"{first}-{second}".casefold() in words
    if not is_soft and whole not in words and has_hyphen:
        return found.group()
    return f"\n{first}{second}"  # where its line was full enough
