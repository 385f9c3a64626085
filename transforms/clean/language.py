"""The language of a text, by cld2."""

import pycld2

UNSURE = "und"

# cld2's names that ISO 639-1 has replaced, and what its other names are to it.
_TO_ISO = {"iw": "he", "jw": "jv", "zh-Hant": "zh", "sr-ME": "sr"}
_FROM_ISO = {"he": "iw", "jv": "jw", "nb": "no"}
_KNOWN = frozenset(code for _, code in pycld2.LANGUAGES if len(code) == 2)


def detect_language(text: str, declared: str = "") -> tuple[str, float]:
    """ISO 639-1 code and score, the share of the text in that language; `und` and 0 where cld2 is unsure.

    The text is clean (`clean_text`): cld2 refuses control characters. The declared language is a hint that
    decides close calls, and where cld2 stays unsure its best guess counts if it is the declared one. English is
    no hint: feeds in any language declare it, because their software does.
    """
    hint = _hint(declared)
    code, score = _detect(text, {"hintLanguage": hint} if hint else {})
    if hint and code == UNSURE:
        guess, its_score = _detect(text, {"bestEffort": True})
        if guess == _TO_ISO.get(hint, hint):
            return guess, its_score
    return code, score


def _hint(declared: str) -> str:
    code = declared.strip()[:3].lower().partition("-")[0].partition("_")[0]
    code = _FROM_ISO.get(code, code)
    return code if code in _KNOWN and code != "en" else ""


def _detect(text: str, options: dict[str, str | bool]) -> tuple[str, float]:
    reliable, _, found = pycld2.detect(text, isPlainText=True, **options)
    _, code, percent, _ = found[0]
    code = _TO_ISO.get(code, code)
    if not reliable or code == "un" or len(code) != 2:
        return UNSURE, 0.0
    return code, percent / 100
