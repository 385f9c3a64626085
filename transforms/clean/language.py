"""The language of a text, by cld2."""

import pycld2

UNSURE = "und"

# cld2's names that ISO 639-1 has replaced.
_RENAMED = {"iw": "he", "jw": "jv", "zh-Hant": "zh", "sr-ME": "sr"}
_HINTS = {"he": "iw", "jv": "jw", "nb": "no"}
_HINTABLE = frozenset(code for _, code in pycld2.LANGUAGES if len(code) == 2)


def detect_language(text: str, declared: str = "") -> tuple[str, float]:
    """ISO 639-1 code and score, the share of the text in that language; `und` and 0 where cld2 is unsure.

    The text is clean (`clean_text`): cld2 refuses control characters. The declared language is a hint that
    decides close calls. English is not: feeds in any language declare it, because their software does.
    """
    hint = _hint(declared)
    if hint:
        reliable, _, found = pycld2.detect(text, isPlainText=True, hintLanguage=hint)
    else:
        reliable, _, found = pycld2.detect(text, isPlainText=True)
    _, code, percent, _ = found[0]
    code = _RENAMED.get(code, code)
    if not reliable or code == "un" or len(code) != 2:
        return UNSURE, 0.0
    return code, percent / 100


def _hint(declared: str) -> str:
    code = declared.strip()[:3].lower().partition("-")[0].partition("_")[0]
    code = _HINTS.get(code, code)
    return code if code in _HINTABLE and code != "en" else ""
